//! How a session goes: what users, the robot and agents write, who has it, and the events of it.

use std::time::Duration;

use serde_json::Value;

use super::bot::{self, Then};
use super::company::{Channel, Kind};
use super::sessions::{Message, Sender, Session, State, Status};
use super::{Chatbot, Step, content, views};
use crate::clock::{Clock, Moment};
use crate::envelope::Refusal;
use crate::events::News;

/// How long the robot takes for an answer.
const BOT_TAKES: Duration = Duration::from_secs(2);
/// How long the user of an emulated WhatsApp takes for one.
const USER_TAKES: Duration = Duration::from_secs(10);
/// When a message arrives, and when it is read there.
const PROGRESS: [(Duration, Status); 2] = [(Duration::from_secs(1), Status::Delivered), (Duration::from_secs(5), Status::Read)];

/// A message before it has its place in a session.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The id that the sender gave it.
    pub id: Option<String>,
    /// When it was sent, in Unix seconds; now when absent.
    pub timestamp: Option<i64>,
    /// What it says or shows.
    pub content: Value,
}

impl From<Value> for Draft {
    fn from(content: Value) -> Self {
        Self {
            id: None,
            timestamp: None,
            content,
        }
    }
}

impl Chatbot {
    /// A user wrote in a channel of the customer's own. A `call_id` that is not known opens a session.
    pub fn user_wrote(
        &mut self,
        call_id: &str,
        channel: &'static Channel,
        user: Value,
        drafts: Vec<Draft>,
        now: Moment,
        clock: &Clock,
    ) -> Result<(), Refusal> {
        let index = match self.by_call_id.get(call_id) {
            None => self.open(Session::new(call_id.to_owned(), channel, user, now)),
            Some(index) => {
                let index = *index;
                let session = &self.sessions[index];
                if session.state == State::Closed {
                    return Err(Refusal::bad_request("call_id: the session has ended"));
                }
                if session.channel != channel || session.user["id"] != user["id"] {
                    return Err(Refusal::bad_request(
                        "call_id: the session is another user's, or goes over another channel",
                    ));
                }
                index
            }
        };
        for draft in drafts {
            self.take_from_user(index, draft, None, now, clock);
        }
        Ok(())
    }

    /// Takes a session up.
    pub(super) fn open(&mut self, session: Session) -> usize {
        let index = self.sessions.len();
        self.by_call_id.insert(session.call_id.clone(), index);
        self.sessions.push(session);
        index
    }

    /// What the user wrote goes to whoever has the session. A message that came before, by its id, is not taken twice.
    pub(super) fn take_from_user(&mut self, index: usize, draft: Draft, quotes: Option<usize>, now: Moment, clock: &Clock) {
        if draft.id.as_ref().is_some_and(|id| self.sessions[index].position(id).is_some()) {
            return;
        }
        let message = self.add(index, Sender::User, draft, quotes, now, clock);
        let session = &self.sessions[index];
        let (kind, state) = (session.kind(), session.state);
        let body = views::messages(session, &[&session.messages[message]]);
        if kind == Kind::WhatsApp {
            self.tell(index, "user_message", body.clone(), now);
        }
        match state {
            State::Robot => self.plan(now, BOT_TAKES, Step::BotAnswers(index, message)),
            State::Agent => self.tell(index, "user_message_to_agent", body, now),
            State::Waiting | State::Closed => {}
        }
    }

    /// An agent sends messages; gives their ids.
    pub fn agent_sends(&mut self, call_id: &str, drafts: Vec<Draft>, now: Moment, clock: &Clock) -> Result<Vec<String>, Refusal> {
        let index = self.index(call_id)?;
        match self.sessions[index].state {
            State::Agent => {}
            State::Closed => return Err(Refusal::bad_request("call_id: the session has ended")),
            State::Robot | State::Waiting => return Err(Refusal::bad_request("call_id: no agent has the session")),
        }
        let mut ids = Vec::new();
        let mut last = None;
        for draft in drafts {
            let message = self.add(index, Sender::Agent, draft, None, now, clock);
            self.goes_out(index, message, now);
            ids.push(self.sessions[index].messages[message].id.clone());
            last = Some(message);
        }
        if self.sessions[index].kind() == Kind::WhatsApp {
            let thanks = content::text("Thank you.");
            self.plan(now, USER_TAKES, Step::UserWrites(index, thanks, last));
        }
        Ok(ids)
    }

    /// Whether an agent took the session over: `seat_id` of the one who did, or nobody.
    pub fn transferred(&mut self, call_id: &str, seat_id: Option<&str>, now: Moment, clock: &Clock) -> Result<(), Refusal> {
        let index = self.index(call_id)?;
        let session = &mut self.sessions[index];
        match (session.state, seat_id) {
            // Told twice is told once.
            (State::Agent, Some(seat_id)) if session.seat_id == seat_id => return Ok(()),
            (State::Waiting, _) => {}
            (State::Closed, _) => return Err(Refusal::bad_request("call_id: the session has ended")),
            (State::Robot, None) if session.asked_for_agent => return Ok(()),
            _ => return Err(Refusal::bad_request("call_id: the session does not wait for an agent")),
        }
        let Some(seat_id) = seat_id else {
            session.state = State::Robot;
            let says = vec![content::text("No agent is free. Say menu or bye.")];
            self.robot_says(index, says, now, clock);
            return Ok(());
        };
        session.state = State::Agent;
        let before = std::mem::replace(&mut session.seat_id, seat_id.to_owned());
        let notice = content::seat_change(if before.is_empty() { "0" } else { &before }, seat_id);
        self.add(index, Sender::System, notice.into(), None, now, clock);
        Ok(())
    }

    /// Marks messages of the user as read.
    pub fn mark_read(&mut self, call_id: &str, msg_id: Option<&str>) -> Result<(), Refusal> {
        let index = self.index(call_id)?;
        self.sessions[index].mark_read(msg_id)
    }

    /// Ends a session. One that has ended stays as it is.
    pub fn end(&mut self, call_id: &str, now: Moment, clock: &Clock) -> Result<(), Refusal> {
        let index = self.index(call_id)?;
        self.close(index, "agent", now, clock);
        Ok(())
    }

    /// Something that was planned happens.
    pub(super) fn happen(&mut self, step: Step, at: Moment, clock: &Clock) {
        match step {
            Step::BotAnswers(index, message) => self.bot_answers(index, message, at, clock),
            Step::Reaches(index, message, status) => self.reaches(index, message, status, at, clock),
            Step::UserWrites(index, content, quotes) => {
                if self.sessions[index].state != State::Closed {
                    self.take_from_user(index, content.into(), quotes, at, clock);
                }
            }
            Step::TemplateReaches(batch, receiver, status) => self.template_reaches(batch, receiver, status, at, clock),
            Step::UserAnswers(batch, receiver) => self.user_answers(batch, receiver, at, clock),
        }
    }

    fn bot_answers(&mut self, index: usize, message: usize, at: Moment, clock: &Clock) {
        let session = &mut self.sessions[index];
        if session.state != State::Robot {
            return;
        }
        let reaction = bot::react(&session.messages[message].content);
        session.slots.extend(reaction.slot.map(|(name, value)| (name.to_owned(), value)));
        self.robot_says(index, reaction.says, at, clock);
        match reaction.then {
            Then::Waits => {}
            Then::Ends => self.close(index, "robot", at, clock),
            Then::AsksForAgent => {
                let session = &mut self.sessions[index];
                session.state = State::Waiting;
                session.asked_for_agent = true;
                let body = views::transfer_request(session, at, clock);
                let kind = match session.kind() {
                    Kind::WhatsApp => "transfer_request",
                    Kind::Huawei => "huawei_transfer_request",
                    Kind::Web => "bot_transfer_request",
                };
                self.tell(index, kind, body, at);
            }
        }
    }

    fn robot_says(&mut self, index: usize, says: Vec<Value>, at: Moment, clock: &Clock) {
        for content in says {
            let message = self.add(index, Sender::Robot, content.into(), None, at, clock);
            self.goes_out(index, message, at);
        }
        let session = &mut self.sessions[index];
        if let Some(words) = session.intends.pop_front() {
            self.plan(at, USER_TAKES, Step::UserWrites(index, content::text(words), None));
        }
    }

    /// A message of ours goes out: the events of it, and of how it gets on.
    fn goes_out(&mut self, index: usize, message: usize, at: Moment) {
        let session = &self.sessions[index];
        let sent = &session.messages[message];
        let by_robot = sent.sender == Sender::Robot;
        let body = views::messages(session, &[sent]);
        match session.kind() {
            Kind::WhatsApp => self.tell(index, "channel_message", body, at),
            // The customer passes the robot's words on, and knows the agent's.
            Kind::Huawei if by_robot => self.tell(index, "huawei_bot_reply", body, at),
            Kind::Web if by_robot => self.tell(index, "bot_reply", body, at),
            Kind::Huawei | Kind::Web => {}
        }
        for (after, status) in PROGRESS {
            self.plan(at, after, Step::Reaches(index, message, status));
        }
    }

    fn reaches(&mut self, index: usize, message: usize, status: Status, at: Moment, clock: &Clock) {
        let Some(reached) = self.sessions[index].messages.get_mut(message) else {
            return;
        };
        reached.status = status;
        let by_agent = reached.sender == Sender::Agent;
        let session = &self.sessions[index];
        let over_whatsapp = session.kind() == Kind::WhatsApp;
        let body = views::message_status(session, &session.messages[message], at, clock);
        if by_agent {
            self.tell(index, "agent_message_status", body.clone(), at);
        }
        if over_whatsapp {
            self.tell(index, "channel_message_status", body, at);
        }
    }

    fn close(&mut self, index: usize, by: &'static str, at: Moment, clock: &Clock) {
        let session = &mut self.sessions[index];
        if session.state == State::Closed {
            return;
        }
        session.state = State::Closed;
        session.ended = Some((at, by));
        let (end, report) = (views::session_end(session, clock), views::session_report(session, clock));
        let kind = match session.kind() {
            Kind::WhatsApp => "session_ended",
            Kind::Huawei => "huawei_session_ended",
            Kind::Web => "bot_session_ended",
        };
        let call_id = session.call_id.clone();
        self.tell(index, kind, end, at);
        let report = News::new("chatbot.session_report", vec![call_id.clone()], report, at);
        self.news.push(report.ending(&call_id));
    }

    /// Adds a message and gives its place.
    pub(super) fn add(&mut self, index: usize, sender: Sender, draft: Draft, quotes: Option<usize>, at: Moment, clock: &Clock) -> usize {
        let id = draft.id.unwrap_or_else(|| self.id());
        let session = &mut self.sessions[index];
        let seat_id = if sender == Sender::Agent {
            session.seat_id.clone()
        } else {
            String::new()
        };
        session.messages.push(Message {
            id,
            seat_id,
            timestamp: draft.timestamp.unwrap_or_else(|| clock.unix(at)),
            sender,
            // What comes from the user has arrived.
            status: if sender == Sender::User { Status::Delivered } else { Status::Sent },
            content: draft.content,
            quotes,
        });
        session.messages.len() - 1
    }

    fn index(&self, call_id: &str) -> Result<usize, Refusal> {
        let index = self.by_call_id.get(call_id).copied();
        index.ok_or_else(|| Refusal::not_found("call_id: there is no such session"))
    }

    pub(super) fn tell(&mut self, index: usize, kind: &str, body: Value, at: Moment) {
        let about = vec![self.sessions[index].call_id.clone()];
        self.news.push(News::new(&format!("chatbot.{kind}"), about, body, at));
    }
}
