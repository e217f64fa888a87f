//! Plants secrets and people's data everywhere and looks for them in every log, `Debug` and error text.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::Write;
use std::sync::{Arc, Mutex};

use airudder::{CallOptions, Client, CollectionContact, CreateTask, RawRequest, Settings};
use serde_json::json;
use support::{Reaction, answer, serve, settings};
use tracing_subscriber::fmt::MakeWriter;

const CANARIES: &[&str] = &[
    support::TOKEN,
    "canary-key",
    "canary-secret",
    "canarycipherkey1",
    "81230001111",
    "Budi Canary",
    "canary.example/recording",
    "canary-extra",
    "canary-header",
    "canary-variable",
    "Jalan Canary",
];

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Written {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn assert_clean(what: &str, text: &str) {
    for canary in CANARIES {
        assert!(!text.contains(canary), "{what} shows {canary}: {text}");
    }
}

fn task() -> CreateTask {
    let contact = CollectionContact::new("+6281230001111")
        .debtor("Budi Canary")
        .extra_field("secret_variable", "canary-variable")
        .extra_field("address", "Jalan Canary 1234567");
    CreateTask::new("name", "2026-11-23 09:00:00", "2026-11-23 18:00:00", "1001", vec![contact])
}

fn options() -> CallOptions {
    let extra = json!({"x": "canary-extra"}).as_object().unwrap().clone();
    CallOptions {
        extra_query: extra.clone(),
        extra_body: extra,
        extra_headers: [("x-own".to_owned(), "canary-header".to_owned())].into(),
        ..CallOptions::default()
    }
}

/// Answers that quote the request, as servers do.
fn play(request: &str) -> Reaction {
    let quote = r#"{"code":40012,"status":"Bad","message":"Budi Canary +6281230001111 canary-variable canary-extra Jalan Canary 1234567 see https://canary.example/recording/1"}"#;
    if request.starts_with("POST /service/cloud/task") {
        Reaction::Write(answer("400 Bad Request", "application/json", quote.as_bytes()))
    } else if request.starts_with("GET /service/cloud/call") {
        let call = r#"{"code":200,"status":"OK","data":{"callid":"c1","callee":"+6281230001111","recording":"https://canary.example/recording/1","variables":{"a":"canary-variable"},"unknown":"canary-extra"}}"#;
        Reaction::Write(answer("200 OK", "application/json", call.as_bytes()))
    } else if request.starts_with("GET /service/cloud/detail") {
        Reaction::Write(answer(
            "200 OK",
            "application/json",
            br#"{"code":200,"data":{"calls":[{"callee":"+6281230001111""#,
        ))
    } else {
        Reaction::WriteAndClose(Vec::new())
    }
}

#[tokio::test]
async fn nothing_that_is_secret_or_personal_is_ever_shown() {
    let logs = Written::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(logs.clone())
        .finish();
    // The client's own spans and events; what other crates log at TRACE is theirs to answer for and off by default.
    let _guard = tracing::subscriber::set_default(tracing_subscriber::layer::SubscriberExt::with(subscriber, OnlyOurs));

    let (address, log) = serve(play).await;
    let settings = Settings {
        app_key: Some("canary-key".into()),
        app_secret: Some("canary-secret".into()),
        max_retries: Some(1),
        ..settings(address)
    };
    assert_clean("the settings", &format!("{settings:?}"));
    let client = Client::new(settings.clone()).unwrap();
    assert_clean("the client", &format!("{client:#?}"));

    let request = client.tasks().create(task()).options(options());
    assert_clean("a request", &format!("{request:#?}"));
    let refused = request.await.unwrap_err();
    assert!(
        refused.api_message().is_some_and(|message| message.contains("see [link]")),
        "{refused}"
    );
    let call = client.tasks().call_by_id("c1").await.unwrap();
    assert_eq!(call.callee.as_deref(), Some("+6281230001111"));
    let truncated = client.tasks().detail("t1").await.unwrap_err();
    let lost = client.tasks().cancel_call("t1", "+6281230001111").await.unwrap_err();
    let raw = client.raw(RawRequest {
        method: "POST".into(),
        path: "/x".into(),
        body: Some(json!({"n": "Budi Canary"})),
        ..RawRequest::default()
    });
    assert_clean("a raw request", &format!("{raw:#?}"));
    let raw = raw.await.unwrap_err();
    let no_plus = client.tasks().cancel_call("t1", "6281230001111").await.unwrap_err();
    let encrypting = Settings {
        encryption_key: Some("canarycipherkey1".into()),
        ..settings
    };
    assert_clean("the settings", &format!("{encrypting:?}"));
    let encrypting = Client::new(encrypting).unwrap();
    assert_clean("the client", &format!("{encrypting:?}"));
    let encrypted = encrypting.tasks().cancel_call("t1", "+6281230001111").await.unwrap_err();
    let short = Client::new(Settings {
        encryption_key: Some("canarycipherkey1x".into()),
        ..Settings::default()
    })
    .unwrap_err();

    for error in [&refused, &truncated, &lost, &raw, &no_plus, &encrypted, &short] {
        assert_clean("an error", &format!("{error} {error:?} {error:#?} {:?}", error.api_message()));
    }
    assert_clean("an answer", &format!("{call:?} {call:#?}"));
    refusals_that_quote_credentials_or_the_token_show_neither().await;
    let logs = String::from_utf8(logs.0.lock().unwrap().clone()).unwrap();
    assert!(logs.contains("tasks.create"), "the spans are there: {logs}");
    assert_clean("a log", &logs);
    assert!(
        log.lock().unwrap().iter().any(|request| request.contains("canary-extra")),
        "the canaries were really sent"
    );
}

struct OnlyOurs;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for OnlyOurs {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: tracing_subscriber::layer::Context<'_, S>) -> bool {
        metadata.target().starts_with("airudder")
    }
}

/// Servers quote what they refuse: here the credentials, and then the token. Part of the one test, for tracing knows one subscriber at a time.
async fn refusals_that_quote_credentials_or_the_token_show_neither() {
    let quote = r#"{"code":401,"status":"Unauthorized","message":"canary-key with canary-secret is unknown"}"#;
    let router = axum::Router::new().fallback(move || async move { quote });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let secrets = Settings {
        app_key: Some("canary-key".into()),
        app_secret: Some("canary-secret".into()),
        ..settings(address)
    };
    let client = Client::new(secrets).unwrap();
    for error in [client.auth().token().await.unwrap_err(), client.tasks().robots().await.unwrap_err()] {
        assert!(error.to_string().contains("is unknown"), "{error}");
        assert_clean("an error", &format!("{error} {error:?} {:?}", error.api_message()));
    }

    let quote = format!(r#"{{"code":403,"status":"Forbidden","message":"{} may not"}}"#, support::TOKEN);
    let (address, _) = serve(move |_| Reaction::Write(support::json(&quote))).await;
    let error = support::client(address).tasks().robots().await.unwrap_err();
    assert!(error.to_string().contains("may not"), "{error}");
    assert_clean("an error", &format!("{error} {error:?} {:?}", error.api_message()));
}
