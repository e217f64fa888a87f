//! What anybody on the internet can post to a receiver.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;

use airudder::{Authenticated, Client, Error, ErrorKind, EventData, EventKind, Events, Settings, SignError, Unsigned};
use serde_json::{Value, json};

const KEY: &str = "airudderredduria";

fn settings() -> Settings {
    Settings {
        base_url: Some("http://127.0.0.1:1".into()),
        ..Settings::default()
    }
}

fn events(settings: Settings) -> Events {
    Client::new(settings).unwrap().events()
}

fn encrypting() -> Events {
    events(Settings {
        encryption_key: Some(KEY.into()),
        ..settings()
    })
}

fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[track_caller]
fn refused(reason: &str, result: Result<airudder::Event, Error>) -> Error {
    let error = result.unwrap_err();
    assert_eq!(
        (error.kind(), error.reason(), error.retryable()),
        (ErrorKind::Event, Some(reason), false),
        "{error}"
    );
    assert_eq!(error.operation(), Some("events.unwrap"));
    error
}

#[test]
fn every_sample_is_read_as_its_kind_in_clear_and_encrypted() {
    let mut keys = std::collections::HashSet::new();
    for kind in EventKind::ALL {
        let body = Events::sample(*kind);
        for scheme in ["aes-ecb", "aes-cbc"] {
            let events = events(Settings {
                encryption_key: Some(KEY.into()),
                encryption_scheme: Some(scheme.into()),
                require_encryption: Some(false),
                ..settings()
            });
            let signed = events.sign(&body).unwrap();
            let clear = events.unwrap(&body, &signed, Some(kind.as_str())).unwrap();
            assert_eq!(clear.data.kind(), Some(*kind));
            assert!(
                clear.data.model().unwrap().extra().is_empty(),
                "{kind}: a field of the sample has no type"
            );
            let (sealed, mut headers) = events.encrypt(&body).unwrap();
            headers.extend(events.sign(&sealed).unwrap());
            assert_eq!(events.unwrap(&sealed, &headers, Some(kind.as_str())).unwrap(), clear);
            keys.insert(clear.key().to_owned());
        }
    }
    assert_eq!(keys.len(), EventKind::ALL.len());
}

#[test]
fn a_body_is_no_larger_than_the_setting() {
    let body = vec![b' '; (1 << 20) + 1];
    refused("too_large", events(settings()).unwrap(&body, &[], None));
    refused("not_json", events(settings()).unwrap(&body[1..], &[], None));
    let small = events(Settings {
        max_event_bytes: Some(10),
        ..settings()
    });
    let error = refused("too_large", small.unwrap(br#"{"a":"bcde"}"#, &[], None));
    assert!(error.message().contains("`max_event_bytes` is 10"), "{error}");
    assert_eq!(
        Client::new(Settings {
            max_event_bytes: Some(0),
            ..settings()
        })
        .unwrap_err()
        .kind(),
        ErrorKind::Configuration
    );
}

#[test]
fn fifty_megabytes_are_refused_by_their_size_alone() {
    let body = vec![b'['; 50 << 20];
    refused(
        "too_large",
        encrypting().unwrap(&body, &[header("Is-Encrypted", "1"), header("Signed", "0")], None),
    );
}

#[test]
fn what_is_no_json_object_is_refused() {
    let deep = format!("{{\"callid\":{}", "[".repeat(10_000));
    let deep_objects = "{\"a\":".repeat(10_000);
    let wrong: [&[u8]; 7] = [
        b"",
        b"null",
        b"[]",
        b"{\"callid\":\"\xff\xfe\"}",
        b"{\"callid\":\"a\"} {}",
        deep.as_bytes(),
        deep_objects.as_bytes(),
    ];
    for body in wrong {
        for kind in [None, Some("call.finished")] {
            let error = refused("not_json", events(settings()).unwrap(body, &[], kind));
            assert!(!error.message().contains("callid"), "{error}");
        }
    }
}

#[test]
fn failures_to_decrypt_are_all_alike() {
    let (sealed, headers) = encrypting().encrypt(&Events::sample(EventKind::CallFinished)).unwrap();
    let signed = headers[1].1.clone();
    let text = String::from_utf8(sealed.clone()).unwrap();
    let flipped = text.replacen(&text[..1], if text.starts_with('A') { "B" } else { "A" }, 1);
    let bodies = [
        text[..text.len() - 1].to_owned(),
        text[..text.len() - 4].to_owned(),
        text[..24].to_owned(),
        flipped,
        String::new(),
        "====".to_owned(),
        "\u{0}".to_owned(),
        "AAAA".repeat(10_000),
    ];
    let messages: Vec<_> = ["aes-ecb", "aes-cbc"]
        .iter()
        .flat_map(|scheme| {
            let events = events(Settings {
                encryption_key: Some(KEY.into()),
                encryption_scheme: Some((*scheme).into()),
                ..settings()
            });
            let digests = [signed.as_str(), "0", "", "é"];
            let wrong: Vec<_> = bodies
                .iter()
                .flat_map(|body| digests.map(|digest| (body.as_str(), digest)))
                .collect();
            wrong
                .into_iter()
                .map(|(body, digest)| {
                    let headers = [header("IS-ENCRYPTED", " 1 "), header("signed", digest)];
                    refused("decryption", events.unwrap(body.as_bytes(), &headers, None)).message()
                })
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(messages.iter().all(|message| *message == messages[0]));
}

/// Found by posting anything: 48 bytes and a block of padding are 64 bytes, whose first 64 characters in Base64 are the 48 bytes alone.
#[test]
fn a_block_of_nothing_but_padding_can_be_missing() {
    let body = format!(r#"{{"callid":"{}"}}"#, "c".repeat(35));
    assert_eq!(body.len(), 48);
    let (sealed, headers) = encrypting().encrypt(body.as_bytes()).unwrap();
    let whole = encrypting().unwrap(&sealed, &headers, None).unwrap();
    assert_eq!(encrypting().unwrap(&sealed[..64], &headers, None).unwrap(), whole);
    refused("decryption", encrypting().unwrap(&sealed[..60], &headers, None));
}

#[test]
fn a_header_that_is_missing_or_doubtful_is_named() {
    let (sealed, headers) = encrypting().encrypt(&Events::sample(EventKind::CallFinished)).unwrap();
    let error = refused("missing_header", encrypting().unwrap(&sealed, &headers[..1], None));
    assert!(error.message().contains("`Signed`"), "{error}");
    let error = refused("no_key", events(settings()).unwrap(&sealed, &headers, None));
    assert!(error.message().contains("`encryption_key`"), "{error}");

    let twice = [headers.clone(), vec![header("SIGNED", "0")]].concat();
    refused("bad_header", encrypting().unwrap(&sealed, &twice, None));
    let same = [headers.clone(), vec![header("SIGNED", &headers[1].1)]].concat();
    assert_eq!(encrypting().unwrap(&sealed, &same, None).unwrap().kind, "call.finished");
    for value in ["1\r\nX: y", "\u{0}", "1\u{7f}", "\u{85}1"] {
        refused("bad_header", encrypting().unwrap(&sealed, &[header("Is-Encrypted", value)], None));
    }
}

#[test]
fn a_sign_is_checked_where_it_is_and_asked_for_where_it_has_to_be() {
    let body = Events::sample(EventKind::WorkflowChatbotSessionEnded);
    let kind = Some("workflow.chatbot_session_ended");
    let ours = events(settings());
    let signed = ours.sign(&body).unwrap();
    assert!(ours.unwrap(&body, &signed, kind).is_ok());
    assert!(
        ours.unwrap(&Events::sample(EventKind::CallFinished), &[], Some("call.finished"))
            .is_ok()
    );
    for kind in [kind, None] {
        refused("missing_header", ours.unwrap(&body, &[], kind));
    }
    let mut changed = body.clone();
    changed.push(b' ');
    refused("sign", ours.unwrap(&changed, &signed, kind));
    refused("sign", ours.unwrap(&body, &[header("X-AIRudder-Sign", "")], kind));
    refused("sign", ours.unwrap(b"no json", &signed, kind));

    let trusting = events(Settings {
        verify_events: Some(false),
        ..settings()
    });
    assert!(trusting.unwrap(&body, &[], kind).is_ok());
    assert!(trusting.unwrap(&changed, &signed, kind).is_ok());

    let without = events(Settings {
        app_key: Some("key".into()),
        app_secret: Some("secret".into()),
        base_url: Some("https://api.airudder.com".into()),
        ..Settings::default()
    });
    let error = refused("no_key", without.unwrap(&body, &signed, kind));
    assert!(
        error.message().contains("`sign_secret`") && error.message().contains("`verify_events`"),
        "{error}"
    );
}

#[test]
fn a_signer_is_asked_for_events_too() {
    let signing = events(Settings {
        signer: Some(Arc::new(|event: &Unsigned| {
            Ok(format!(
                "{} {} {:?}",
                event.method,
                event.path,
                event.body.as_deref().map(<[u8]>::len)
            ))
        })),
        ..settings()
    });
    let body = Events::sample(EventKind::CallFinished);
    let signed = signing.sign(&body).unwrap();
    assert_eq!(signed[0].1, format!("POST  Some({})", body.len()));
    assert!(signing.unwrap(&body, &signed, None).is_ok());
    assert!(signing.to_sign(&body, &signed).is_some() && signing.to_sign(&body, &[]).is_none());
    refused("sign", signing.unwrap_expecting(&body, &signed, None, Some("another")));
    assert!(
        signing
            .unwrap_expecting(&body, &[header("x-airudder-sign", "other")], None, Some("other"))
            .is_ok()
    );

    let failing = events(Settings {
        signer: Some(Arc::new(|_: &Unsigned| Err(SignError::new("the vault is shut")))),
        ..settings()
    });
    let error = refused("no_key", failing.unwrap(&body, &signed, None));
    assert!(error.message().contains("the vault is shut"), "{error}");
}

#[test]
fn an_event_can_be_too_old() {
    let strict = events(Settings {
        max_event_age: Some(600.0),
        ..settings()
    });
    let kind = Some("chatbot.session_ended");
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let made = |time: String| format!(r#"{{"call_id":"a","timestamp":{time}}}"#);
    for fresh in [
        now.to_string(),
        format!("\"{now}\""),
        (now + 99_999).to_string(),
        "null".to_owned(),
        "\"x\"".to_owned(),
    ] {
        assert!(strict.unwrap(made(fresh.clone()).as_bytes(), &[], kind).is_ok(), "{fresh}");
    }
    for old in [
        (now - 3_600).to_string(),
        format!("\"{}\"", now - 3_600),
        "0".to_owned(),
        "-1".to_owned(),
    ] {
        refused("too_old", strict.unwrap(made(old.clone()).as_bytes(), &[], kind));
        assert!(events(settings()).unwrap(made(old).as_bytes(), &[], kind).is_ok());
    }
}

#[test]
fn nulls_wrong_types_and_keys_that_stand_twice_lose_nothing() {
    for kind in EventKind::ALL {
        let sample: Value = serde_json::from_slice(&Events::sample(*kind)).unwrap();
        let names = sample.as_object().unwrap().keys();
        for value in [
            "null",
            "7",
            "\"7\"",
            "true",
            "[]",
            "{}",
            "[null]",
            "[[7]]",
            "{\"a\":null}",
            "-0.0",
            "1e308",
            "\"\"",
        ] {
            let fields: Vec<_> = names.clone().map(|name| format!("\"{name}\":{value},\"{name}\":{value}")).collect();
            let body = format!("{{{}}}", fields.join(","));
            let trusting = events(Settings {
                verify_events: Some(false),
                ..settings()
            });
            let event = trusting.unwrap(body.as_bytes(), &[], Some(kind.as_str())).unwrap();
            assert_eq!(event.data.kind(), Some(*kind), "{value}");
        }
    }
}

#[test]
fn what_no_kind_fits_comes_whole() {
    let event = events(settings())
        .unwrap(br#"{"colour":"red","event":"paint.dried"}"#, &[], None)
        .unwrap();
    assert_eq!(event.kind, "unknown");
    let EventData::Unknown(unknown) = &event.data else {
        panic!("{event:?}")
    };
    assert_eq!(unknown.data["colour"], "red");
    let error = refused("unknown_kind", events(settings()).unwrap(b"{}", &[], Some("paint.dried")));
    assert!(
        error.message().contains("call.finished") && !error.message().contains("paint"),
        "{error}"
    );
}

#[test]
fn a_body_that_was_parsed_already_is_told_how_to_be_given() {
    let error = events(settings()).not_raw("a dict");
    assert_eq!((error.kind(), error.reason()), (ErrorKind::Event, Some("not_raw")));
    assert!(
        error.message().contains("a dict") && error.message().contains("raw body"),
        "{error}"
    );
}

/// The key of a signed event.
fn key_of(kind: EventKind, body: &Value) -> String {
    let events = events(settings());
    let body = body.to_string();
    let headers = events.sign(body.as_bytes()).unwrap();
    let event = events.unwrap(body.as_bytes(), &headers, Some(kind.as_str())).unwrap();
    event.key().to_owned()
}

#[test]
fn only_what_identifies_counts() {
    let first = key_of(EventKind::CallFinished, &json!({"callid": "c-1", "status": "answered"}));
    assert_eq!(first, key_of(EventKind::CallFinished, &json!({"talkround": 2, "callid": "c-1"})));
    assert_ne!(first, key_of(EventKind::CallFinished, &json!({"callid": "c-2"})));
    assert_ne!(first, key_of(EventKind::InboundCallEnded, &json!({"callid": "c-1"})));
    assert_eq!(first.len(), 64);
}

/// A task or plan may be started again, and a contact may finish several rounds: the same ids, and another event.
#[test]
fn what_ends_again_is_another_event() {
    let ends = [
        (EventKind::TaskFinished, json!({"taskid": "t-1"})),
        (EventKind::PlanFinished, json!({"planid": "p-1"})),
        (
            EventKind::WorkflowContactFinished,
            json!({"workflow_id": "w-1", "case_id": "c-1", "phone_number": "+6281230001111"}),
        ),
    ];
    for (kind, body) in ends {
        let mut again = body.clone();
        again["finish_time"] = "2026-11-23 18:00:00".into();
        let mut later = body.clone();
        later["finish_time"] = "2026-11-24 18:00:00".into();
        let keys = [&body, &again, &later].map(|body| key_of(kind, body));
        assert!(keys[0] != keys[1] && keys[1] != keys[2] && keys[0] != keys[2], "{kind:?}");
        assert_eq!(keys[1], key_of(kind, &again), "a redelivery says the same");
    }
}

#[test]
fn text_and_number_are_the_same_id() {
    assert_eq!(
        key_of(EventKind::CallFinished, &json!({"callid": 7})),
        key_of(EventKind::CallFinished, &json!({"callid": "7"}))
    );
}

#[test]
fn without_its_id_the_whole_event_counts_in_any_order() {
    let body = json!({"status": "a", "nested": {"x": 1, "y": [{"b": 1, "a": 2}]}});
    let turned = json!({"nested": {"y": [{"a": 2, "b": 1}], "x": 1}, "status": "a"});
    let key = |body: &Value| key_of(EventKind::CallFinished, body);
    assert_eq!(key(&body), key(&turned));
    assert_ne!(key(&body), key(&json!({"status": "b"})));
    assert_ne!(
        key(&json!({"callid": null, "status": "a"})),
        key(&json!({"callid": "", "status": "b"}))
    );
}

#[test]
fn fields_do_not_run_into_each_other() {
    let status = |workflow: &str, status: &str| {
        key_of(
            EventKind::WorkflowStatus,
            &json!({"workflow_id": workflow, "status": status, "actions": []}),
        )
    };
    assert_ne!(status("a", "b:1"), status("a\n3:b", "1"));
    assert_ne!(status("ab", "c"), status("a", "bc"));
}

/// A forged event in clear must not take the place of the real one.
#[test]
fn with_a_key_or_a_secret_an_event_that_proves_nothing_is_refused() {
    let body = Events::sample(EventKind::CallFinished);
    let kind = Some("call.finished");
    let error = refused("not_encrypted", encrypting().unwrap(&body, &[], kind));
    assert!(error.message().contains("`require_encryption`"), "{error}");

    let secret = || Some("s".repeat(16));
    let signing = || Settings {
        sign_secret: secret(),
        ..settings()
    };
    let error = refused("missing_header", events(signing()).unwrap(&body, &[], kind));
    assert!(error.message().contains("`require_signature`"), "{error}");
    let signer = Settings {
        signer: Some(Arc::new(|_: &Unsigned| Ok::<_, SignError>("s".to_owned()))),
        ..settings()
    };
    refused("missing_header", events(signer).unwrap(&body, &[], kind));

    let both = events(Settings {
        encryption_key: Some(KEY.into()),
        ..signing()
    });
    let (sealed, mut headers) = both.encrypt(&body).unwrap();
    refused("missing_header", both.unwrap(&sealed, &headers, kind));
    headers.extend(both.sign(&sealed).unwrap());
    both.unwrap(&sealed, &headers, kind).unwrap();

    // Without either, and where the user opts out, the event is taken.
    events(settings()).unwrap(&body, &[], kind).unwrap();
    for opted_out in [
        Settings {
            require_signature: Some(false),
            ..signing()
        },
        Settings {
            verify_events: Some(false),
            ..signing()
        },
    ] {
        events(opted_out).unwrap(&body, &[], kind).unwrap();
    }
}

#[test]
fn an_event_says_what_proves_it_and_shares_no_key_with_one_that_nothing_proves() {
    let body = Events::sample(EventKind::CallFinished);
    let events = events(Settings {
        encryption_key: Some(KEY.into()),
        sign_secret: Some("s".repeat(16)),
        require_encryption: Some(false),
        require_signature: Some(false),
        ..settings()
    });
    let (sealed, encrypted) = events.encrypt(&body).unwrap();
    let clear = events.unwrap(&body, &[], None).unwrap();
    let decrypted = events.unwrap(&sealed, &encrypted, None).unwrap();
    let signed = events.unwrap(&body, &events.sign(&body).unwrap(), None).unwrap();
    let proofs = [&clear, &decrypted, &signed].map(|event| event.authenticated);
    assert_eq!(
        proofs,
        [Authenticated::Nothing, Authenticated::Encryption, Authenticated::Signature]
    );
    assert_eq!(proofs.map(Authenticated::as_str), ["nothing", "encryption", "signature"]);
    assert_ne!(clear.key(), signed.key());
    assert_eq!(decrypted.key(), signed.key());
}

#[test]
fn an_event_that_names_its_kind_is_not_taken_as_another() {
    let events = events(settings());
    let body = br#"{"type": "call.finished", "callid": "c1"}"#;
    for kind in [None, Some("call.finished")] {
        assert_eq!(events.unwrap(body, &[], kind).unwrap().kind, "call.finished");
    }
    let error = refused("wrong_kind", events.unwrap(body, &[], Some("task.finished")));
    assert!(
        error.message().contains("`task.finished`") && error.message().contains("`call.finished`"),
        "{error}"
    );
}

#[test]
fn requirements_that_contradict_other_settings_are_named() {
    for (settings, word) in [
        (
            Settings {
                require_signature: Some(true),
                verify_events: Some(false),
                ..settings()
            },
            "verify_events",
        ),
        (
            Settings {
                require_encryption: Some(true),
                ..settings()
            },
            "encryption_key",
        ),
    ] {
        let error = Client::new(settings).unwrap_err();
        assert!(
            error.kind() == ErrorKind::Configuration && error.message().contains(word),
            "{error}"
        );
    }
}
