//! Anything at all, posted: nothing panics, every failure is an event's, and what was made right is read right.
//!
//! `FUZZ_SECONDS=600 cargo test -p airudder --test events_fuzz -- --nocapture` goes on for that long and says how often it ran; without it each
//! property is tried a bounded number of times.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::cell::Cell;
use std::time::{Duration, Instant};

use airudder::{Client, ErrorKind, EventKind, Events, Settings};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestError, TestRunner};

const CASES: u32 = 512;

fn clients() -> Vec<Events> {
    [
        None,
        Some(("aes-ecb", None)),
        Some(("aes-cbc", None)),
        Some(("aes-cbc", Some("0123456789abcdef"))),
    ]
    .into_iter()
    .map(|encryption| {
        let settings = Settings {
            base_url: Some("http://127.0.0.1:1".into()),
            encryption_key: encryption.map(|_| "airudderredduria".into()),
            encryption_scheme: encryption.map(|(scheme, _)| scheme.into()),
            encryption_iv: encryption.and_then(|(_, iv)| iv.map(str::to_owned)),
            max_event_bytes: Some(1 << 16),
            max_event_age: Some(1e5),
            require_encryption: encryption.map(|_| false),
            ..Settings::default()
        };
        Client::new(settings).unwrap().events()
    })
    .collect()
}

/// Bytes, text that is nearly JSON, and JSON that is nearly an event.
fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let json = Just(serde_json::Value::Null).prop_recursive(5, 64, 6, |inner| {
        let names = select(vec![
            "callid",
            "taskid",
            "event",
            "type",
            "timestamp",
            "messages",
            "content",
            "workflow_id",
            "callee",
            "x",
        ]);
        prop_oneof![
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            ".{0,12}".prop_map(Into::into),
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            proptest::collection::vec((names, inner), 0..6)
                .prop_map(|fields| fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    });
    let sample = select(EventKind::ALL).prop_map(Events::sample);
    let hurt = (
        sample.clone(),
        proptest::collection::vec((any::<Index>(), any::<u8>()), 1..6),
        any::<Index>(),
    )
        .prop_map(|(mut body, bytes, end)| {
            for (place, byte) in bytes {
                let place = place.index(body.len());
                body[place] = byte;
            }
            let end = end.index(2 * body.len());
            body.truncate(end.max(1));
            body
        });
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        "[\\[\\]{}\",:0-9eE.+\\-a-z\\\\ ]{0,200}".prop_map(String::into_bytes),
        "[A-Za-z0-9+/=]{0,200}".prop_map(String::into_bytes),
        json.prop_map(|value| value.to_string().into_bytes()),
        sample,
        hurt,
    ]
}

fn headers() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop_oneof![
        select(vec![
            "Is-Encrypted",
            "is-encrypted",
            "Signed",
            "SIGNED",
            "X-AIRudder-Sign",
            "x-airudder-sign-key"
        ])
        .prop_map(str::to_owned),
        ".{0,8}",
    ];
    let value = prop_oneof![Just("1".to_owned()), "[0-9a-f]{64}", ".{0,20}", "[\\x00-\\x20]{0,4}"];
    proptest::collection::vec((name, value), 0..6)
}

fn kinds() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        Just(None),
        select(EventKind::ALL).prop_map(|kind| Some(kind.as_str().to_owned())),
        ".{0,12}".prop_map(Some),
    ]
}

fn is_refusal(error: &airudder::Error, body: &[u8]) -> bool {
    let quoted = std::str::from_utf8(body).is_ok_and(|body| body.len() > 40 && error.message().contains(body));
    error.kind() == ErrorKind::Event && error.reason().is_some() && !error.retryable() && !quoted
}

/// Tries a property, as often as the environment asks for.
fn try_out<S: Strategy>(name: &str, strategy: &S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let until = std::env::var("FUZZ_SECONDS")
        .ok()
        .map(|seconds| Instant::now() + Duration::from_secs(seconds.parse().unwrap()));
    let runs = Cell::new(0_u64);
    loop {
        let mut runner = TestRunner::new(Config {
            cases: CASES,
            failure_persistence: None,
            ..Config::default()
        });
        let outcome = runner.run(strategy, |value| {
            runs.set(runs.get() + 1);
            property(value)
        });
        match outcome {
            Ok(()) => {}
            Err(TestError::Fail(why, value)) => panic!("{name}: {why}\n{value:?}"),
            Err(TestError::Abort(why)) => panic!("{name}: {why}"),
        }
        if until.is_none_or(|until| Instant::now() >= until) {
            break;
        }
    }
    println!("{name}: {} executions", runs.get());
}

#[test]
fn whatever_is_posted_is_an_event_or_refused() {
    let clients = clients();
    let deliveries = (bodies(), headers(), kinds(), any::<Index>());
    try_out("anything", &deliveries, |(body, headers, kind, client)| {
        match client.get(&clients).unwrap(&body, &headers, kind.as_deref()) {
            Ok(event) => prop_assert_eq!(event.key().len(), 64),
            Err(error) => prop_assert!(is_refusal(&error, &body), "{error:?}"),
        }
        Ok(())
    });
}

#[test]
fn whatever_is_encrypted_and_signed_is_read_as_in_clear() {
    let clients = clients();
    let deliveries = (bodies(), kinds(), 1..clients.len());
    try_out("sealed", &deliveries, |(body, kind, client)| {
        let events = &clients[client];
        let clear = events.unwrap(&body, &events.sign(&body).unwrap(), kind.as_deref());
        let (sealed, mut headers) = events.encrypt(&body).unwrap();
        headers.extend(events.sign(&sealed).unwrap());
        let opened = events.unwrap(&sealed, &headers, kind.as_deref());
        match (clear, opened) {
            (Ok(clear), Ok(opened)) => prop_assert_eq!(clear, opened),
            (Err(clear), Err(opened)) => {
                // Zero padding does not tell a body's own zero bytes from its padding.
                let same = clear.reason() == opened.reason() || body.ends_with(&[0]);
                prop_assert!(same && is_refusal(&opened, &body), "{clear:?} {opened:?}");
            }
            (clear, opened) => prop_assert!(body.ends_with(&[0]), "{clear:?} {opened:?}"),
        }
        Ok(())
    });
}

#[test]
fn a_sealed_event_that_is_changed_is_refused_alike() {
    let clients = clients();
    let kinds = select(EventKind::ALL);
    let deliveries = (kinds, 1..clients.len(), any::<Index>(), any::<u8>(), any::<bool>());
    try_out("changed", &deliveries, |(kind, client, place, byte, cut)| {
        let events = &clients[client];
        let (mut sealed, headers) = events.encrypt(&Events::sample(kind)).unwrap();
        let place = place.index(sealed.len());
        if cut {
            sealed.truncate(place);
        } else {
            prop_assume!(sealed[place] != byte);
            sealed[place] = byte;
        }
        match events.unwrap(&sealed, &headers, Some(kind.as_str())) {
            Err(error) => prop_assert_eq!(error.reason(), Some("decryption")),
            // A last block of nothing but zero padding can be cut off: what it pads is the same without it, and `Signed` says so.
            Ok(event) => {
                let body = Events::sample(kind);
                let signed = events.sign(&body).unwrap();
                prop_assert!(cut && client == 1);
                prop_assert_eq!(event, events.unwrap(&body, &signed, Some(kind.as_str())).unwrap());
            }
        }
        Ok(())
    });
}
