//! Every kind of event, posted by the emulator over HTTP to a real service of axum: in clear, and encrypted by both schemes.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use airudder::events::SqliteStore;
use airudder::{Authenticated, Client, EventKind, EventRouter, RawRequest, Settings};
use airudder_emulator::settings::Sign;
use airudder_emulator::{Emulator, Encryption, Scheme};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::process::Command;

const KEY: &str = "airudderredduria";

/// What a handler was given: the kind it is for, the kind that the event says, and whether all it holds has a type.
type Received = Arc<Mutex<Vec<(EventKind, Option<EventKind>, bool)>>>;

fn router(folder: &tempfile::TempDir, scheme: Option<&str>, received: &Received) -> EventRouter {
    let client = Client::new(Settings {
        base_url: Some("http://127.0.0.1:1".to_owned()),
        encryption_key: scheme.map(|_| KEY.to_owned()),
        encryption_scheme: scheme.map(str::to_owned),
        ..Settings::default()
    });
    let store = SqliteStore::open(folder.path().join("events.db")).unwrap();
    let router = client.unwrap().events().router(Arc::new(store));
    EventKind::ALL.iter().fold(router, |router, kind| {
        let received = received.clone();
        router.on(*kind, move |event| {
            let is_typed = event.data.model().is_some_and(|model| model.extra().is_empty());
            received.lock().unwrap().push((*kind, event.data.kind(), is_typed));
            async { Ok(()) }
        })
    })
}

async fn serve(router: EventRouter) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = axum::Router::new().nest_service("/events", router.into_axum());
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}/events/{{kind}}")
}

/// Beside this test, where `cargo build --package airudder-emulator` puts it.
fn emulator() -> PathBuf {
    let folder = std::env::current_exe().unwrap();
    folder.parent().unwrap().parent().unwrap().join("airudder-emulator")
}

async fn trigger(kind: EventKind, to: &str, scheme: Option<&str>) -> (bool, String) {
    let mut command = Command::new(emulator());
    command.args(["trigger", kind.as_str(), "--to", to, "--repeat", "3"]);
    if let Some(scheme) = scheme {
        command.args(["--encrypted", "--encryption-key", KEY, "--encryption-scheme", scheme]);
    }
    let output = command.output().await.unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_is_received_once_and_typed() {
    for scheme in [None, Some("aes-ecb"), Some("aes-cbc")] {
        let folder = tempfile::tempdir().unwrap();
        let received = Received::default();
        let to = serve(router(&folder, scheme, &received)).await;
        for kind in EventKind::ALL {
            let (accepted, said) = trigger(*kind, &to, scheme).await;
            assert!(accepted, "{kind} {scheme:?}: {said}");
        }
        let expected: Vec<_> = EventKind::ALL.iter().map(|kind| (*kind, Some(*kind), true)).collect();
        assert_eq!(*received.lock().unwrap(), expected, "{scheme:?}");
        println!("axum, {}: {} kinds", scheme.unwrap_or("in clear"), expected.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_by_another_key_is_not_received() {
    let folder = tempfile::tempdir().unwrap();
    let received = Received::default();
    let to = serve(router(&folder, Some("aes-cbc"), &received)).await;
    let (accepted, said) = trigger(EventKind::CallFinished, &to, Some("aes-ecb")).await;
    assert!(!accepted && said.contains("400"), "{said}");
    assert!(received.lock().unwrap().is_empty());
}

/// A client whose own key and secret are `newest`, and which accepts those of `other` as well.
fn rotating(emulator: &Emulator, newest: [&str; 2], other: [&str; 2]) -> Client {
    let settings = Settings {
        base_url: Some(emulator.url().to_string()),
        encryption_key: Some(newest[0].to_owned()),
        encryption_key_fallbacks: vec![other[0].to_owned()],
        sign_secret: Some(newest[1].to_owned()),
        sign_secret_fallbacks: vec![other[1].to_owned()],
        ..Settings::default()
    };
    Client::new(settings).unwrap()
}

async fn control(client: &Client, path: &str, body: Value) {
    let request = RawRequest {
        method: "POST".to_owned(),
        path: format!("/_emulator{path}"),
        body: Some(body),
        ..RawRequest::default()
    };
    client.raw(request).await.unwrap();
}

#[tokio::test]
async fn no_event_and_no_call_is_lost_while_keys_are_replaced() {
    let (old, new) = ([KEY, "old secret"], ["airudder-new-key", "new secret"]);
    let received = Received::default();
    let emulator = Emulator::start(airudder_emulator::Settings {
        encryption: Some(Encryption::new(Scheme::AesEcb, old[0], None).unwrap()),
        sign: Sign {
            secret: old[1].into(),
            ..Sign::default()
        },
        ..airudder_emulator::Settings::default()
    })
    .unwrap();
    let plain = Client::new(Settings {
        base_url: Some(emulator.url().to_string()),
        ..Settings::default()
    })
    .unwrap();
    // First the new key is accepted, then AI Rudder uses it, then the client does.
    let (before, after) = (rotating(&emulator, old, new), rotating(&emulator, new, old));
    let stores = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(stores.path().join("events.db")).unwrap();
    let kind = EventKind::CallFinished;
    let seen = received.clone();
    let router = before.events().router(Arc::new(store)).on(kind, move |event| {
        let is_typed = event.data.model().is_some();
        assert_eq!(event.authenticated, Authenticated::Signature);
        seen.lock().unwrap().push((kind, event.data.kind(), is_typed));
        async { Ok(()) }
    });
    let url = serve(router).await;
    let post = json!({"kind": kind.as_str(), "url": url, "signed": true, "repeat": 2});
    for (step, keys) in [json!({}), json!({"encryption_key": new[0]}), json!({"sign_secret": new[1]})]
        .into_iter()
        .enumerate()
    {
        control(&plain, "/keys", keys).await;
        for client in [&before, &after] {
            client.tasks().robots().await.unwrap();
        }
        let mut event = post.clone();
        event["data"] = json!({"callid": format!("c-{step}")});
        control(&plain, "/events", event).await;
        control(&plain, "/settle", json!({})).await;
    }
    assert_eq!(received.lock().unwrap().len(), 3);
}
