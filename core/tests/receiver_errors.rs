//! A handler that fails leaves a trace, and the trace says nothing of people.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::Write;
use std::sync::{Arc, Mutex};

use airudder::events::MemoryStore;
use airudder::{Client, EventKind, Settings};
use tracing_subscriber::fmt::MakeWriter;

const BODY: &[u8] = br#"{"callid":"c-1","callee":"+6281230001111","variables":{"name":"Budi Canary"}}"#;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("cannot save Budi Canary, row 40017 of 2026-03-02")]
struct Unsaved(#[source] std::io::Error);

#[tokio::test]
async fn a_failure_is_passed_on_whole_and_logged_redacted() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let client = Client::new(Settings {
        base_url: Some("http://127.0.0.1:1".into()),
        ..Settings::default()
    });
    let told = Arc::new(Mutex::new(Vec::new()));
    let (runs, seen) = (Arc::new(Mutex::new(0)), told.clone());
    let router = client
        .unwrap()
        .events()
        .router(Arc::new(MemoryStore::new()))
        .on(EventKind::CallFinished, move |_| {
            *runs.lock().unwrap() += 1;
            let run = *runs.lock().unwrap();
            async move {
                match run {
                    1 => Err(Unsaved(std::io::Error::other("0812-3000-1111 is busy")).into()),
                    2 => panic!("no row for Budi Canary"),
                    3 => Err("third".into()),
                    _ => Ok(()),
                }
            }
        })
        .on_error(move |error, event| {
            let text = error.to_string();
            seen.lock().unwrap().push((text.clone(), event.key().to_owned()));
            async move { assert!(text != "third", "on purpose") }
        });
    let mut outcomes = Vec::new();
    for _ in 0..5 {
        outcomes.push(router.handle(BODY, &[], None).await.outcome);
    }
    assert_eq!(outcomes, ["failed", "failed", "failed", "handled", "duplicate"]);

    let told = told.lock().unwrap();
    let texts: Vec<_> = told.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "cannot save Budi Canary, row 40017 of 2026-03-02",
            "it panicked: no row for Budi Canary",
            "third"
        ]
    );
    assert!(told.iter().all(|(_, key)| *key == told[0].1));

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("cannot save [redacted], row 40017 of 2026-03-02: "), "{log}");
    assert!(log.contains("it panicked: no row for [redacted]"), "{log}");
    assert!(log.contains("`on_error` panicked"), "{log}");
    for canary in ["Budi", "Canary", "81230001111", "3000-1111"] {
        assert!(!log.contains(canary), "{log}");
    }
}
