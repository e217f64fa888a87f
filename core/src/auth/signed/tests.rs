//! Signed calls against a real server.
#![allow(clippy::unwrap_used)]

use std::pin::Pin;
use std::sync::Mutex;

use axum::Router;
use axum::body::Bytes as Sent;
use axum::http::{HeaderMap, StatusCode};
use serde_json::json;

use super::*;
use crate::error::ErrorKind;
use crate::generated::models::tasks::CreatedTask;
use crate::generated::shapes;
use crate::schema::{AuthScheme, Location, Method, Operation, Retry, Source};
use crate::{Case, Client, Settings, SignError};

static SEND: Operation = Operation {
    id: "tests.send",
    family: "tests",
    name: "send",
    method: Method::Post,
    path: "/api/v1/send",
    source: Source::Assumed,
    retry: Retry::Once,
    auth: AuthScheme::Sign,
    location: Location::Body,
    params: Some(&shapes::STOP_TASK),
    constants: &[],
    answer: Some(&shapes::CREATED_TASK),
    download: None,
    upload: None,
    paging: None,
    page: "Chatbot > Send",
    pages: &["Chatbot > Send"],
    summary: "Send a message",
};

const REQUEST_ID: &str = "0f8fad5bd9cb469fa165708667284a2c";

type Requests = Arc<Mutex<Vec<(String, HeaderMap, Sent)>>>;

async fn serve(status: u16, code: i64, message: &str) -> (String, Requests) {
    let requests = Requests::default();
    let log = requests.clone();
    let body = json!({"request_id": REQUEST_ID, "code": code, "message": message, "data": {"TaskID": "t1"}}).to_string();
    let router = Router::new().fallback(move |uri: axum::http::Uri, headers: HeaderMap, sent: Sent| {
        let (log, body) = (log.clone(), body.clone());
        async move {
            log.lock().unwrap().push((uri.to_string(), headers, sent));
            (StatusCode::from_u16(status).unwrap(), body)
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (base_url, requests)
}

fn client(base_url: &str, settings: Settings) -> Client {
    Client::new(Settings {
        base_url: Some(base_url.to_owned()),
        app_key: Some("key".into()),
        app_secret: Some("secret".into()),
        max_retries: Some(1),
        ..settings
    })
    .unwrap()
}

async fn call(client: &Client) -> Result<CreatedTask, Error> {
    client
        .call(&SEND, client.input_json(&SEND, Case::Snake, r#"{"task_id": "t1"}"#))
        .await
}

fn with_signer(signer: impl Signer) -> Settings {
    Settings {
        signer: Some(Arc::new(signer)),
        ..Settings::default()
    }
}

#[tokio::test]
async fn the_body_is_signed_and_no_token_is_fetched() {
    let (base_url, requests) = serve(200, 200, "Success").await;
    let settings = Settings {
        sign_key: Some("0123456789abcdef0123456789abcdef".into()),
        sign_secret: Some("key".into()),
        ..Settings::default()
    };
    assert_eq!(call(&client(&base_url, settings)).await.unwrap().task_id, "t1");
    let requests = requests.lock().unwrap();
    let [(_, headers, body)] = &requests[..] else {
        unreachable!("one request: {}", requests.len())
    };
    assert_eq!(body, r#"{"TaskID":"t1"}"#);
    assert_eq!(headers["x-airudder-sign-key"], "0123456789abcdef0123456789abcdef");
    // printf '{"TaskID":"t1"}' | openssl dgst -sha256 -hmac key
    assert_eq!(
        headers["x-airudder-sign"],
        "f5534b9c51af6fa64fa8fb95b18b4cc2a29b3d734afd1c8b252ad7447a9ecc6c"
    );
    assert!(!headers.contains_key("authorization"));
}

#[tokio::test]
async fn on_a_loopback_address_the_emulator_knows_the_key_and_the_secret() {
    let (base_url, requests) = serve(200, 200, "Success").await;
    call(&client(&base_url, Settings::default())).await.unwrap();
    let requests = requests.lock().unwrap();
    assert_eq!(requests[0].1["x-airudder-sign-key"], "0".repeat(32));
    let mut mac = Hmac256::new(&"emulator".into()).unwrap();
    mac.update(&requests[0].2);
    assert_eq!(requests[0].1["x-airudder-sign"], mac.finish());
}

#[tokio::test]
async fn what_is_missing_is_missed_by_the_first_signed_call_and_named() {
    let elsewhere = "http://airudder.invalid";
    let error = call(&client(elsewhere, Settings::default())).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts(), error.operation()),
        (ErrorKind::Configuration, 0, Some("tests.send"))
    );
    assert!(
        error.to_string().contains("`sign_key` is missing") && error.to_string().contains("AIRUDDER_SIGN_KEY"),
        "{error}"
    );
    let keyed = || Settings {
        sign_key: Some("k".repeat(32)),
        ..Settings::default()
    };
    let error = call(&client(elsewhere, keyed())).await.unwrap_err();
    assert!(error.to_string().contains("`sign_secret` is missing"), "{error}");
    assert!(
        error.to_string().contains("AIRUDDER_SIGN_SECRET") && error.to_string().contains("`signer`"),
        "{error}"
    );
    let blank = Settings {
        sign_secret: Some(" ".into()),
        app_key: Some("key".into()),
        app_secret: Some("secret".into()),
        ..keyed()
    };
    assert_eq!(Client::new(blank).unwrap_err().kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn a_signer_of_ones_own_takes_the_place_of_the_secret() {
    let (base_url, requests) = serve(200, 200, "Success").await;
    let settings = with_signer(|request: &Unsigned| {
        assert!(!format!("{request:?}").contains("t1") && !format!("{request:?}").contains(&request.sign_key));
        let body = String::from_utf8_lossy(request.body.as_ref().unwrap()).into_owned();
        Ok(format!(
            "{} {} {} {}",
            request.method,
            request.path,
            request.sign_key.len(),
            body.len()
        ))
    });
    call(&client(&base_url, settings)).await.unwrap();
    assert_eq!(requests.lock().unwrap()[0].1["x-airudder-sign"], "POST /api/v1/send 32 15");
}

struct Slow;

impl Signer for Slow {
    fn sign<'a>(&'a self, _: &'a Unsigned) -> Pin<Box<dyn Future<Output = Result<String, SignError>> + Send + 'a>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn a_signer_that_fails_or_never_answers_ends_the_call_before_anything_is_sent() {
    let (base_url, requests) = serve(200, 200, "Success").await;
    let failing = with_signer(|request: &Unsigned| {
        Err(SignError::new(format!(
            "no {} for +62 812-3000-1111 at https://x.example",
            request.sign_key
        )))
    });
    let error = call(&client(&base_url, failing)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(
        error.to_string().contains("`signer` failed: no [redacted] for [number] at [link]"),
        "{error}"
    );

    let error = call(&client(&base_url, with_signer(|_: &Unsigned| Ok("a\nb".to_owned()))))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("cannot stand in a header"), "{error}");

    let client = client(&base_url, with_signer(Slow));
    let request = client.call::<CreatedTask>(&SEND, client.input_json(&SEND, Case::Snake, r#"{"task_id": "t1"}"#));
    let error = request.timeout(0.1).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::Timeout, false));
    assert!(error.to_string().contains("was not sent"), "{error}");
    assert!(requests.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_refusal_is_told_once_with_its_request_id_and_without_the_secrets() {
    let (base_url, requests) = serve(401, 401, "sign canary-sign of canary-sign-key is not canary-sign-secret's").await;
    let settings = Settings {
        sign_key: Some("canary-sign-key".into()),
        sign_secret: Some("canary-sign-secret".into()),
        ..with_signer(|_: &Unsigned| Ok("canary-sign".to_owned()))
    };
    assert!(!format!("{settings:?}").contains("canary"));
    let error = call(&client(&base_url, settings)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts(), requests.lock().unwrap().len()),
        (ErrorKind::Authentication, 1, 1)
    );
    assert_eq!(error.request_id(), Some(REQUEST_ID));
    assert!(error.to_string().contains("`sign_key` and `sign_secret`"), "{error}");
    assert!(
        !error.to_string().contains("canary") && !format!("{error:?}").contains("canary"),
        "{error}"
    );
}

#[tokio::test]
async fn a_path_that_is_only_assumed_says_so_here_too() {
    for (source, word) in [(Source::Assumed, "assumed"), (Source::Reported, "reported")] {
        for status in [404, 405] {
            let (base_url, _) = serve(status, status.into(), "no such path").await;
            let client = client(&base_url, Settings::default());
            let operation: &'static Operation = Box::leak(Box::new(Operation {
                source,
                params: None,
                location: Location::None,
                paging: None,
                upload: None,
                ..SEND
            }));
            let error = client
                .call::<CreatedTask>(operation, crate::model::Input::none())
                .await
                .unwrap_err();
            assert_eq!(error.kind(), ErrorKind::AssumedRoute);
            assert_eq!(error.request_id(), Some(REQUEST_ID));
            for part in [word, "Chatbot > Send", "POST /api/v1/send", "routes"] {
                assert!(error.to_string().contains(part), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn an_error_code_with_http_200_is_an_error_here_too() {
    let (base_url, _) = serve(200, 41007, "out of the 24 hour window").await;
    let error = call(&client(&base_url, Settings::default())).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.api_code(), error.request_id()),
        (ErrorKind::Api, Some(41007), Some(REQUEST_ID))
    );
}

#[tokio::test]
async fn signed_calls_go_in_clear_whatever_the_encryption() {
    let (base_url, requests) = serve(200, 200, "Success").await;
    let settings = Settings {
        encryption_key: Some("airudderredduria".into()),
        ..Settings::default()
    };
    call(&client(&base_url, settings)).await.unwrap();
    let requests = requests.lock().unwrap();
    assert_eq!(requests[0].2, r#"{"TaskID":"t1"}"#);
    assert!(!requests[0].1.contains_key("is-encrypted"));
}

#[tokio::test]
async fn raw_calls_of_the_chatbot_api_are_signed_like_the_others() {
    let (base_url, requests) = serve(200, 200, "Success").await;
    let client = client(&base_url, with_signer(|_: &Unsigned| Ok("sign".to_owned())));
    let request = crate::RawRequest {
        method: "post".into(),
        path: "/api/v1/unknown".into(),
        body: Some(json!({"a": 1})),
        ..Default::default()
    };
    assert_eq!(client.raw(request).await.unwrap().data, json!({"TaskID": "t1"}));
    let requests = requests.lock().unwrap();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].1["x-airudder-sign"], "sign");
    assert!(!requests[0].1.contains_key("authorization"));
}
