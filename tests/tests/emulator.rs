//! Core against the emulator: two programs that share no code have to agree on everything, and no fault may start a task twice.
#![allow(clippy::unwrap_used)] // the helpers are part of the tests
#![allow(clippy::default_trait_access)] // the type is the one of the field

use std::time::Duration;

use airudder::{Client, CollectionContact, CreateTask, ErrorKind, RawRequest, Settings};
use airudder_emulator::{Emulator, Encryption, RecordingsAs, Scheme};
use serde_json::{Value, json};

const KEY: &str = "airudderredduria";

fn emulator(settings: airudder_emulator::Settings) -> Emulator {
    Emulator::start(airudder_emulator::Settings { speed: 0.0, ..settings }).unwrap()
}

fn settings(emulator: &Emulator) -> Settings {
    Settings {
        base_url: Some(emulator.url().to_string()),
        ..Settings::default()
    }
}

fn client(emulator: &Emulator) -> Client {
    Client::new(settings(emulator)).unwrap()
}

fn task() -> CreateTask {
    let contacts: Vec<_> = (1..=4).map(|last| CollectionContact::new(format!("+628123000000{last}"))).collect();
    CreateTask::new("Reminders", "2026-01-01 09:00:00", "2036-01-01 18:00:00", "1001", contacts)
}

/// Calls the emulator's control endpoints, which the SDK's raw call reaches like any path.
async fn control(client: &Client, method: &str, path: &str, body: Option<Value>) -> Value {
    let request = RawRequest {
        method: method.into(),
        path: format!("/_emulator{path}"),
        body,
        ..RawRequest::default()
    };
    client.raw(request).await.unwrap().data
}

async fn advance(client: &Client, hours: u32) {
    control(
        client,
        "POST",
        "/clock/advance",
        Some(json!({"seconds": hours * 3600, "wait": true})),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scheme_of_encryption_is_understood() {
    let schemes = [
        ("aes-ecb", Scheme::AesEcb, KEY, None),
        ("aes-cbc", Scheme::AesCbc, KEY, None),
        ("aes-cbc", Scheme::AesCbc, "airudderredduria12345678", Some("0123456789abcdef")),
        ("aes-cbc", Scheme::AesCbc, "airudderredduria1234567812345678", None),
    ];
    for (name, scheme, key, iv) in schemes {
        let encryption = Encryption::new(scheme, key, iv).unwrap();
        let emulator = emulator(airudder_emulator::Settings {
            encryption: Some(encryption),
            ..Default::default()
        });
        let plain = client(&emulator);
        let client = Client::new(Settings {
            encryption_key: Some(key.into()),
            encryption_scheme: Some(name.into()),
            encryption_iv: iv.map(str::to_owned),
            ..settings(&emulator)
        })
        .unwrap();
        let task_id = client.tasks().create(task()).await.unwrap().task_id;
        advance(&plain, 1).await;
        assert_eq!(client.tasks().detail(&task_id).await.unwrap().calls.len(), 4);
        let requests = control(&plain, "GET", "/requests", None).await;
        let tasks = requests["List"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|request| request["operation"].as_str().is_some_and(|id| id.starts_with("tasks.")));
        assert!(
            tasks.clone().count() == 2 && tasks.clone().all(|request| request["encrypted"] == true),
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_ends_is_replaced_without_a_word() {
    let emulator = emulator(airudder_emulator::Settings {
        token_lifetime: Duration::from_mins(10),
        ..Default::default()
    });
    let client = client(&emulator);
    client.tasks().robots().await.unwrap();
    for _ in 0..3 {
        advance(&client, 1).await;
        client.tasks().create(task()).await.unwrap();
    }
    assert_eq!(client.tasks().list(Default::default()).await.unwrap().total, Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_life_of_a_task() {
    // An hour before the schedule begins.
    let clock_start = "2026-01-01 08:00:00".parse().unwrap();
    let emulator = emulator(airudder_emulator::Settings {
        clock_start,
        ..Default::default()
    });
    let client = client(&emulator);
    let kept = client.tasks().create(task()).await.unwrap().task_id;
    client.tasks().cancel_call(&kept, "+6281230000001").await.unwrap();
    let stopped = client.tasks().create(task()).await.unwrap().task_id;
    client.tasks().stop(&stopped).await.unwrap();
    advance(&client, 2).await;

    let detail = client.tasks().detail(&kept).await.unwrap();
    assert_eq!(detail.status.as_deref(), Some("finished"));
    let status = |number: &str| {
        detail
            .calls
            .iter()
            .find(|call| call.callee() == Some(number))
            .and_then(|call| call.status().map(str::to_owned))
    };
    assert_eq!(status("+6281230000001").as_deref(), Some("cancelled"));
    assert_eq!(status("+6281230000003").as_deref(), Some("busy"));
    assert_eq!(client.tasks().detail(&stopped).await.unwrap().status.as_deref(), Some("stopped"));

    let call = detail.calls.iter().find_map(|call| call.call_id().map(str::to_owned)).unwrap();
    assert_eq!(client.tasks().call_by_id(&call).await.unwrap().call_id, Some(call));
    let unknown = client.tasks().detail("0123456789abcdef0123456789abcdef").await.unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::NotFound);
    let refused = client.tasks().create(CreateTask::new(
        "x",
        "2026-01-01 09:00:00",
        "2036-01-01 18:00:00",
        "77",
        vec![CollectionContact::new("+6281230000001")],
    ));
    assert_eq!(refused.await.unwrap_err().kind(), ErrorKind::BadRequest);
}

#[tokio::test(flavor = "multi_thread")]
async fn recordings_come_as_bytes_and_as_links() {
    for recordings in [RecordingsAs::Bytes, RecordingsAs::Links] {
        let emulator = emulator(airudder_emulator::Settings {
            recordings,
            ..Default::default()
        });
        let client = client(&emulator);
        let task_id = client.tasks().create(task()).await.unwrap().task_id;
        advance(&client, 1).await;
        let folder = tempfile::tempdir().unwrap();
        let one = client
            .tasks()
            .recording(&task_id, "+6281230000001", folder.path().join("one.wav"))
            .await
            .unwrap();
        assert!(std::fs::read(&one.path).unwrap().starts_with(b"RIFF"), "{recordings:?}");
        let all = client.tasks().recordings(&task_id, folder.path().join("all")).await.unwrap();
        assert!(!all.is_empty() && all.iter().all(|download| download.bytes > 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_starts_a_task_twice() {
    let faults = [
        (json!({"kind": "status", "status": 500}), true, ErrorKind::Server),
        (json!({"kind": "status", "status": 503, "retry_after": 0}), false, ErrorKind::Server),
        (json!({"kind": "status", "status": 200, "code": 500}), true, ErrorKind::Server),
        (json!({"kind": "garbage"}), true, ErrorKind::InvalidResponse),
        (json!({"kind": "cut"}), true, ErrorKind::ConnectionLost),
        (json!({"kind": "truncate"}), true, ErrorKind::ConnectionLost),
        (json!({"kind": "hang"}), true, ErrorKind::Timeout),
    ];
    for (fault, carry_out, kind) in faults {
        let emulator = emulator(Default::default());
        let client = client(&emulator);
        client.tasks().robots().await.unwrap();
        let mut order = json!({"operation": "tasks.create", "fault": fault});
        if carry_out && fault["kind"] != "truncate" {
            order["carry_out"] = true.into();
        }
        control(&client, "POST", "/faults", Some(order)).await;
        let error = client.tasks().create(task()).timeout(1.0).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{fault}: {error}");
        assert!(error.may_have_been_applied() && !error.retryable(), "{fault}");
        let tasks = client.tasks().list(Default::default()).await.unwrap().total;
        assert_eq!(tasks, Some(i64::from(carry_out)), "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_is_sent_again_and_starts_one_task() {
    for fault in [
        json!({"kind": "status", "status": 429, "retry_after": 0}),
        json!({"kind": "token_refused"}),
    ] {
        let emulator = emulator(Default::default());
        let client = client(&emulator);
        client.tasks().robots().await.unwrap();
        control(
            &client,
            "POST",
            "/faults",
            Some(json!({"operation": "tasks.create", "fault": fault})),
        )
        .await;
        client.tasks().create(task()).await.unwrap();
        assert_eq!(client.tasks().list(Default::default()).await.unwrap().total, Some(1), "{fault}");
    }
}
