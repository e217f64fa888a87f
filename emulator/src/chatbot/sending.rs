//! Sends template messages, and has their receivers answer.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::batches::{Batch, Status, TemplateMessage, fate};
use super::company;
use super::sessions::{self, Sender, Session};
use super::talking::Draft;
use super::templates::Template;
use super::{Chatbot, Step, content, views};
use crate::clock::{Clock, Moment};
use crate::events::News;

/// How many seconds after its message a receiver answers.
const ANSWERS_AFTER: u64 = 30;

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
            None => content::text("Yes"),
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
