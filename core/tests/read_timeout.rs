//! `read_timeout`: how long the server may be silent, counted from the last byte in either direction.
#![allow(clippy::unwrap_used)]

use std::future::IntoFuture as _;
use std::sync::Arc;
use std::time::Duration;

use airudder::{
    Client, ErrorKind, FileSource, RawRequest, Settings, Transport, TransportBody, TransportError, TransportRequest, TransportResponse,
    UploadFile,
};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, StreamExt as _};
use http::StatusCode;
use serde_json::json;
use tokio::time::sleep;

/// A network that takes each chunk of a body in 0.2 s.
struct Slow {
    /// How many chunks it takes before it takes no more.
    chunks: usize,
    /// Whether the answer stops after its head.
    stalls: bool,
}

impl Transport for Slow {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        async move {
            if request.url.path().ends_with("/auth") {
                return Ok(TransportResponse::new(StatusCode::OK, r#"{"code":200,"data":{"token":"t"}}"#));
            }
            let mut bytes = 0;
            if let TransportBody::Stream(mut body) = request.body {
                let mut taken = 0;
                while let Some(chunk) = body.next().await {
                    bytes += chunk?.len();
                    taken += 1;
                    if taken > self.chunks {
                        return std::future::pending().await;
                    }
                    sleep(Duration::from_millis(200)).await;
                }
            }
            let announced = request
                .headers
                .get("content-length")
                .map(|length| length.to_str().unwrap().to_owned());
            assert_eq!(announced, Some(bytes.to_string()));
            let mut response = TransportResponse::new(StatusCode::OK, r#"{"code":200,"data":null}"#);
            if self.stalls {
                response.body = Box::pin(futures_util::stream::pending());
            }
            Ok(response)
        }
        .boxed()
    }
}

fn client(network: Slow) -> Client {
    let settings = Settings {
        base_url: Some("http://127.0.0.1".into()),
        read_timeout: Some(0.5),
        ..Settings::default()
    };
    Client::with_transport(settings, Arc::new(network)).unwrap()
}

/// A body of a megabyte, which makes phones ring.
fn large() -> RawRequest {
    RawRequest {
        method: "POST".into(),
        path: "/push".into(),
        body: Some(json!({"x": "x".repeat(1 << 20)})),
        ..RawRequest::default()
    }
}

#[tokio::test(start_paused = true)]
async fn a_large_body_that_still_flows_is_no_silence() {
    let flowing = Slow {
        chunks: usize::MAX,
        stalls: false,
    };
    client(flowing).raw(large()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_taken_no_further_is_silence() {
    let stuck = Slow { chunks: 3, stalls: false };
    let error = client(stuck).raw(large()).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::Timeout, true));
    assert!(error.to_string().contains("`read_timeout`"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_upload_whose_answer_stops_after_its_head_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("picture.png");
    std::fs::write(&path, vec![7; 1 << 20]).unwrap();
    for file in [FileSource::from(path), FileSource::bytes(vec![7; 1 << 20], "picture.png")] {
        let stalling = Slow {
            chunks: usize::MAX,
            stalls: true,
        };
        let upload = client(stalling).chatbot().upload_file(file, UploadFile::new());
        let error = tokio::time::timeout(Duration::from_mins(1), upload.into_future())
            .await
            .unwrap()
            .unwrap_err();
        assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::Timeout, true));
    }
}

/// Never answers.
struct Silent;

impl Transport for Silent {
    fn send(&self, _: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        std::future::pending().boxed()
    }
}

#[tokio::test(start_paused = true)]
async fn the_defaults_are_those_that_the_platform_recommends() {
    let client = Client::with_transport(
        Settings {
            base_url: Some("http://127.0.0.1".into()),
            ..Settings::default()
        },
        Arc::new(Silent),
    );
    let begun = tokio::time::Instant::now();
    let error = client
        .unwrap()
        .tasks()
        .robots()
        .extra_header("authorization", "Token t")
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    assert_eq!(begun.elapsed().as_secs(), 150);
    assert!(error.to_string().contains("before the call's deadline"), "{error}");
}
