//! Unions, constants, times, and models that hold themselves, given by name.

use super::*;
use crate::generated::shapes::{CHAT_MESSAGE, CREATE_WORKFLOW, SEND_MESSAGE};
use crate::schema::{Field, Format, Kind};

#[allow(clippy::needless_pass_by_value)] // tests write it in place
fn named(shape: &'static Shape, case: Case, params: Value) -> Result<String, String> {
    let fields = super::named(shape, case, &params).map_err(|problem| problem.to_string())?;
    let typed = fields.iter().map(|(name, json)| format!("{name}={json}"));
    Ok(typed.collect::<Vec<_>>().join(" "))
}

fn sent(content: impl Into<Value>) -> Result<String, String> {
    let content = content.into();
    let text = named(
        &SEND_MESSAGE,
        Case::Snake,
        json!({"call_id": "c", "messages": [{"content": content}]}),
    )?;
    Ok(text
        .strip_prefix(r#"call_id="c" messages=[{"content":"#)
        .and_then(|text| text.strip_suffix("}]"))
        .unwrap()
        .to_owned())
}

#[test]
fn a_variant_is_given_with_its_discriminator_in_any_order() {
    for content in [
        json!({"content_type": "text", "text": "Hi"}),
        json!({"text": "Hi", "content_type": "text"}),
    ] {
        assert_eq!(sent(content).unwrap(), r#"{"type":"text","text":"Hi"}"#);
    }
    let choice =
        json!({"interactive": {"list_reply": {"title": "A", "id": "1"}, "interactive_type": "list_reply"}, "content_type": "interactive"});
    assert_eq!(
        sent(choice).unwrap(),
        r#"{"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"1","title":"A"}}}"#
    );
    let unknown = json!({"content_type": "location", "extra": {"latitude": 1.5}});
    assert_eq!(sent(unknown).unwrap(), r#"{"type":"location","latitude":1.5}"#);
    let replaced = json!({"text": "Hi", "extra": {"type": "text"}});
    assert_eq!(sent(replaced).unwrap(), r#"{"text":"Hi","type":"text"}"#);
}

#[test]
fn what_is_wrong_with_a_variant_is_named() {
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
        let problem = sent(given).unwrap_err();
        assert!(problem.starts_with(expected), "{problem}");
        assert!(!problem.contains("Budi"), "{problem}");
    }
    let camel = json!({"callId": "c", "messages": [{"content": {"contentType": "image", "text": "Hi"}}]});
    let problem = named(&SEND_MESSAGE, Case::Camel, camel).unwrap_err();
    assert!(
        problem.starts_with("`messages[0].content.text` goes with the `contentType` `text`"),
        "{problem}"
    );
}

#[test]
fn variants_that_nothing_names_can_be_mixed() {
    let contact = json!({"mobile": "+6281230000001", "debtor": "Budi", "name": "Siti"});
    let task = text(&task(json!([contact]))).unwrap();
    assert!(
        task.contains(r#""Mobile":"+6281230000001""#) && task.contains("Budi") && task.contains("Siti"),
        "{task}"
    );
    let problem = text(&super::task(json!([{"name": "Siti"}]))).unwrap_err();
    assert_eq!(problem, "`details[0].mobile` is missing");
}

#[test]
fn a_constant_need_not_be_given_but_has_to_fit() {
    static FIELDS: &[Field] = &[field("kind", Some("text")), field("note", None)];
    static TEXT: Shape = Shape::new("Text", FIELDS);
    const fn field(name: &'static str, constant: Option<&'static str>) -> Field {
        Field {
            name,
            camel: name,
            wire: name,
            kind: Kind::Text,
            format: Format::Any,
            constant,
            aliases: &[],
            required: constant.is_some(),
            sensitive: false,
            source: crate::Source::Assumed,
        }
    }
    for given in [
        json!({"note": "n"}),
        json!({"note": "n", "kind": "text"}),
        json!({"kind": null, "note": "n"}),
    ] {
        assert_eq!(named(&TEXT, Case::Snake, given).unwrap(), r#"kind="text" note="n""#);
    }
    let problem = named(&TEXT, Case::Snake, json!({"kind": "Budi"})).unwrap_err();
    assert_eq!(problem, "`kind` must be `text`, as always");
}

#[test]
fn a_time_takes_the_form_of_the_wire_or_is_refused() {
    let workflow = |end: &str| {
        named(
            &CREATE_WORKFLOW,
            Case::Snake,
            json!({"workflow_template_id": 7, "name": "n", "end_time": end, "details": []}),
        )
    };
    let good = workflow("2026-11-23T18:00:00.5+08:00").unwrap();
    assert!(good.contains(r#"end_time="2026-11-23 18:00:00+08:00""#), "{good}");
    let problem = workflow("2026-11-23 18:00:00").unwrap_err();
    assert_eq!(
        problem,
        "`end_time` must carry its zone, as 2026-11-23 18:00:00+08:00; a time without zone would be a guess"
    );
    let mut params = task(json!([{"mobile": "+6281230000001"}]));
    params["schedule_end_time"] = json!("2026-11-23T18:00");
    assert!(text(&params).unwrap().contains(r#"ScheduleEndTime="2026-11-23 18:00:00""#));
    params["schedule_end_time"] = json!("2026-11-31 18:00:00");
    assert_eq!(
        text(&params).unwrap_err(),
        "`schedule_end_time` is a day that the calendar does not have"
    );
}

#[test]
fn messages_hold_messages_but_not_without_end() {
    let nested = |levels: usize| (0..levels).fold(json!({"msg_id": "m"}), |inner, _| json!({"reply": inner}));
    assert!(named(&CHAT_MESSAGE, Case::Snake, nested(50)).is_ok());
    let problem = named(&CHAT_MESSAGE, Case::Snake, nested(500)).unwrap_err();
    assert!(problem.ends_with("is nested too deep"), "{problem}");
}
