#![allow(clippy::unwrap_used)]

use super::*;
use crate::{
    ButtonInteractive, CollectionContact, CreateTask, CreateWorkflow, InteractiveAction, InteractiveContent, MessageContent,
    OutgoingMessage, ReplyButton, SendMessage, TextContent,
};

fn sent(params: impl Model) -> Result<String, String> {
    let shape = params.shape();
    let wire = Input::typed(params)
        .into_wire(Some(shape), Case::Snake)
        .map_err(|problem| problem.to_string())?;
    let mut json = Vec::new();
    let mut object = crate::model::ObjectWriter::new(&mut json);
    wire.each(&mut |name, piece| object.piece(name, &piece)).unwrap();
    object.end();
    Ok(String::from_utf8(json).unwrap())
}

#[test]
fn times_of_types_take_the_form_of_the_wire() {
    let workflow = |end: &str| sent(CreateWorkflow::new(7, "n", end));
    assert_eq!(
        workflow("2026-11-23T10:00:00.250Z").unwrap(),
        r#"{"workflow_template_id":7,"name":"n","end_time":"2026-11-23 10:00:00+00:00"}"#
    );
    assert!(
        workflow("2026-11-23 10:00:00")
            .unwrap_err()
            .starts_with("`end_time` must carry its zone")
    );
    let contact = CollectionContact::new("+6281230000001").due_date("2026-02-30");
    let task = CreateTask::new("n", "2026-11-23T09:00:00", "2026-11-23 18:00:00", "1", vec![contact]);
    let problem = sent(task).unwrap_err();
    assert_eq!(problem, "`details[0].due_date` is a day that the calendar does not have");
}

#[test]
fn variants_of_types_are_checked_and_written() {
    let message = |content: MessageContent| sent(SendMessage::new("c", vec![OutgoingMessage::new(content)]));
    assert_eq!(
        message(TextContent::new().text("Hi").into()).unwrap(),
        r#"{"call_id":"c","messages":[{"content":{"type":"text","text":"Hi"}}]}"#
    );
    assert_eq!(
        message(MessageContent::default()).unwrap_err(),
        "`messages[0].content.content_type` is empty"
    );
    let buttons = ButtonInteractive::new().action(InteractiveAction::new().buttons([ReplyButton::new()]));
    assert_eq!(
        message(InteractiveContent::new().interactive(buttons).into()).unwrap(),
        r#"{"call_id":"c","messages":[{"content":{"type":"interactive","interactive":{"type":"button","action":{"buttons":[{}]}}}}]}"#,
        "the list of sections, which an answer would have empty, is not sent"
    );
}
