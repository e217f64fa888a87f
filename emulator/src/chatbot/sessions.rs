//! Sessions and their messages.

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;

use super::company::{Channel, Kind};
use crate::clock::Moment;
use crate::envelope::Refusal;

/// Who has a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The robot.
    Robot,
    /// Nobody: an agent was asked for.
    Waiting,
    /// An agent.
    Agent,
    /// Nobody any more.
    Closed,
}

impl State {
    /// How the API spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Robot => "robot",
            Self::Waiting => "waiting",
            Self::Agent => "agent",
            Self::Closed => "closed",
        }
    }
}

/// How far a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It was sent.
    Sent,
    /// It arrived.
    Delivered,
    /// It was read.
    Read,
}

impl Status {
    /// How the API spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sent => "send",
            Self::Delivered => "delivery",
            Self::Read => "read",
        }
    }
}

/// Who sent a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// The user.
    User,
    /// The robot.
    Robot,
    /// An agent.
    Agent,
    /// Nobody: something happened to the session.
    System,
}

impl Sender {
    /// How the API spells it. Its word for an agent is not known, and `chatbot` is the one that is left.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Robot => "robot",
            Self::Agent => "chatbot",
            Self::System => "system",
        }
    }
}

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// The seat of the agent who sent it; empty when nobody at a seat did.
    pub seat_id: String,
    /// When it was sent, in Unix seconds.
    pub timestamp: i64,
    /// Who sent it.
    pub sender: Sender,
    /// How far it is.
    pub status: Status,
    /// What it says or shows.
    pub content: Value,
    /// Which message of the session it quotes.
    pub quotes: Option<usize>,
}

/// A session.
#[derive(Debug)]
pub struct Session {
    /// Its id.
    pub call_id: String,
    /// Over which channel it goes.
    pub channel: &'static Channel,
    /// The user: `id` and `name`.
    pub user: Value,
    /// Who has it.
    pub state: State,
    /// The seat of the agent who has it or had it last; empty when none ever had.
    pub seat_id: String,
    /// Its messages, oldest first.
    pub messages: Vec<Message>,
    /// When it began.
    pub began: Moment,
    /// When it ended, and who ended it.
    pub ended: Option<(Moment, &'static str)>,
    /// What the robot picked out of the user's words.
    pub slots: BTreeMap<String, String>,
    /// The variables that it began with.
    pub variables: BTreeMap<String, String>,
    /// Whether the user asked for an agent.
    pub asked_for_agent: bool,
    /// What the emulated user is going to write to the robot.
    pub intends: VecDeque<&'static str>,
}

impl Session {
    /// A session that begins now, in the hands of the robot.
    #[must_use]
    pub fn new(call_id: String, channel: &'static Channel, user: Value, began: Moment) -> Self {
        Self {
            call_id,
            channel,
            user,
            state: State::Robot,
            seat_id: String::new(),
            messages: Vec::new(),
            began,
            ended: None,
            slots: BTreeMap::new(),
            variables: BTreeMap::new(),
            asked_for_agent: false,
            intends: VecDeque::new(),
        }
    }

    /// The kind of its channel.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.channel.kind
    }

    /// Where the message with this id stands.
    #[must_use]
    pub fn position(&self, msg_id: &str) -> Option<usize> {
        self.messages.iter().position(|message| message.id == msg_id)
    }

    /// How many messages of the user nobody has read.
    #[must_use]
    pub fn unread(&self) -> usize {
        let unread = |message: &&Message| message.sender == Sender::User && message.status != Status::Read;
        self.messages.iter().filter(unread).count()
    }

    /// How many times the user wrote.
    #[must_use]
    pub fn rounds(&self) -> usize {
        self.messages.iter().filter(|message| message.sender == Sender::User).count()
    }

    /// The letter that the robot gives the talk.
    #[must_use]
    pub fn intention(&self) -> &'static str {
        match (self.asked_for_agent, self.rounds()) {
            (true, _) => "A",
            (false, 0) => "D",
            (false, 1) => "C",
            (false, _) => "B",
        }
    }

    /// The messages before the one with this id, newest first; all of them when the id is empty.
    pub fn before<'a>(&'a self, last_msg_id: &str) -> Result<impl Iterator<Item = &'a Message> + use<'a>, Refusal> {
        let end = match last_msg_id {
            "" => self.messages.len(),
            id => self
                .position(id)
                .ok_or_else(|| Refusal::not_found("last_msg_id: the session has no such message"))?,
        };
        Ok(self.messages.iter().take(end).rev())
    }

    /// Marks the user's messages as read, up to the one with this id or all of them.
    pub fn mark_read(&mut self, msg_id: Option<&str>) -> Result<(), Refusal> {
        let end = match msg_id {
            None => self.messages.len(),
            Some(id) => {
                let position = self.position(id);
                position.ok_or_else(|| Refusal::not_found("msg_id: the session has no such message"))? + 1
            }
        };
        for message in self.messages.iter_mut().take(end) {
            if message.sender == Sender::User {
                message.status = Status::Read;
            }
        }
        Ok(())
    }
}
