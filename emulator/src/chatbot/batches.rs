//! Batches of template messages, and how far each message gets.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::templates::Template;
use crate::clock::{Clock, Moment};

/// How far a template message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It has not been sent yet.
    Waiting,
    /// It was sent.
    Sent,
    /// It arrived.
    Delivered,
    /// It was read.
    Read,
    /// It could not be sent.
    Failed,
}

impl Status {
    /// How the API spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
        }
    }
}

/// A template message to one receiver.
#[derive(Debug)]
pub struct TemplateMessage {
    /// The receiver's number.
    pub receiver: String,
    /// The values of the template's variables.
    pub values: BTreeMap<String, String>,
    /// Its id.
    pub id: String,
    /// How far it is and since when.
    pub status: (Status, Moment),
    pub(super) fate: Fate,
}

/// A batch.
#[derive(Debug)]
pub struct Batch {
    /// Its id.
    pub id: String,
    pub(super) template: &'static Template,
    /// Its messages, in the order of the receivers.
    pub messages: Vec<TemplateMessage>,
}

/// What becomes of a message and what its receiver writes to the robot afterwards; nothing when they do not answer at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fate {
    pub(super) reaches: &'static [(u64, Status)],
    pub(super) writes: Option<&'static [&'static str]>,
}

const READ: &[(u64, Status)] = &[(1, Status::Sent), (3, Status::Delivered), (20, Status::Read)];
const ASKS_FOR_AGENT: Fate = Fate {
    reaches: READ,
    writes: Some(&["agent"]),
};
const DELIVERED: Fate = Fate {
    reaches: &[(1, Status::Sent), (3, Status::Delivered)],
    writes: None,
};
const SENT: Fate = Fate {
    reaches: &[(1, Status::Sent)],
    writes: None,
};
const FAILED: Fate = Fate {
    reaches: &[(1, Status::Failed)],
    writes: None,
};
const SAYS_GOODBYE: Fate = Fate {
    reaches: READ,
    writes: Some(&["menu", "bye"]),
};
const ONLY_READ: Fate = Fate {
    reaches: READ,
    writes: None,
};

/// Numbers that end in these digits go the same way under every seed. The README lists them.
const SCRIPTED: [(&str, Fate); 5] = [
    ("0001", ASKS_FOR_AGENT),
    ("0002", DELIVERED),
    ("0003", SENT),
    ("0004", FAILED),
    ("0005", SAYS_GOODBYE),
];

pub(super) fn fate(receiver: &str, chance: u32) -> Fate {
    let scripted = SCRIPTED.iter().find(|(digits, _)| receiver.ends_with(digits));
    scripted.map_or(
        match chance {
            0..15 => ASKS_FOR_AGENT,
            15..30 => SAYS_GOODBYE,
            30..70 => ONLY_READ,
            70..90 => DELIVERED,
            90..95 => SENT,
            _ => FAILED,
        },
        |(_, fate)| *fate,
    )
}

impl Batch {
    /// The result of one of its messages, as `chatbot.template_results` and the event have it.
    #[must_use]
    pub fn result(&self, message: &TemplateMessage, clock: &Clock) -> Value {
        let (status, at) = message.status;
        let mut view = Map::new();
        for (name, value) in [
            ("batch_id", json!(self.id)),
            ("template_id", json!(self.template.id)),
            ("msg_id", json!(message.id)),
            ("receiver", json!(message.receiver)),
            ("status", json!(status.name())),
            ("timestamp", json!(clock.unix(at))),
        ] {
            view.insert(name.to_owned(), value);
        }
        if status == Status::Failed {
            view.insert("reason".to_owned(), json!("the number is not on WhatsApp"));
        }
        Value::Object(view)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_digits_decide() {
        for chance in [0, 99] {
            assert_eq!(fate("+628000000001", chance), ASKS_FOR_AGENT);
            assert_eq!(fate("+628000000004", chance), FAILED);
        }
        let all: Vec<_> = (0..100).map(|chance| fate("+6281234567890", chance)).collect();
        for wanted in [ASKS_FOR_AGENT, DELIVERED, SENT, FAILED, SAYS_GOODBYE, ONLY_READ] {
            assert!(all.contains(&wanted));
        }
    }
}
