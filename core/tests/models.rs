//! Answers are read as far as they fit, whatever comes, and nothing of them is lost or shown.
#![allow(clippy::unwrap_used, clippy::panic)]

use airudder::model::{to_json, to_value};
use airudder::{Call, Case, CollectionContact, CreateTask, TaskDetail};
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(value: &Value) -> TaskDetail {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn values_that_do_not_fit_are_kept() {
    let detail = read(&json!({
        "taskid": 12_345_678_901_234_567_u64, "total": "7", "status": ["odd"], "calls": [
            {"callid": "c1", "talkduration": "soon", "variables": {"a": "1", "b": 2}},
            "no object",
            null,
        ], "news": {"deep": 1},
    }));
    assert_eq!(detail.task_id.as_deref(), Some("12345678901234567"));
    assert_eq!(detail.total, Some(7));
    assert_eq!(detail.status, None);
    assert_eq!(detail.extra.get("status"), Some(&json!(["odd"])));
    assert_eq!(detail.extra.get("news"), Some(&json!({"deep": 1})));
    let [first, second] = &detail.calls[..] else { panic!("two calls") };
    assert_eq!(first.talk_duration(), None);
    assert_eq!(first.extra().get("talkduration"), Some(&json!("soon")));
    assert_eq!(first.variables().unwrap()["b"], "2");
    assert_eq!(second.extra().get("data"), Some(&json!("no object")));
}

#[test]
fn an_answer_that_is_no_object_is_kept_whole() {
    assert_eq!(read(&json!([1, 2])).extra.get("data"), Some(&json!([1, 2])));
    assert_eq!(read(&Value::Null), TaskDetail::default());
}

#[test]
fn what_was_read_is_written_back() {
    let wire = json!({"taskid": "t", "total": 2, "calls": [{"callid": "c", "new": 1.5}], "other": [true]});
    assert_eq!(serde_json::to_value(read(&wire)).unwrap(), wire);
}

#[test]
fn names_follow_the_language_and_large_numbers_stay_exact() {
    let detail = read(&json!({"taskid": "t", "calls": [{"talkduration": 3}], "big": 9_007_199_254_740_993_u64}));
    assert_eq!(
        to_value(&detail, Case::Snake),
        json!({"task_id": "t", "calls": [{"talk_duration": 3}], "extra": {"big": 9_007_199_254_740_993_u64}})
    );
    assert_eq!(
        to_json(&detail, Case::Camel),
        r#"{"taskId":"t","calls":[{"talkDuration":3}],"extra":{"big":"9007199254740993"}}"#
    );
}

#[test]
fn extra_fields_of_a_request_replace_typed_ones() {
    let contact = CollectionContact::new("+6281230001111")
        .debtor("Budi")
        .extra_field("Debtor", "Siti")
        .extra_field("gift", 3);
    assert_eq!(
        serde_json::to_string(&contact).unwrap(),
        r#"{"Mobile":"+6281230001111","Debtor":"Siti","gift":3}"#
    );
}

#[test]
fn debug_shows_nobody() {
    let call: Call = serde_json::from_value(json!({"callid": "c1", "callee": "+6281230001111", "secret": "Budi"})).unwrap();
    let task = CreateTask::new("n", "s", "e", "1", vec![CollectionContact::new("+6281230001111").debtor("Budi")]);
    for shown in [format!("{call:?}"), format!("{call:#?}"), format!("{task:?}")] {
        assert!(!shown.contains("81230001111") && !shown.contains("Budi"), "{shown}");
    }
    assert!(format!("{call:?}").contains("c1"));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    let name = prop_oneof![
        Just("taskid".to_owned()),
        Just("total".to_owned()),
        Just("calls".to_owned()),
        Just("callid".to_owned()),
        Just("talkduration".to_owned()),
        Just("variables".to_owned()),
        "[a-z]{1,6}",
    ];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((name.clone(), inner), 0..6).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_can_be_read_and_written(value in any_json()) {
        let detail = read(&value);
        let again: TaskDetail = serde_json::from_str(&serde_json::to_string(&detail).unwrap()).unwrap();
        prop_assert_eq!(format!("{detail:?}"), format!("{again:?}"));
        let _: Value = serde_json::from_str(&to_json(&detail, Case::Camel)).unwrap();
    }
}
