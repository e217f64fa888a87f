//! Chatbot sessions: what a robot and a person write to each other, and the event that tells of it.

use std::time::Duration;

use fastrand::Rng;
use serde_json::{Value, json};

use super::state::{Contact, Workflow, id};
use super::{views, whatsapp};
use crate::clock::{Clock, Moment};

const MESSAGE_EVERY: Duration = Duration::from_secs(30);
const ROBOT_ID: &str = "1001";
/// What the person writes and what the robot answers to it.
const ROUNDS: [(&str, &str); 3] = [
    ("Who is this?", "This is a reminder of your payment."),
    ("I can pay on Friday.", "Thank you, Friday is noted."),
    ("Good bye", "Have a nice day."),
];

/// A session that has ended.
#[derive(Debug)]
pub struct Session {
    id: String,
    began: Moment,
    ended: Moment,
    intention: &'static str,
}

/// How long a session lasts.
pub fn length(chance: &mut Rng) -> Duration {
    let rounds = chance.u32(1..=3);
    MESSAGE_EVERY * 2 * rounds
}

/// The session of a contact.
pub fn session(contact: &mut Contact, began: Moment, ended: Moment) -> Session {
    Session {
        id: id(&mut contact.chance),
        began,
        ended,
        intention: contact.chance.choice(["A", "B", "C"]).unwrap_or("A"),
    }
}

/// The event `workflow.chatbot_session_ended`.
pub fn ended(workflow: &Workflow, index: usize, node: usize, session: &Session, clock: &Clock) -> Value {
    let mut body = views::node(workflow, node);
    let Some(contact) = workflow.contacts.get(index) else { return body };
    let messages = messages(contact, session, clock);
    let rounds = messages.iter().filter(|message| message["sender_type"] == "user").count();
    let waba_task = contact.messages.last().and_then(|message| workflow.nodes.get(message.node));
    let intention = session.intention;
    for (name, value) in [
        ("waba_task_id", json!(waba_task.map_or("", |run| &run.task_id))),
        ("wfdetail_uuid", json!(contact.id)),
        ("timestamp", json!(clock.unix(session.ended))),
        ("channel", json!("WhatsApp")),
        ("channel_id", json!(whatsapp::CHANNEL_ID)),
        ("callee", json!(contact.person.callee)),
        ("call_id", json!(session.id)),
        ("robot_id", json!(ROBOT_ID)),
        ("status", json!("closed")),
        ("session_start_time", json!(clock.utc_text(session.began))),
        ("session_end_time", json!(clock.utc_text(session.ended))),
        ("session_end_reason", json!("robot")),
        ("intention", json!(intention)),
        ("talk_round", json!(rounds)),
        ("ner_slots", json!({"pay_day": "Friday"})),
        ("event_label", json!({"promise": if intention == "A" { "yes" } else { "no" }})),
        ("variables", Value::Object(contact.person.variables.clone())),
        ("messages", Value::Array(messages)),
    ] {
        views::put(&mut body, name, value);
    }
    body
}

/// The person and the robot take turns until the session ends.
fn messages(contact: &Contact, session: &Session, clock: &Clock) -> Vec<Value> {
    let turns = ROUNDS.iter().flat_map(|(person, robot)| [("user", person), ("chatbot", robot)]);
    let mut at = session.began;
    let mut chance = contact.chance.clone();
    turns
        .map(|(sender, text)| {
            at = at.plus(MESSAGE_EVERY);
            (at, sender, text)
        })
        .take_while(|(at, ..)| *at <= session.ended)
        .map(|(at, sender, text)| {
            json!({
                "msg_id": id(&mut chance),
                "seat_id": "",
                "timestamp": clock.unix(at),
                "sender_type": sender,
                "status": "read",
                "content": {"type": "text", "text": text},
            })
        })
        .collect()
}
