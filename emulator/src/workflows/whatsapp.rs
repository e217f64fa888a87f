//! WABA messages: how they go, decided by the last digits of the number, and how the API shows them.

use std::time::Duration;

use serde_json::{Value, json};

use super::state::{Contact, Message, Workflow};
use super::views;
use crate::clock::Clock;
use crate::clock::Moment;

/// How long a message takes to be sent.
pub const SENDING: Duration = Duration::from_secs(2);
const ARRIVING: Duration = Duration::from_secs(3);
const READING: Duration = Duration::from_mins(1);
/// How long a message may stay unread before the contact counts as not reached.
const PATIENCE: Duration = Duration::from_hours(1);
/// Numbers that no message reaches end in these digits. The README lists them.
const WITHOUT_WHATSAPP: &str = "0004";
/// Numbers that never read what they get end in these.
const NEVER_READS: &str = "0002";
/// The account that sends.
pub const CHANNEL_ID: &str = "101";
const NO_ACCOUNT: &str = "The number has no WhatsApp account.";

/// What happens after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The next step comes so much later.
    Wait(Duration),
    /// The message is as far as it gets.
    GoOn {
        /// Whether the person has read it.
        reached: bool,
    },
}

/// A step of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Whether the message has another status.
    pub changed: bool,
    /// What happens then.
    pub then: Then,
}

/// Takes the last message of a contact one step further.
pub fn advance(contact: &mut Contact, at: Moment) -> Step {
    let digits = |digits| contact.person.callee.ends_with(digits);
    let (fails, unread) = (digits(WITHOUT_WHATSAPP), digits(NEVER_READS));
    let given_up = Then::GoOn { reached: false };
    let Some(message) = contact.messages.last_mut() else {
        return Step {
            changed: false,
            then: given_up,
        };
    };
    let mut changed = true;
    let then = if fails {
        message.failed = true;
        given_up
    } else if message.sent.is_none() {
        message.sent = Some(at);
        Then::Wait(ARRIVING)
    } else if message.delivered.is_none() {
        message.delivered = Some(at);
        Then::Wait(if unread { PATIENCE } else { READING })
    } else if unread {
        changed = false;
        given_up
    } else {
        message.read = Some(at);
        Then::GoOn { reached: true }
    };
    Step { changed, then }
}

impl Message {
    /// The word for how far it is.
    #[must_use]
    pub fn status(&self) -> &'static str {
        match self {
            Self { failed: true, .. } => "failed",
            Self { read: Some(_), .. } => "read",
            Self { delivered: Some(_), .. } => "delivered",
            Self { sent: Some(_), .. } => "sent",
            _ => "sending",
        }
    }
}

/// The event `workflow.waba_message_status`.
pub fn status_change(workflow: &Workflow, index: usize, message: &Message, time: i64) -> Value {
    let mut body = views::node(workflow, message.node);
    views::put(&mut body, "waba_task_id", task_id(workflow, message.node));
    views::put(&mut body, "msg_id", json!(message.id));
    views::put(&mut body, "channel", json!("WhatsApp"));
    views::put(&mut body, "channel_id", json!(CHANNEL_ID));
    views::put(&mut body, "status", json!(message.status()));
    views::put(&mut body, "timestamp", json!(time));
    if let Some(contact) = workflow.contacts.get(index) {
        put_receiver(&mut body, contact);
    }
    if message.failed {
        views::put(&mut body, "fail_reason", json!(NO_ACCOUNT));
    }
    body
}

/// The messages of a WABA task.
pub fn of_task(workflow: &Workflow, node: usize) -> impl Iterator<Item = (&Contact, &Message)> {
    let contacts = workflow.contacts.iter();
    let messages = contacts.flat_map(|contact| contact.messages.iter().map(move |message| (contact, message)));
    messages.filter(move |(_, message)| message.node == node)
}

/// A message of `workflows.waba_task_details`.
pub fn detail(contact: &Contact, message: &Message, clock: &Clock) -> Value {
    let mut body = json!({"msg_id": message.id, "status": message.status()});
    put_receiver(&mut body, contact);
    let times = [
        ("send_time", message.sent),
        ("delivery_time", message.delivered),
        ("read_time", message.read),
    ];
    for (name, at) in times {
        if let Some(at) = at {
            views::put(&mut body, name, json!(clock.text(at)));
        }
    }
    if message.failed {
        views::put(&mut body, "fail_reason", json!(NO_ACCOUNT));
    }
    body
}

/// A task of `workflows.waba_tasks`.
pub fn task(workflow: &Workflow, node: usize, template: &str, clock: &Clock) -> Value {
    let count = |wanted: fn(&Message) -> bool| of_task(workflow, node).filter(|(_, message)| wanted(message)).count();
    let mut body = views::node(workflow, node);
    views::put(&mut body, "waba_task_id", task_id(workflow, node));
    views::put(&mut body, "template_name", json!(template));
    views::put(&mut body, "task_status", json!(views::node_status(workflow, node)));
    if let Some(began) = workflow.nodes.get(node).and_then(|run| run.began) {
        views::put(&mut body, "create_time", json!(clock.text(began)));
    }
    views::put(&mut body, "total", json!(count(|_| true)));
    views::put(&mut body, "sent", json!(count(|message| message.sent.is_some())));
    views::put(&mut body, "delivered", json!(count(|message| message.delivered.is_some())));
    views::put(&mut body, "read", json!(count(|message| message.read.is_some())));
    views::put(&mut body, "failed", json!(count(|message| message.failed)));
    body
}

fn task_id(workflow: &Workflow, node: usize) -> Value {
    json!(workflow.nodes.get(node).map(|run| &run.task_id))
}

fn put_receiver(body: &mut Value, contact: &Contact) {
    views::put(body, "wfdetail_uuid", json!(contact.id));
    views::put(body, "callee", json!(contact.person.callee));
    views::put_case(body, &contact.person);
}
