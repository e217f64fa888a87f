//! HTTP/2, by hyper.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Request, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};

use super::answers::{Answer, Answers, Asked};
/// As HTTP/2 writes them.
const ENCRYPTED: HeaderName = HeaderName::from_static("is-encrypted");
const SIGN: HeaderName = HeaderName::from_static("signed");

/// Answers the requests of a connection until it ends, which is its client's concern.
pub(super) async fn serve(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static, answers: Arc<Answers>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let answers = Arc::clone(&answers);
        async move {
            let asked = Asked {
                path: request.uri().path(),
                is_encrypted: request.headers().get(ENCRYPTED).is_some_and(|value| value == "1"),
                has_token: request.headers().contains_key(AUTHORIZATION),
            };
            let answer = response(answers.to(&asked));
            // A body that nobody reads would hold the stream's window.
            drop(request);
            Ok::<_, Infallible>(answer)
        }
    });
    let _ = http2::Builder::new(TokioExecutor::new())
        .max_concurrent_streams(256)
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(1 << 24)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

fn response(answer: &Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body.clone()));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(signed) = answer.signed.as_ref().and_then(|signed| HeaderValue::try_from(signed).ok()) {
        headers.insert(ENCRYPTED, HeaderValue::from_static("1"));
        headers.insert(SIGN, signed);
    }
    response
}
