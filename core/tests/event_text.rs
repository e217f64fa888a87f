//! The text of an event is that of its model, and what is refused is refused in the same words.
#![allow(clippy::unwrap_used, clippy::panic)]

use airudder::events::EventText;
use airudder::{Case, Client, EventKind, Events, Language, Settings};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

struct Camel;
struct Snake;

impl Language for Camel {
    const CASE: Case = Case::Camel;
}

impl Language for Snake {
    const CASE: Case = Case::Snake;
    const NAMES_VARIANTS: bool = true;
}

fn events() -> Events {
    let settings = Settings {
        base_url: Some("http://127.0.0.1:1".into()),
        max_event_age: Some(1e5),
        ..Settings::default()
    };
    Client::new(settings).unwrap().events()
}

fn compare<L: Language>(events: &Events, body: &[u8], headers: &[(String, String)], kind: Option<&str>) {
    let by_model = events.unwrap(body, headers, kind).map(EventText::<L>::from);
    let at_once = events.unwrap_text::<L>(body, headers, kind, None);
    let shown = String::from_utf8_lossy(body);
    match (at_once, by_model) {
        (Ok(at_once), Ok(by_model)) => {
            let value = |json: &str| serde_json::from_str::<Value>(json).unwrap();
            assert_eq!(value(&at_once.data.json), value(&by_model.data.json), "{shown}");
            assert_eq!((at_once.kind, at_once.key), (by_model.kind, by_model.key), "{shown}");
        }
        (Err(at_once), Err(by_model)) => {
            assert_eq!(at_once.reason(), by_model.reason(), "{shown}");
            assert_eq!(at_once.message(), by_model.message(), "{shown}");
        }
        (at_once, by_model) => panic!("{at_once:?} {by_model:?}: {shown}"),
    }
}

/// Compares in both styles, told the kind and untold, signed and unsigned.
fn is_the_same(kind: EventKind, body: &[u8]) {
    let events = events();
    let signed = events.sign(body).unwrap();
    for headers in [&signed[..], &[]] {
        for kind in [None, Some(kind.as_str())] {
            compare::<Camel>(&events, body, headers, kind);
            compare::<Snake>(&events, body, headers, kind);
        }
    }
}

fn sample(kind: EventKind) -> Value {
    serde_json::from_slice(&Events::sample(kind)).unwrap()
}

#[test]
fn samples_are_written_at_once_and_as_their_models_are() {
    for kind in EventKind::ALL {
        let body = Events::sample(*kind);
        is_the_same(*kind, &body);
    }
}

#[test]
fn odd_fields_are_written_as_their_models_are() {
    let odd = [
        json!(null),
        json!(12),
        json!("12"),
        json!([1]),
        json!({"a": 9_007_199_254_740_993_u64}),
        json!(""),
    ];
    for kind in EventKind::ALL {
        let whole = sample(*kind);
        for name in whole.as_object().unwrap().keys() {
            for value in &odd {
                let mut body = whole.clone();
                body[name] = value.clone();
                body["news"] = value.clone();
                is_the_same(*kind, body.to_string().as_bytes());
            }
            let mut body = whole.clone();
            body.as_object_mut().unwrap().remove(name);
            is_the_same(*kind, body.to_string().as_bytes());
            let twice = whole.to_string().replacen('{', &format!("{{{}:7,", Value::from(name.as_str())), 1);
            is_the_same(*kind, twice.as_bytes());
        }
    }
}

#[test]
fn events_of_no_kind_are_written_with_all_that_came() {
    let events = events();
    let body = br#" { "a" : 9007199254740993, "b": [1.50, -9007199254740993, 18446744073709551615, "\u00e9"], "a": 9007199254740991 } "#;
    let camel = events.unwrap_text::<Camel>(body, &[], None, None).unwrap();
    assert_eq!(camel.kind, "unknown");
    assert_eq!(
        camel.data.json,
        r#"{"a":"9007199254740993","b":[1.5,"-9007199254740993","18446744073709551615","é"],"a":9007199254740991}"#
    );
    let snake = events.unwrap_text::<Snake>(body, &[], None, None).unwrap();
    assert_eq!(
        snake.data.json,
        r#"{"a":9007199254740993,"b":[1.5,-9007199254740993,18446744073709551615,"é"],"a":9007199254740991}"#
    );
    compare::<Camel>(&events, body, &[], None);
}

#[test]
fn what_is_no_json_is_told_before_what_is_missing() {
    let kind = EventKind::WorkflowChatbotSessionEnded;
    for body in [r#"{"a":01}"#, r#"{"a":}"#, r#"{"a":[}}"#, r#"{"a":tru}"#, "[]", "null", "{} {}"] {
        let error = events()
            .unwrap_text::<Camel>(body.as_bytes(), &[], Some(kind.as_str()), None)
            .unwrap_err();
        assert_eq!(error.reason(), Some("not_json"), "{body}");
        is_the_same(kind, body.as_bytes());
    }
    let error = events()
        .unwrap_text::<Camel>(br#"{"a":1e999}"#, &[], Some(kind.as_str()), None)
        .unwrap_err();
    assert_eq!(error.reason(), Some("missing_header"));
}

proptest! {
    #[test]
    fn broken_events_are_refused_alike(kind in select(EventKind::ALL), at in any::<Index>(), byte in any::<Option<u8>>()) {
        let mut body = Events::sample(kind);
        let at = at.index(body.len());
        match byte {
            Some(byte) => body[at] = byte,
            None => body.truncate(at),
        }
        is_the_same(kind, &body);
    }
}
