#![allow(clippy::unwrap_used)]

mod unions;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::generated::shapes::CREATE_TASK;

/// Reads parameters by name.
fn named(shape: &'static Shape, case: Case, params: &Value) -> Result<Fields, Problem> {
    match read(Some(shape), case, JsonTokens::new(&params.to_string()))? {
        Wire::Named(fields) => Ok(fields),
        Wire::None | Wire::Typed(_) => unreachable!(),
    }
}

fn text(params: &Value) -> Result<String, String> {
    let fields = named(&CREATE_TASK, Case::Snake, params).map_err(|problem| problem.to_string())?;
    let typed = fields.iter().map(|(name, json)| format!("{name}={json}"));
    let extra = fields.extra.iter().map(|(name, value)| format!("{name}:{value}"));
    Ok(typed.chain(extra).collect::<Vec<_>>().join(" "))
}

fn task(details: impl Into<Value>) -> Value {
    let details = details.into();
    json!({"details": details, "robot_id": 7, "task_name": "n", "schedule_end_time": "2026-01-01 00:00:00", "schedule_start_time": "2026-01-01 00:00:00"})
}

#[test]
fn fields_come_out_in_the_contracts_order_and_extra_ones_replace() {
    let contact = json!({"debtor": "B", "extra": {"gift": [1], "Debtor": "S"}, "mobile": "+6281230001111", "due_date": null});
    let mut params = task(json!([contact, {"mobile": "+6281230002222"}]));
    params["extra"] = json!({"TaskName": "other"});
    assert_eq!(
        text(&params).unwrap(),
        r#"ScheduleStartTime="2026-01-01 00:00:00" ScheduleEndTime="2026-01-01 00:00:00" RobotID="7" Details=[{"Mobile":"+6281230001111","gift":[1],"Debtor":"S"},{"Mobile":"+6281230002222"}] TaskName:"other""#
    );
}

#[test]
fn what_is_wrong_is_named_by_its_place_and_never_shown() {
    let contact = |contact: Value| text(&task(json!([{"mobile": "+6281230001111"}, contact]))).unwrap_err();
    for (given, expected) in [
        (
            json!({"mobile": "6281230001111"}),
            "`details[1].mobile` must be a phone number in E.164",
        ),
        (json!({"debtor": "Budi"}), "`details[1].mobile` is missing"),
        (json!({"mobile": ["Budi"]}), "`details[1].mobile` must be text, not a list"),
        (
            json!({"mobile": "+6281230001111", "debtr": "Budi"}),
            "`details[1]` `debtr` is not a field of Contact (did you mean `debtor`?)",
        ),
        (
            json!({"mobile": "+6281230001111", "Budi Santoso": 1}),
            "`details[1]` a name is not a field",
        ),
        (
            json!({"mobile": "+6281230001111", "extra": ["Budi"]}),
            "`details[1].extra` must be an object",
        ),
        (json!("Budi"), "`details[1]` must be an object, not text"),
        (json!(null), "`details[1]` must be an object, not null"),
    ] {
        let problem = contact(given);
        assert!(problem.starts_with(expected), "{problem}");
        assert!(!problem.contains("Budi") && !problem.contains("81230001111"), "{problem}");
    }
    assert_eq!(text(&task(json!([]))).unwrap_err(), "`details` is empty");
    for given in [json!([]), Value::Null, json!("Budi")] {
        assert_eq!(text(&given).unwrap_err(), "must be an object with the names of fields");
    }
    let twice = r#"{"task_name": "n", "task_name": "m"}"#;
    let problem = read(Some(&CREATE_TASK), Case::Snake, JsonTokens::new(twice)).err().unwrap();
    assert_eq!(problem.to_string(), "`task_name` is given twice");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,9}".prop_map(Value::from),
        Just(json!("+6281230001111"))
    ];
    let name = prop_oneof![
        Just("mobile".to_owned()),
        Just("details".to_owned()),
        Just("extra".to_owned()),
        Just("debtor".to_owned()),
        "[a-z]{1,5}"
    ];
    leaf.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((name.clone(), inner), 0..5).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_is_given_is_refused_or_good_json(details in any_json(), more in any_json()) {
        let mut params = task(details);
        params["repeat_number"] = more;
        if let Ok(fields) = named(&CREATE_TASK, Case::Snake, &params) {
            for (_, json) in fields.iter() {
                prop_assert!(serde_json::from_str::<Value>(json).is_ok());
            }
        }
    }
}
