//! The parameters of calls: what is sent, and what is refused before it is.
#![allow(clippy::unwrap_used)]

mod support;

use airudder::{
    ButtonInteractive, Case, Client, CollectionContact, CreateTask, CreateWorkflow, Error, ErrorKind, InteractiveAction,
    InteractiveContent, JsonText, Language, MessageContent, OutgoingMessage, ReplyButton, TextContent,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{in_memory, operation};

struct Snake;

impl Language for Snake {
    const CASE: Case = Case::Snake;
}

/// Makes a call, and returns the body that it sends or the reason why it sends none.
fn outcome<T, F: Future<Output = Result<T, Error>>>(call: impl FnOnce(Client) -> F) -> Result<String, String> {
    let (client, log) = in_memory(|_| json!({}));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let answer = runtime.block_on(call(client));
    let log = log.lock().unwrap();
    if let Some(sent) = log.iter().find(|sent| !sent.is_for_token()) {
        return Ok(sent.body.clone());
    }
    let error = answer.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let text = error.to_string();
    let (_, text) = text.split_once("nothing was sent: ").unwrap();
    Err(text
        .strip_suffix(". Correct the argument that the message names.")
        .unwrap()
        .to_owned())
}

/// Calls an operation with parameters by name.
fn named(id: &str, case: Case, params: &str) -> Result<String, String> {
    let operation = operation(id);
    outcome(|client| {
        let input = client.input_json(operation, case, params);
        client.call::<JsonText<Snake>>(operation, input).into_future()
    })
}

fn create(task: &Value) -> Result<String, String> {
    named("tasks.create", Case::Snake, &task.to_string())
}

fn task(details: impl Into<Value>) -> Value {
    let time = "2026-01-01 00:00:00";
    let details: Value = details.into();
    json!({"details": details, "robot_id": 7, "task_name": "n", "schedule_end_time": time, "schedule_start_time": time})
}

/// Sends a message by name, and returns the JSON of its content.
fn message(content: impl Into<Value>) -> Result<String, String> {
    let content: Value = content.into();
    let params = json!({"call_id": "c", "messages": [{"content": content}]}).to_string();
    let body = named("chatbot.send_message", Case::Snake, &params)?;
    let content = body.strip_prefix(r#"{"call_id":"c","messages":[{"content":"#);
    Ok(content.and_then(|content| content.strip_suffix("}]}")).unwrap().to_owned())
}

fn typed_message(content: impl Into<MessageContent>) -> Result<String, String> {
    let messages = vec![OutgoingMessage::new(content)];
    outcome(|client| client.chatbot().send_message("c", messages).into_future())
}

#[test]
fn fields_come_out_in_the_contracts_order_and_extra_ones_replace() {
    let contact = json!({"debtor": "B", "extra": {"gift": [1], "Debtor": "S"}, "mobile": "+6281230001111", "due_date": null});
    let mut params = task(json!([contact, {"mobile": "+6281230002222"}]));
    params["extra"] = json!({"TaskName": "other"});
    assert_eq!(
        create(&params).unwrap(),
        r#"{"ScheduleStartTime":"2026-01-01 00:00:00","ScheduleEndTime":"2026-01-01 00:00:00","RobotID":"7","Details":[{"Mobile":"+6281230001111","gift":[1],"Debtor":"S"},{"Mobile":"+6281230002222"}],"TaskName":"other"}"#
    );
}

#[test]
fn a_wrong_value_is_named_by_its_place_and_never_shown() {
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
        let problem = create(&task(json!([{"mobile": "+6281230001111"}, given]))).unwrap_err();
        assert!(problem.starts_with(expected), "{problem}");
        assert!(!problem.contains("Budi") && !problem.contains("81230001111"), "{problem}");
    }
    assert_eq!(create(&task(json!([]))).unwrap_err(), "`details` is empty");
    for given in [json!([]), Value::Null, json!("Budi")] {
        assert_eq!(create(&given).unwrap_err(), "must be an object with the names of fields");
    }
    let twice = named("tasks.create", Case::Snake, r#"{"task_name": "n", "task_name": "m"}"#);
    assert_eq!(twice.unwrap_err(), "`task_name` is given twice");
}

#[test]
fn a_variant_is_given_with_its_discriminator_in_any_order() {
    let choice =
        json!({"interactive": {"list_reply": {"title": "A", "id": "1"}, "interactive_type": "list_reply"}, "content_type": "interactive"});
    for (content, expected) in [
        (json!({"content_type": "text", "text": "Hi"}), r#"{"type":"text","text":"Hi"}"#),
        (json!({"text": "Hi", "content_type": "text"}), r#"{"type":"text","text":"Hi"}"#),
        (
            choice,
            r#"{"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"1","title":"A"}}}"#,
        ),
        (
            json!({"content_type": "location", "extra": {"latitude": 1.5}}),
            r#"{"type":"location","latitude":1.5}"#,
        ),
        (json!({"text": "Hi", "extra": {"type": "text"}}), r#"{"text":"Hi","type":"text"}"#),
    ] {
        assert_eq!(message(content).unwrap(), expected);
    }
}

#[test]
fn a_wrong_variant_is_named() {
    for (given, expected) in [
        (
            json!({"text": "Budi"}),
            "`messages[0].content` must have `content_type`, which says what it is: `text`, `image`,",
        ),
        (
            json!({"content_type": "image", "text": "Budi"}),
            "`messages[0].content.text` goes with the `content_type` `text`, but here it is `image`; fields beyond",
        ),
        (
            json!({"content_type": "Budi", "media": {}}),
            "`messages[0].content.media` goes with the `content_type` `image` or `video` or `audio` or `file`, but here it is another",
        ),
        (
            json!({"content_type": "text", "txt": "Budi"}),
            "`messages[0].content` `txt` is not a field of MessageContent (did you mean `text`?)",
        ),
        (json!("Budi"), "`messages[0].content` must be an object, not text"),
        (
            json!({"content_type": ["Budi"]}),
            "`messages[0].content.content_type` must be text, not a list",
        ),
        (json!({"content_type": ""}), "`messages[0].content.content_type` is empty"),
    ] {
        let problem = message(given).unwrap_err();
        assert!(problem.starts_with(expected), "{problem}");
        assert!(!problem.contains("Budi"), "{problem}");
    }
    let camel = r#"{"callId": "c", "messages": [{"content": {"contentType": "image", "text": "Hi"}}]}"#;
    let problem = named("chatbot.send_message", Case::Camel, camel).unwrap_err();
    assert!(
        problem.starts_with("`messages[0].content.text` goes with the `contentType` `text`"),
        "{problem}"
    );
}

#[test]
fn variants_without_a_discriminator_can_be_mixed() {
    let contact = json!({"mobile": "+6281230000001", "debtor": "Budi", "name": "Siti"});
    let body = create(&task(json!([contact]))).unwrap();
    let fields = [r#""Mobile":"+6281230000001""#, "Budi", "Siti"];
    assert!(fields.iter().all(|field| body.contains(field)), "{body}");
    let problem = create(&task(json!([{"name": "Siti"}]))).unwrap_err();
    assert_eq!(problem, "`details[0].mobile` is missing");
}

#[test]
fn variants_of_types_are_checked_and_written() {
    assert_eq!(
        typed_message(TextContent::new().text("Hi")).unwrap(),
        r#"{"call_id":"c","messages":[{"content":{"type":"text","text":"Hi"}}]}"#
    );
    assert_eq!(
        typed_message(MessageContent::default()).unwrap_err(),
        "`messages[0].content.content_type` is empty"
    );
    let buttons = ButtonInteractive::new().action(InteractiveAction::new().buttons([ReplyButton::new()]));
    assert_eq!(
        typed_message(InteractiveContent::new().interactive(buttons)).unwrap(),
        r#"{"call_id":"c","messages":[{"content":{"type":"interactive","interactive":{"type":"button","action":{"buttons":[{}]}}}}]}"#,
        "the list of sections, which an answer would have empty, is not sent"
    );
}

#[test]
fn input_is_nested_only_so_deep() {
    let nested = |levels: usize| {
        let news = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        let params = format!(r#"{{"call_id": "c", "extra": {{"news": {news}}}}}"#);
        named("chatbot.end_session", Case::Snake, &params)
    };
    assert!(nested(50).is_ok());
    let problem = nested(500).unwrap_err();
    assert!(problem.ends_with("is nested too deep"), "{problem}");
}

/// A time of a field of this format, as it is sent.
fn time(format: &str, given: &str) -> Result<String, String> {
    let (field, body) = match format {
        "date" => ("DueDate", create(&task(json!([{"mobile": "+6281230000001", "due_date": given}])))),
        "account" => {
            let mut params = task(json!([{"mobile": "+6281230000001"}]));
            params["schedule_end_time"] = given.into();
            ("ScheduleEndTime", create(&params))
        }
        _ => {
            let params = json!({"workflow_template_id": 7, "name": "n", "end_time": given, "details": []});
            ("end_time", named("workflows.create", Case::Snake, &params.to_string()))
        }
    };
    let body: Value = serde_json::from_str(&body?).unwrap();
    let sent = body.get(field).unwrap_or(&body["Details"][0][field]);
    Ok(sent.as_str().unwrap().to_owned())
}

#[test]
fn times_take_the_form_of_the_wire() {
    for (format, given, expected) in [
        ("zoned", "2026-11-23 18:00:00+08:00", "2026-11-23 18:00:00+08:00"),
        ("zoned", "2026-11-23T18:00:00+08:00", "2026-11-23 18:00:00+08:00"),
        ("zoned", "2026-11-23t18:00+08:00", "2026-11-23 18:00:00+08:00"),
        ("zoned", "2026-11-23T18:00:00.123456789+08:00", "2026-11-23 18:00:00+08:00"),
        ("zoned", "2026-11-23 18:00:00-03:30", "2026-11-23 18:00:00-03:30"),
        ("zoned", "2026-11-23T10:00:00.000Z", "2026-11-23 10:00:00+00:00"),
        ("zoned", "2026-11-23T10:00:00.000z", "2026-11-23 10:00:00+00:00"),
        ("zoned", "2026-11-23T10:00:00.000-00:00", "2026-11-23 10:00:00+00:00"),
        ("account", "2026-11-23T18:00:00", "2026-11-23 18:00:00"),
        ("account", "2026-11-23T18:00", "2026-11-23 18:00:00"),
        ("date", "2028-02-29", "2028-02-29"),
        ("date", "2000-02-29", "2000-02-29"),
    ] {
        assert_eq!(time(format, given).as_deref(), Ok(expected), "{given}");
    }
    let workflow = CreateWorkflow::new(7, "n", "2026-11-23T10:00:00.250Z");
    assert_eq!(
        outcome(|client| client.workflows().create(workflow).into_future()).unwrap(),
        r#"{"workflow_template_id":7,"name":"n","end_time":"2026-11-23 10:00:00+00:00"}"#
    );
}

#[test]
fn wrong_times_are_refused_and_never_guessed() {
    for (format, problem, given) in [
        (
            "zoned",
            "must carry its zone, as 2026-11-23 18:00:00+08:00; a time without zone would be a guess",
            &["2026-11-23 18:00:00", "2026-11-23T18:00", "2026-11-23T18:00:00.5"][..],
        ),
        (
            "zoned",
            "must be a time with its zone, as 2026-11-23 18:00:00+08:00",
            &[
                "soon",
                "2026-11-23",
                "2026-11-23 18:00:00 +08:00",
                "2026-11-23T18:00:00+0800",
                "2026-11-23T18:00:00.+08:00",
                "23.11.2026",
            ],
        ),
        (
            "zoned",
            "is a time that no clock shows",
            &["2026-11-23 24:00:00Z", "2026-11-23 18:00:00+80:00"],
        ),
        ("zoned", "is a day that the calendar does not have", &["2026-11-31 18:00:00+08:00"]),
        (
            "account",
            "must carry no zone: it is a time in the time zone of the account, as YYYY-MM-DD HH:MM:SS",
            &["2026-11-23 18:00:00+08:00", "2026-11-23T10:00:00Z"],
        ),
        (
            "account",
            "must be a time as YYYY-MM-DD HH:MM:SS, in the time zone of the account",
            &["2026-11-23", "2026-11-23 18", "2026-11-23 18:00:00 WIB"],
        ),
        (
            "account",
            "is a time that no clock shows",
            &["2026-11-23 24:00:00", "2026-11-23 23:60:00", "2026-11-23 23:59:60"],
        ),
        (
            "date",
            "is a day that the calendar does not have",
            &["2026-02-29", "2100-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-04-00"],
        ),
        ("date", "must be a day as YYYY-MM-DD", &["26-04-01", "2026-04-01 ", "２026-04-01"]),
    ] {
        let field = match format {
            "date" => "details[0].due_date",
            "account" => "schedule_end_time",
            _ => "end_time",
        };
        for given in given {
            assert_eq!(time(format, given), Err(format!("`{field}` {problem}")), "{given}");
        }
    }
    let contact = CollectionContact::new("+6281230000001").due_date("2026-02-30");
    let task = CreateTask::new("n", "2026-11-23T09:00:00", "2026-11-23 18:00:00", "1", vec![contact]);
    assert_eq!(
        outcome(|client| client.tasks().create(task).into_future()).unwrap_err(),
        "`details[0].due_date` is a day that the calendar does not have"
    );
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
    let name = prop_oneof!["mobile|details|extra|debtor", "[a-z]{1,5}"];
    leaf.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((name.clone(), inner), 0..5).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_input_is_refused_or_sent_as_json(details in any_json(), more in any_json()) {
        let mut params = task(details);
        params["repeat_number"] = more;
        if let Ok(body) = create(&params) {
            prop_assert!(serde_json::from_str::<Value>(&body).is_ok(), "{body}");
        }
    }
}
