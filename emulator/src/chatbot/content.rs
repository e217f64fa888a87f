//! The contents of messages: what a request may send, and those that the emulator makes itself.

use serde_json::{Value, json};

use crate::envelope::Refusal;

/// Who may send a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// A user, through a channel of the customer's own.
    User,
    /// An agent.
    Agent,
}

/// A text.
#[must_use]
pub fn text(text: impl Into<String>) -> Value {
    json!({"type": "text", "text": text.into()})
}

/// A list to choose from.
#[must_use]
pub fn list(body: &str, button: &str, title: &str, rows: &[(&str, &str)]) -> Value {
    let rows: Vec<_> = rows.iter().map(|(id, title)| json!({"id": id, "title": title})).collect();
    json!({"type": "interactive", "interactive": {
        "type": "list",
        "body": {"text": body},
        "action": {"button": button, "sections": [{"title": title, "rows": rows}]},
    }})
}

/// Buttons to choose from.
#[must_use]
pub fn buttons(body: &str, buttons: &[(&str, &str)]) -> Value {
    let buttons: Vec<_> = buttons
        .iter()
        .map(|(id, title)| json!({"type": "reply", "reply": {"id": id, "title": title}}))
        .collect();
    json!({"type": "interactive", "interactive": {"type": "button", "body": {"text": body}, "action": {"buttons": buttons}}})
}

/// Something that happened to the session: the seat that has it changed.
#[must_use]
pub fn seat_change(from: &str, to: &str) -> Value {
    json!({"type": "system", "system": {"type": "conversation.start", "from_seat_id": from, "to_seat_id": to}})
}

/// Refuses a content that nobody could show; `field` is where the request has it. Types that are not known pass.
pub fn check(content: &Value, from: From, field: &str) -> Result<(), Refusal> {
    let needs = |path: &str| match content.pointer(path) {
        Some(Value::String(text)) if !text.is_empty() => Ok(()),
        Some(Value::Array(list)) if !list.is_empty() => Ok(()),
        _ => Err(Refusal::bad_request(format!(
            "{field}{}: is missing or empty",
            path.replace('/', ".")
        ))),
    };
    let not_from_here = || Err(Refusal::bad_request(format!("{field}.type: this type cannot be sent here")));
    match (content["type"].as_str().unwrap_or_default(), from) {
        ("text", _) => needs("/text"),
        ("image" | "video" | "audio", _) => needs("/media/origin_url"),
        ("file", _) => needs("/media/origin_url").and_then(|()| needs("/media/name")),
        ("button", From::User) => needs("/button/text"),
        ("template" | "system" | "button", _) => not_from_here(),
        ("interactive", _) => {
            let kind = content.pointer("/interactive/type").and_then(Value::as_str);
            match (kind.unwrap_or_default(), from) {
                ("", _) => needs("/interactive/type"),
                ("list", From::Agent) => needs("/interactive/body/text").and_then(|()| needs("/interactive/action/sections")),
                ("button", From::Agent) => needs("/interactive/body/text").and_then(|()| needs("/interactive/action/buttons")),
                ("list_reply", From::User) => needs("/interactive/list_reply/id"),
                ("button_reply", From::User) => needs("/interactive/button_reply/id"),
                ("list" | "button" | "list_reply" | "button_reply", _) => not_from_here(),
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn contents_are_checked_by_their_type() {
        for (content, from) in [
            (text("hello"), From::User),
            (text("hello"), From::Agent),
            (list("what?", "choose", "all", &[("a", "A")]), From::Agent),
            (buttons("what?", &[("a", "A")]), From::Agent),
            (
                json!({"type": "file", "media": {"origin_url": "https://x/y", "name": "y"}}),
                From::User,
            ),
            (
                json!({"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "a"}}}),
                From::User,
            ),
            (json!({"type": "button", "button": {"text": "Yes"}}), From::User),
            (json!({"type": "location", "latitude": 1}), From::User),
            (json!({"type": "interactive", "interactive": {"type": "product"}}), From::Agent),
        ] {
            assert_eq!(check(&content, from, "c"), Ok(()), "{content}");
        }
    }

    #[test]
    fn what_nobody_could_show_is_refused() {
        for (content, from, message) in [
            (json!({"type": "text"}), From::User, "c.text: is missing or empty"),
            (text(""), From::User, "c.text: is missing or empty"),
            (
                json!({"type": "image", "media": {}}),
                From::Agent,
                "c.media.origin_url: is missing or empty",
            ),
            (
                json!({"type": "file", "media": {"origin_url": "https://x/y"}}),
                From::Agent,
                "c.media.name: is missing or empty",
            ),
            (
                json!({"type": "interactive"}),
                From::Agent,
                "c.interactive.type: is missing or empty",
            ),
            (
                buttons("", &[("a", "A")]),
                From::Agent,
                "c.interactive.body.text: is missing or empty",
            ),
            (
                json!({"type": "interactive", "interactive": {"type": "list", "body": {"text": "what?"}, "action": {"sections": []}}}),
                From::Agent,
                "c.interactive.action.sections: is missing or empty",
            ),
            (buttons("what?", &[("a", "A")]), From::User, "c.type: this type cannot be sent here"),
            (seat_change("0", "1"), From::Agent, "c.type: this type cannot be sent here"),
            (
                json!({"type": "button", "button": {"text": "Yes"}}),
                From::Agent,
                "c.type: this type cannot be sent here",
            ),
        ] {
            assert_eq!(check(&content, from, "c").expect_err("refused").message, message);
        }
    }
}
