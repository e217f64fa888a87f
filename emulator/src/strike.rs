//! Makes an answer go wrong.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::body::{self, Body, HttpBody as _};
use axum::response::Response;
use bytes::Bytes;
use futures_util::{StreamExt as _, future, stream};
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;

use crate::crypto::{SIGNED, sign};
use crate::envelope::{Envelope, json_response};
use crate::faults::Fault;
use crate::server::CutConnection;

const GARBAGE: &str = "<!doctype html><html><head><title>502 Bad Gateway</title></head>\
    <body><h1>Bad Gateway</h1></body></html>";
/// What was sent has to leave the machine before the connection is cut.
const BEFORE_CUT: Duration = Duration::from_millis(50);

/// The delay of [`Fault::Slow`].
pub async fn slow(seconds: f64) {
    tokio::time::sleep(Duration::try_from_secs_f64(seconds).unwrap_or_default()).await;
}

/// What the fault makes of a request; `response` is the right answer, when the request was carried out.
pub async fn strike(fault: Fault, envelope: Envelope, response: Option<Response>) -> Response {
    match fault {
        Fault::Status {
            status,
            code,
            message,
            retry_after,
        } => failure(envelope, status, code, message, retry_after),
        Fault::Garbage {
            status,
            content_type,
            body,
        } => garbage(status, content_type.as_deref(), body),
        Fault::Cut {} => {
            let mut response = Response::new(Body::empty());
            response.extensions_mut().insert(CutConnection);
            response
        }
        Fault::Hang {} => match future::pending::<Infallible>().await {},
        Fault::TokenRefused {} => failure(envelope, 401, None, None, None),
        Fault::Truncate {} => truncate(response.unwrap_or_default()).await,
        Fault::WrongSign {} => {
            let mut response = response.unwrap_or_default();
            if let Ok(wrong) = HeaderValue::from_str(&sign(b"something else")) {
                response.headers_mut().insert(SIGNED, wrong);
            }
            response
        }
        Fault::Slow { .. } => response.unwrap_or_default(),
    }
}

fn failure(envelope: Envelope, status: u16, code: Option<i64>, message: Option<String>, retry_after: Option<Value>) -> Response {
    let message = message.unwrap_or_else(|| "a fault that was ordered".to_owned());
    let envelope = envelope.failure(code.unwrap_or(status.into()), &message);
    let mut response = json_response(valid(status), &envelope);
    let retry_after = retry_after.map(|after| match after {
        Value::String(date) => date,
        other => other.to_string(),
    });
    if let Some(Ok(value)) = retry_after.map(|after| HeaderValue::from_str(&after)) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

fn garbage(status: Option<u16>, content_type: Option<&str>, body: Option<String>) -> Response {
    let mut response = Response::new(Body::from(body.unwrap_or_else(|| GARBAGE.to_owned())));
    *response.status_mut() = valid(status.unwrap_or(200));
    if let Ok(value) = HeaderValue::from_str(content_type.unwrap_or("text/html")) {
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    response
}

fn valid(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Announces the whole answer and sends half of it.
async fn truncate(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let size = body.size_hint().exact().unwrap_or_default();
    let whole = body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.insert(header::CONTENT_LENGTH, size.into());
    let half = whole.slice(..whole.len() / 2);
    let cut = stream::once(async {
        tokio::time::sleep(BEFORE_CUT).await;
        Err(io::Error::other("cut on demand"))
    });
    let body = Body::from_stream(stream::iter([Ok::<Bytes, io::Error>(half)]).chain(cut));
    Response::from_parts(parts, body)
}
