//! Calls that are signed instead of carrying a token.
#![allow(clippy::unwrap_used)]

mod support;

use std::pin::Pin;
use std::sync::Arc;

use airudder::{Acknowledgement, Client, Error, ErrorKind, RawRequest, Settings, SignError, Signer, Unsigned};
use serde_json::json;
use support::{SentLog, in_memory_with};

const REQUEST_ID: &str = "0f8fad5bd9cb469fa165708667284a2c";

fn answering(settings: Settings, status: u16, code: i64, message: &str) -> (Client, SentLog) {
    let body = json!({"request_id": REQUEST_ID, "code": code, "message": message, "data": {"x": "y"}}).to_string();
    in_memory_with(settings, move |_, _| (status, body.clone()))
}

fn succeeding(settings: Settings) -> (Client, SentLog) {
    answering(settings, 200, 200, "Success")
}

async fn call(client: &Client) -> Result<Acknowledgement, Error> {
    client.chatbot().end_session("c1").await
}

fn with_signer(signer: impl Signer) -> Settings {
    Settings {
        signer: Some(Arc::new(signer)),
        ..Settings::default()
    }
}

#[tokio::test]
async fn the_body_is_signed_and_no_token_is_fetched() {
    for (settings, key, signature) in [
        (
            Settings {
                sign_key: Some("0123456789abcdef0123456789abcdef".into()),
                sign_secret: Some("key".into()),
                ..Settings::default()
            },
            "0123456789abcdef0123456789abcdef",
            // printf '{"call_id":"c1"}' | openssl dgst -sha256 -hmac key
            "a6dc848495ecb4f429d5775759b7b1b0ac7ae36dd8182a6497c8c72dde514756",
        ),
        // On a loopback address, the key and secret of the emulator.
        (
            Settings::default(),
            "00000000000000000000000000000000",
            // printf '{"call_id":"c1"}' | openssl dgst -sha256 -hmac emulator
            "d268681364c28d24d028237a3a369362ebce8747afadb630bb69cf206ffb5c15",
        ),
        // Signed calls are never encrypted.
        (
            Settings {
                encryption_key: Some("airudderredduria".into()),
                ..Settings::default()
            },
            "00000000000000000000000000000000",
            "d268681364c28d24d028237a3a369362ebce8747afadb630bb69cf206ffb5c15",
        ),
    ] {
        let (client, log) = succeeding(settings);
        call(&client).await.unwrap();
        let log = log.lock().unwrap();
        assert_eq!((log.len(), log[0].body.as_str()), (1, r#"{"call_id":"c1"}"#));
        assert_eq!(log[0].header("x-airudder-sign-key"), Some(key));
        assert_eq!(log[0].header("x-airudder-sign"), Some(signature));
        assert_eq!((log[0].header("authorization"), log[0].header("is-encrypted")), (None, None));
    }
}

#[tokio::test]
async fn a_missing_key_or_secret_is_named_by_the_first_signed_call() {
    let elsewhere = |sign_key: Option<String>, sign_secret: Option<&str>| {
        Client::new(Settings {
            base_url: Some("https://airudder.invalid".into()),
            app_key: Some("key".into()),
            app_secret: Some("secret".into()),
            sign_key,
            sign_secret: sign_secret.map(str::to_owned),
            ..Settings::default()
        })
    };
    let key = || Some("k".repeat(32));
    for (sign_key, words) in [
        (None, &["`sign_key` is missing", "AIRUDDER_SIGN_KEY"][..]),
        (key(), &["`sign_secret` is missing", "AIRUDDER_SIGN_SECRET", "`signer`"]),
    ] {
        let error = call(&elsewhere(sign_key, None).unwrap()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts(), error.operation()),
            (ErrorKind::Configuration, 0, Some("chatbot.end_session"))
        );
        assert!(words.iter().all(|word| error.to_string().contains(word)), "{error}");
    }
    assert_eq!(elsewhere(key(), Some(" ")).unwrap_err().kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn a_signer_replaces_the_secret() {
    let (client, log) = succeeding(with_signer(|request: &Unsigned| {
        let shown = format!("{request:?}");
        assert!(!shown.contains("c1") && !shown.contains(&request.sign_key));
        let body = request.body.as_ref().unwrap();
        Ok(format!(
            "{} {} {} {}",
            request.method,
            request.path,
            request.sign_key.len(),
            body.len()
        ))
    }));
    call(&client).await.unwrap();
    assert_eq!(
        log.lock().unwrap()[0].header("x-airudder-sign"),
        Some("POST /api/v1/session/close 32 16")
    );
}

struct Stuck;

impl Signer for Stuck {
    fn sign<'a>(&'a self, _: &'a Unsigned) -> Pin<Box<dyn Future<Output = Result<String, SignError>> + Send + 'a>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn a_signer_that_fails_or_never_answers_ends_the_call_before_anything_is_sent() {
    let failing = with_signer(|request: &Unsigned| {
        let key = &request.sign_key;
        Err(SignError::new(format!("no {key} for +62 812-3000-1111 at https://x.example")))
    });
    let no_header = with_signer(|_: &Unsigned| Ok("a\nb".to_owned()));
    for (settings, kind, words) in [
        (
            failing,
            ErrorKind::Configuration,
            "`signer` failed: no [redacted] for [number] at [link]",
        ),
        (no_header, ErrorKind::Configuration, "cannot stand in a header"),
        (with_signer(Stuck), ErrorKind::Timeout, "was not sent"),
    ] {
        let (client, log) = succeeding(settings);
        let error = client.chatbot().end_session("c1").timeout(0.5).await.unwrap_err();
        assert_eq!((error.kind(), error.may_have_been_applied()), (kind, false));
        assert!(error.to_string().contains(words), "{error}");
        assert!(log.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_refusal_is_not_repeated_and_names_its_request_without_the_secrets() {
    let settings = Settings {
        sign_key: Some("canary-sign-key".into()),
        sign_secret: Some("canary-sign-secret".into()),
        ..with_signer(|_: &Unsigned| Ok("canary-sign".to_owned()))
    };
    assert!(!format!("{settings:?}").contains("canary"));
    let message = "sign canary-sign of canary-sign-key is not canary-sign-secret's";
    let (client, log) = answering(settings, 401, 401, message);
    let error = call(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Authentication, 1));
    assert_eq!(log.lock().unwrap().len(), 1);
    assert_eq!(error.request_id(), Some(REQUEST_ID));
    assert!(error.to_string().contains("`sign_key` and `sign_secret`"), "{error}");
    assert!(
        !error.to_string().contains("canary") && !format!("{error:?}").contains("canary"),
        "{error}"
    );
}

#[tokio::test]
async fn an_unknown_path_is_an_assumed_route_here_too() {
    for status in [404, 405] {
        let (client, _) = answering(Settings::default(), status, status.into(), "no such path");
        let error = call(&client).await.unwrap_err();
        assert_eq!((error.kind(), error.request_id()), (ErrorKind::AssumedRoute, Some(REQUEST_ID)));
        for part in ["assumed", "Chatbot English > End session", "POST /api/v1/session/close", "routes"] {
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}

#[tokio::test]
async fn an_error_code_with_http_200_is_an_error_here_too() {
    let (client, _) = answering(Settings::default(), 200, 41007, "out of the 24 hour window");
    let error = call(&client).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.api_code(), error.request_id()),
        (ErrorKind::Api, Some(41007), Some(REQUEST_ID))
    );
}

#[tokio::test]
async fn raw_calls_of_the_chatbot_api_are_signed_too() {
    let (client, log) = succeeding(with_signer(|_: &Unsigned| Ok("sign".to_owned())));
    let request = RawRequest {
        method: "post".into(),
        path: "/api/v1/unknown".into(),
        body: Some(json!({"a": 1})),
        ..RawRequest::default()
    };
    assert_eq!(client.raw(request).await.unwrap().data, json!({"x": "y"}));
    let log = log.lock().unwrap();
    assert_eq!(log.len(), 1);
    assert_eq!(
        (log[0].header("x-airudder-sign"), log[0].header("authorization")),
        (Some("sign"), None)
    );
}
