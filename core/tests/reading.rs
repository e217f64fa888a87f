//! The rules of reading, as every language sees them.
#![allow(clippy::unwrap_used, clippy::panic)]

use airudder::model::{AnyModel, Budget, JsonText, Language, ReadError, to_json};
use airudder::{Answer, Case, OPERATIONS, TaskPage};
use serde_json::{Value, json};

fn read(operation: &str, data: &str) -> Result<Value, ReadError> {
    read_within(operation, data, Budget::unlimited())
}

fn read_within(operation: &str, data: &str, budget: Budget) -> Result<Value, ReadError> {
    let operation = OPERATIONS.iter().find(|known| known.id == operation).unwrap();
    let answer = AnyModel::read(operation.answer.unwrap(), data, budget)?;
    Ok(serde_json::from_str(&to_json(&*answer, Case::Snake)).unwrap())
}

#[test]
fn a_name_matches_regardless_of_case_and_underscores() {
    let exact = read("tasks.list", r#"{"List": [{"TaskID": "t", "ScheduleEndTime": "e"}], "Total": 1}"#).unwrap();
    assert_eq!(exact, json!({"tasks": [{"task_id": "t", "schedule_end_time": "e"}], "total": 1}));
    for other in [
        r#"{"list": [{"taskid": "t", "schedule_end_time": "e"}], "total": 1}"#,
        r#"{"LIST": [{"task_id": "t", "scheduleEndTime": "e"}], "TOTAL": 1}"#,
    ] {
        assert_eq!(read("tasks.list", other).unwrap(), exact, "{other}");
    }
}

#[test]
fn of_two_spellings_the_closer_one_counts_and_the_other_is_kept() {
    for data in [
        r#"{"List": [{"TaskID": "exact", "taskid": "loose"}]}"#,
        r#"{"List": [{"taskid": "loose", "TaskID": "exact"}]}"#,
        r#"{"List": [{"taskid": "first", "taskid": "loose", "TaskID": "exact", "TaskID": null}]}"#,
    ] {
        let expected = json!({"tasks": [{"task_id": "exact", "extra": {"taskid": "loose"}}]});
        assert_eq!(read("tasks.list", data).unwrap(), expected, "{data}");
    }
    let loose = r#"{"List": [{"taskid": "first", "task_id": "second"}]}"#;
    let expected = json!({"tasks": [{"task_id": "first", "extra": {"task_id": "second"}}]});
    assert_eq!(read("tasks.list", loose).unwrap(), expected);
    let misfit = r#"{"List": [{"taskid": "loose", "TaskID": ["odd"]}]}"#;
    let expected = json!({"tasks": [{"task_id": "loose", "extra": {"TaskID": ["odd"]}}]});
    assert_eq!(read("tasks.list", misfit).unwrap(), expected);
}

#[test]
fn json_text_has_the_fields_of_an_object_in_order_and_once() {
    struct Camel;
    impl Language for Camel {
        const CASE: Case = Case::Camel;
    }
    let shape = OPERATIONS.iter().find(|known| known.id == "tasks.list").unwrap().answer.unwrap();
    let data =
        r#"{"total": 1, "news": 1, "list": [{"ScheduleEndTime": "e", "taskid": "loose", "x": 1, "TaskID": "exact"}, {"TaskID": "a"}]}"#;
    let text = <JsonText<Camel> as Answer>::read(shape, data, Budget::unlimited()).unwrap().json;
    let expected = r#"{"tasks":[{"taskId":"exact","scheduleEndTime":"e","extra":{"x":1,"taskid":"loose"}},{"taskId":"a"}],"total":1,"extra":{"news":1}}"#;
    assert_eq!(text, expected);
}

#[test]
fn half_a_surrogate_costs_one_character() {
    let data = r#"{"calls": [{"callid": "c", "caller": "Budi \ud83d"}, {"callid": "\ude00", "news\ud800": "\ud83d\ude00"}]}"#;
    let expected =
        json!({"calls": [{"call_id": "c", "caller": "Budi \u{fffd}"}, {"call_id": "\u{fffd}", "extra": {"news\u{fffd}": "😀"}}]});
    assert_eq!(read("tasks.detail", data).unwrap(), expected);
}

#[test]
fn whole_numbers_keep_their_digits() {
    let data = r#"{"taskid": 12345678901234567890123, "total": 3, "news": [18446744073709551615, 12345678901234567890123, 1.50]}"#;
    let expected = json!({"task_id": "12345678901234567890123", "total": 3, "calls": [],
        "extra": {"news": [18_446_744_073_709_551_615_u64, "12345678901234567890123", 1.5]}});
    assert_eq!(read("tasks.detail", data).unwrap(), expected);
}

#[test]
fn a_byte_order_mark_is_skipped() {
    assert_eq!(
        read("tasks.detail", "\u{feff}{\"taskid\": \"t\"}").unwrap(),
        json!({"task_id": "t", "calls": []})
    );
}

#[test]
fn what_unfolds_beyond_its_budget_is_not_read() {
    let budget = || Budget::for_bytes(1 << 20, None);
    let many = |item: &str| format!("{{\"calls\":[{}]}}", vec![item; 1_000_000].join(","));
    for item in ["{}", "[]", "0", "[[]]", "{\"news\":{}}"] {
        let error = read_within("tasks.detail", &many(item), budget()).unwrap_err();
        assert!(matches!(error, ReadError::OverBudget), "{item}: {error}");
    }
    let within = format!("{{\"calls\":[{}]}}", vec!["{\"callid\":\"c\"}"; 10_000].join(","));
    assert!(read_within("tasks.detail", &within, budget()).is_ok());
}

#[test]
fn the_deadline_holds_while_reading() {
    let data = format!("{{\"calls\":[{}]}}", vec!["{\"callid\":\"c\"}"; 10_000].join(","));
    let over = Budget::for_bytes(64 << 20, Some(std::time::Instant::now()));
    assert!(matches!(read_within("tasks.detail", &data, over).unwrap_err(), ReadError::Late));
}

#[test]
fn variants_are_found_in_linear_time() {
    // Each message holds another one, and names its content's type last: every level is looked through for it.
    let nested = (0..90).fold("{}".to_owned(), |inner, _| {
        format!(r#"{{"content":{{"news":[{inner}],"type":"text"}}}}"#)
    });
    let data = format!(r#"{{"messages":[{}]}}"#, vec![nested.as_str(); 300].join(","));
    let error = read_within("chatbot.messages", &data, Budget::for_bytes(1 << 20, None));
    assert!(!matches!(error, Err(ReadError::Syntax(_))));
}

#[test]
fn depth_is_bounded() {
    for (levels, is_read) in [(90, true), (110, false), (100_000, false)] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let data = format!("{{\"news\":{}1{}}}", open.repeat(levels), close.repeat(levels));
            let read = read("tasks.list", &data);
            assert_eq!(read.is_ok(), is_read, "{levels} of {open}");
            assert!(is_read || matches!(read, Err(ReadError::TooDeep)));
        }
    }
}

#[test]
fn a_missing_required_field_is_named() {
    let error = read("tasks.create", r#"{"news": 1}"#).unwrap_err();
    assert!(matches!(error, ReadError::Missing(field) if field.wire == "TaskID"), "{error}");
    let empty = TaskPage::read(OPERATIONS[0].answer.unwrap(), "null", Budget::unlimited()).unwrap();
    assert_eq!(empty, TaskPage::default());
}
