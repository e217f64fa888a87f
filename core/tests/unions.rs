//! A union is read as the variant that the JSON is, whatever the order of its fields, however deep it is, and nothing is lost.
#![allow(clippy::unwrap_used, clippy::panic)]

use airudder::model::{TypedUnion, to_value};
use airudder::{
    Case, ChatMessage, CollectionContact, Contact, CreateTask, ImageContent, Interactive, Media, MessageContent, OutgoingMessage,
    TaskDetail, TextContent,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(value: &Value) -> MessageContent {
    let from_value: MessageContent = serde_json::from_value(value.clone()).unwrap();
    let from_text: MessageContent = serde_json::from_str(&value.to_string()).unwrap();
    assert_eq!(from_value, from_text);
    from_value
}

#[test]
fn the_discriminator_tells_the_variant_wherever_it_stands() {
    for wire in [
        json!({"type": "text", "text": "Hi", "news": [1]}),
        json!({"text": "Hi", "news": [1], "type": "text"}),
        json!({"news": [1], "type": "text", "text": "Hi"}),
    ] {
        let MessageContent::Text(content) = read(&wire) else {
            panic!("{wire}")
        };
        assert_eq!(content.text.as_deref(), Some("Hi"));
        assert_eq!(content.extra.get("news"), Some(&json!([1])));
    }
    let chosen = json!({"interactive": {"list_reply": {"id": "r1"}, "type": "list_reply"}, "type": "interactive"});
    let MessageContent::Interactive(content) = read(&chosen) else {
        panic!("interactive")
    };
    let Some(Interactive::ListReply(reply)) = &content.interactive else {
        panic!("a list's reply")
    };
    assert_eq!(reply.list_reply.as_ref().unwrap().id.as_deref(), Some("r1"));
}

#[test]
fn what_nobody_has_seen_yet_is_kept_whole() {
    let wire = json!({"type": "location", "latitude": 1.5, "text": "here"});
    let content = read(&wire);
    assert_eq!(content.content_type(), "location");
    let MessageContent::Other(other) = &content else {
        panic!("another")
    };
    assert_eq!(other.extra.get("latitude"), Some(&json!(1.5)));
    assert_eq!(serde_json::to_value(&content).unwrap(), wire);

    let odd: ChatMessage = serde_json::from_value(json!({"content": {"type": 7, "text": "x"}})).unwrap();
    assert!(matches!(odd.content, Some(MessageContent::Other(_))));
    let none: ChatMessage = serde_json::from_value(json!({"content": {"text": "x"}})).unwrap();
    assert!(matches!(none.content, Some(MessageContent::Other(_))));
    for value in [json!("Hi"), json!(["Hi"]), json!(3)] {
        let message: ChatMessage = serde_json::from_value(json!({"content": value.clone()})).unwrap();
        assert_eq!(message.content, None);
        assert_eq!(message.extra.get("content"), Some(&value));
    }
    let detail: TaskDetail = serde_json::from_value(json!({"calls": ["no object"]})).unwrap();
    assert_eq!(detail.calls[0].extra().get("data"), Some(&json!("no object")));
}

#[test]
fn fields_tell_the_variant_where_nothing_names_it() {
    let variant = |wire: Value| {
        let contact = serde_json::from_value::<Contact>(wire).unwrap();
        assert!(contact.extra().is_empty(), "{:?}", contact.extra());
        contact.as_model().shape().name
    };
    assert_eq!(variant(json!({"Mobile": "+6281230000001", "Debtor": "x"})), "CollectionContact");
    // Any field that one line alone has, whatever else is missing.
    assert_eq!(
        variant(json!({"mobile": "+6281230000001", "arrears": 5, "due_date": "2026-11-30"})),
        "CollectionContact"
    );
    assert_eq!(
        variant(json!({"Mobile": "+6281230000001", "Birthday": "1990-01-01"})),
        "InfoCheckContact"
    );
    assert_eq!(
        variant(json!({"Mobile": "+6281230000001", "Name": "x", "OrderID": 7})),
        "TelemarketingContact"
    );
    assert_eq!(variant(json!({"Mobile": "+6281230000001", "Name": "x"})), "TelemarketingContact");
    assert_eq!(variant(json!({"Mobile": "+6281230000001"})), "TelemarketingContact");
    // Null says nothing.
    assert_eq!(
        variant(json!({"Mobile": "+6281230000001", "Debtor": null, "Address": "x"})),
        "InfoCheckContact"
    );
    let mixed: Contact = serde_json::from_value(json!({"Mobile": "+6281230000001", "OrderID": 7, "Debtor": "x"})).unwrap();
    assert_eq!(mixed.as_model().shape().name, "CollectionContact");
    assert_eq!(mixed.extra().get("OrderID"), Some(&json!(7)));
}

#[test]
fn constants_are_written_always() {
    let content = MessageContent::from(TextContent::new().text("Hi"));
    assert_eq!(TextContent::CONTENT_TYPE, "text");
    assert_eq!(content.content_type(), "text");
    assert_eq!(serde_json::to_value(&content).unwrap(), json!({"type": "text", "text": "Hi"}));
    assert_eq!(
        to_value(content.as_model(), Case::Camel),
        json!({"contentType": "text", "text": "Hi"})
    );
    assert_eq!(
        to_value(content.as_model(), Case::Snake),
        json!({"content_type": "text", "text": "Hi"})
    );
}

#[test]
fn a_request_takes_variants_as_they_are() {
    let contacts = vec![CollectionContact::new("+6281230000001").debtor("Budi")];
    let task = CreateTask::new("n", "2026-11-23 09:00:00", "2026-11-23 18:00:00", "1", contacts);
    assert!(matches!(task.details[..], [Contact::Collection(_)]));
    let mixed = [Contact::from(CollectionContact::new("+6281230000001")), Contact::default()];
    assert_eq!(CreateTask::new("n", "s", "e", "1", mixed).details.len(), 2);
    let mut media = Media::default();
    media.origin_url = Some("https://example.com/photo.png".to_owned());
    let message = OutgoingMessage::new(ImageContent::new().media(media));
    assert_eq!(
        serde_json::to_value(&message).unwrap(),
        json!({"content": {"type": "image", "media": {"origin_url": "https://example.com/photo.png"}}})
    );
}

#[test]
fn debug_shows_the_variant_and_nobody() {
    let content = read(&json!({"type": "text", "text": "My secret", "more": "Budi"}));
    assert_eq!(
        format!("{content:?}"),
        r#"TextContent { content_type: "text", text: [redacted], extra: [1 fields] }"#
    );
}

#[test]
fn messages_hold_messages_as_deep_as_json_may_be() {
    let mut text = r#"{"msg_id": "0"}"#.to_owned();
    for level in 1..100 {
        text = format!(r#"{{"reply": {text}, "msg_id": "{level}", "content": {{"text": "x", "type": "text"}}}}"#);
    }
    let message: ChatMessage = serde_json::from_str(&text).unwrap();
    let again: ChatMessage = serde_json::from_str(&serde_json::to_string(&message).unwrap()).unwrap();
    assert_eq!(message, again);
    let mut depth = 0;
    let mut here = Some(&message);
    while let Some(message) = here {
        depth += 1;
        here = message.reply.as_deref();
    }
    assert_eq!(depth, 100);
}

#[test]
fn hostile_nesting_ends_in_an_error() {
    let wraps = [
        (r#"{"reply":"#, "}"),
        (r#"{"content":{"type":"text","x":["#, "]}}"),
        (r#"{"content":{"x":[{"content":"#, r#"}],"type":"text"}}"#),
        (r#"{"content":{"type":"interactive","interactive":{"body":"#, "}}}"),
        (r#"{"content":{"interactive":{"x":"#, r#","type":"list"},"type":"interactive"}}"#),
    ];
    for levels in [10_000, 1_000_000] {
        for (open, close) in wraps {
            let text = format!("{}1{}", open.repeat(levels), close.repeat(levels));
            assert!(serde_json::from_str::<ChatMessage>(&text).is_err(), "{open} {levels} times");
            let unclosed = open.repeat(levels);
            assert!(
                serde_json::from_str::<ChatMessage>(&unclosed).is_err(),
                "{open} {levels} times, unclosed"
            );
        }
    }
}

fn any_content() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,9}".prop_map(Value::from),
        Just(json!("text")),
        Just(json!("interactive")),
        Just(json!("list_reply")),
    ];
    let name = prop_oneof![
        Just("type".to_owned()),
        Just("text".to_owned()),
        Just("interactive".to_owned()),
        Just("media".to_owned()),
        Just("reply".to_owned()),
        Just("content".to_owned()),
        "[a-z]{1,5}",
    ];
    leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((name.clone(), inner), 0..6).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_can_be_read_and_written(content in any_content(), reply in any_content()) {
        let message: ChatMessage = serde_json::from_value(json!({"content": content, "reply": reply})).unwrap();
        let text = serde_json::to_string(&message).unwrap();
        let again: ChatMessage = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(format!("{message:?}"), format!("{again:?}"));
        prop_assert_eq!(text, serde_json::to_string(&again).unwrap());
    }
}
