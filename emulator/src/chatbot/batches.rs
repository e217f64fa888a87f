//! Batches of template messages: how far each message is, and what its receiver answers.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::company;
use super::sessions::{self, Sender, Session};
use super::talking::Draft;
use super::templates::Template;
use super::{Chatbot, Step, views};
use crate::clock::{Clock, Moment};
use crate::events::News;

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
    fate: Fate,
}

/// A batch.
#[derive(Debug)]
pub struct Batch {
    /// Its id.
    pub id: String,
    template: &'static Template,
    /// Its messages, in the order of the receivers.
    pub messages: Vec<TemplateMessage>,
}

/// What becomes of a message and what its receiver writes to the robot afterwards; nothing when they do not answer at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fate {
    reaches: &'static [(u64, Status)],
    writes: Option<&'static [&'static str]>,
}

const READ: &[(u64, Status)] = &[(1, Status::Sent), (3, Status::Delivered), (20, Status::Read)];
const ANSWERS_AFTER: u64 = 30;
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

fn fate(receiver: &str, chance: u32) -> Fate {
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

impl Chatbot {
    /// Sends a template to receivers with the values of its variables, and gives the batch.
    pub fn send_template(
        &mut self,
        template: &'static Template,
        receivers: Vec<(String, BTreeMap<String, String>)>,
        now: Moment,
    ) -> &Batch {
        let index = self.batches.len();
        let id = self.id();
        let mut messages = Vec::new();
        for (number, (receiver, values)) in receivers.into_iter().enumerate() {
            let chance = self.seed.u32(0..100);
            let fate = fate(&receiver, chance);
            for (seconds, status) in fate.reaches {
                self.plan(now, Duration::from_secs(*seconds), Step::TemplateReaches(index, number, *status));
            }
            if fate.writes.is_some() {
                self.plan(now, Duration::from_secs(ANSWERS_AFTER), Step::UserAnswers(index, number));
            }
            messages.push(TemplateMessage {
                receiver,
                values,
                id: self.id(),
                status: (Status::Waiting, now),
                fate,
            });
        }
        self.by_batch_id.insert(id.clone(), index);
        self.batches.push(Batch { id, template, messages });
        &self.batches[index]
    }

    pub(super) fn template_reaches(&mut self, batch: usize, receiver: usize, status: Status, at: Moment, clock: &Clock) {
        let Some(batch) = self.batches.get_mut(batch) else { return };
        let Some(message) = batch.messages.get_mut(receiver) else {
            return;
        };
        message.status = (status, at);
        let Some(message) = batch.messages.get(receiver) else { return };
        let body = batch.result(message, clock);
        self.news
            .push(News::new("chatbot.template_result", vec![batch.id.clone()], body, at));
    }

    /// The receiver answers: that opens a session, which begins with the template message.
    pub(super) fn user_answers(&mut self, batch: usize, receiver: usize, at: Moment, clock: &Clock) {
        let call_id = self.id();
        let Some(batch) = self.batches.get(batch) else { return };
        let Some(message) = batch.messages.get(receiver) else { return };
        let digits = message.receiver.trim_start_matches('+');
        let user = json!({"id": digits, "name": format!("User {}", &digits[digits.len().saturating_sub(4)..])});
        let mut session = Session::new(call_id, company::WHATSAPP, user, at);
        session.variables.clone_from(&message.values);
        session.intends = message.fate.writes.unwrap_or_default().iter().copied().collect();
        let template = Draft {
            id: Some(message.id.clone()),
            timestamp: None,
            content: batch.template.content(&message.values),
        };
        let answer = match batch.template.buttons.first() {
            Some((_, text)) => json!({"type": "button", "button": {"text": text}}),
            None => super::content::text("Yes"),
        };
        let response = json!({"template_id": batch.template.id, "batch_id": batch.id, "msg_id": message.id});
        let about = vec![batch.id.clone()];
        let index = self.open(session);
        let template = self.add(index, Sender::Robot, template, None, at, clock);
        self.sessions[index].messages[template].status = sessions::Status::Read;
        self.take_from_user(index, answer.into(), Some(template), at, clock);
        let session = &self.sessions[index];
        let mut body = response;
        let written = session.messages.last().map(|written| views::messages(session, &[written]));
        if let (Some(fields), Some(Value::Object(others))) = (body.as_object_mut(), written) {
            fields.extend(others);
        }
        self.news.push(News::new("chatbot.template_response", about, body, at));
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
