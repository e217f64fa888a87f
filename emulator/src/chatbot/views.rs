//! Sessions, messages and events as the API shows them.

use serde_json::{Map, Value, json};

use super::company::{COMPANY_ID, ROBOT_ID};
use super::sessions::{Message, Sender, Session};
use crate::clock::{Clock, Moment};
use crate::fields::as_text;

/// A message with the one that it quotes.
#[must_use]
pub fn message(session: &Session, message: &Message) -> Value {
    let mut view = alone(message);
    let quoted = message.quotes.and_then(|index| session.messages.get(index));
    if let (Some(quoted), Some(fields)) = (quoted, view.as_object_mut()) {
        fields.insert("reply".to_owned(), alone(quoted));
    }
    view
}

fn alone(message: &Message) -> Value {
    json!({
        "msg_id": message.id,
        "seat_id": message.seat_id,
        "timestamp": message.timestamp,
        "sender_type": message.sender.name(),
        "status": message.status.name(),
        "content": message.content,
    })
}

/// A session of `chatbot.sessions`.
#[must_use]
pub fn session(session: &Session, clock: &Clock) -> Value {
    let mut view = Map::new();
    let mut put = |name: &str, value: Value| {
        view.insert(name.to_owned(), value);
    };
    put("call_id", json!(session.call_id));
    put("channel", json!(session.kind().name()));
    put("channel_id", json!(session.channel.id));
    put("user", session.user.clone());
    put("status", json!(session.state.name()));
    put("seat_id", json!(session.seat_id));
    put("unread", json!(session.unread()));
    if let Some(last) = session.messages.last() {
        put("last_msg_id", json!(last.id));
    }
    put("session_start_time", json!(clock.utc_text(session.began)));
    if let Some((at, by)) = session.ended {
        put("session_end_time", json!(clock.utc_text(at)));
        put("session_end_reason", json!(by));
    }
    Value::Object(view)
}

/// What every event about a session says.
#[must_use]
pub fn about(session: &Session) -> Value {
    json!({
        "call_id": session.call_id,
        "company": COMPANY_ID,
        "channel": session.kind().name(),
        "channel_id": session.channel.id,
        "user": session.user,
    })
}

/// The body of an event with messages. Only the robot's, an agent's and the system's have the word `message.send`.
#[must_use]
pub fn messages(session: &Session, messages: &[&Message]) -> Value {
    let mut view = Map::new();
    if messages.iter().all(|message| message.sender != Sender::User) {
        view.insert("event".to_owned(), json!("message.send"));
    } else if !session.seat_id.is_empty() {
        view.insert("seat_id".to_owned(), json!(session.seat_id));
    }
    let listed: Vec<_> = messages.iter().map(|one| message(session, one)).collect();
    joined(view, [about(session), json!({"messages": listed})])
}

/// The body of an event about a message that got further.
#[must_use]
pub fn message_status(session: &Session, message: &Message, at: Moment, clock: &Clock) -> Value {
    let mut about = about(session);
    if let Some(fields) = about.as_object_mut() {
        fields.remove("user");
    }
    let status = json!({"msg_id": message.id, "status": message.status.name(), "timestamp": clock.unix(at)});
    joined(Map::new(), [about, status])
}

/// The body of an event that asks for an agent.
#[must_use]
pub fn transfer_request(session: &Session, at: Moment, clock: &Clock) -> Value {
    let request = json!({"robot_id": ROBOT_ID, "timestamp": clock.unix(at)});
    joined(Map::new(), [about(session), request])
}

/// The body of an event about the end of a session.
#[must_use]
pub fn session_end(session: &Session, clock: &Clock) -> Value {
    let (at, by) = session.ended.unwrap_or((session.began, "robot"));
    let end = json!({
        "robot_id": ROBOT_ID,
        "seat_id": session.seat_id,
        "status": session.state.name(),
        "session_start_time": clock.utc_text(session.began),
        "session_end_time": clock.utc_text(at),
        "session_end_reason": by,
        "timestamp": clock.unix(at),
    });
    joined(Map::new(), [about(session), end])
}

/// The body of `chatbot.session_report`.
#[must_use]
pub fn session_report(session: &Session, clock: &Clock) -> Value {
    let all: Vec<_> = session.messages.iter().map(|one| message(session, one)).collect();
    let labels = if session.asked_for_agent {
        json!({"wants_agent": "yes"})
    } else {
        json!({})
    };
    let report = json!({
        "intention": session.intention(),
        "talk_round": session.rounds(),
        "ner_slots": session.slots,
        "event_label": labels,
        "variables": session.variables,
        "messages": all,
    });
    let callee = match session.kind() {
        super::company::Kind::WhatsApp => json!({"callee": format!("+{}", as_text(&session.user["id"]))}),
        _ => json!({}),
    };
    joined(Map::new(), [session_end(session, clock), callee, report])
}

fn joined<const N: usize>(mut view: Map<String, Value>, parts: [Value; N]) -> Value {
    for part in parts {
        if let Value::Object(fields) = part {
            view.extend(fields);
        }
    }
    Value::Object(view)
}
