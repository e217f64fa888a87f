//! A workflow and its contacts.

use std::collections::BTreeSet;

use fastrand::Rng;
use serde_json::{Map, Value};

use super::templates::{Line, Node, Template, Work};
use crate::clock::Moment;
use crate::recordings::Recording;
use crate::tasks::script::{Outcome, Try};

/// How many contacts a workflow takes.
pub const MAX_CONTACTS: usize = 10_000;
/// The `auto_finish` of a workflow that ends when its contacts are through.
const ENDS_BY_ITSELF: i64 = 1;

/// What the customer ordered.
#[derive(Debug, Clone)]
pub struct Order {
    /// What it is started from.
    pub template: &'static Template,
    /// Its name.
    pub name: String,
    /// When it ends at the latest.
    pub end: Moment,
    /// `end_time`, as it was given.
    pub end_text: String,
    /// `auto_finish`
    pub auto_finish: i64,
}

/// Somebody to put into a workflow.
#[derive(Debug, Clone)]
pub struct Person {
    /// The number.
    pub callee: String,
    /// The customer's id for the case.
    pub case_id: Option<String>,
    /// `variables`
    pub variables: Map<String, Value>,
    /// Every other field.
    pub fields: Map<String, Value>,
}

/// How far a workflow is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Contacts go through it.
    Running,
    /// It has ended.
    Finished,
    /// It was stopped.
    Stopped,
}

/// A call under way.
#[derive(Debug, Clone)]
pub(super) struct Ringing {
    pub id: String,
    pub tries: usize,
    pub call: Try,
    pub began: Moment,
}

/// Where a contact stands; the number is that of a node.
#[derive(Debug, Clone)]
pub(super) enum Stage {
    /// Before it.
    Enter(usize),
    /// Not reached yet, to be called again.
    Redial(usize, Ringing),
    Ring(usize, Ringing),
    Talk(usize, Ringing),
    /// Its message is under way.
    Message(usize),
    /// A chatbot talks with it since then.
    Chat(usize, Moment),
    /// Through.
    Done,
}

/// A call that has ended.
#[derive(Debug, Clone)]
pub struct DoneCall {
    /// Its id.
    pub id: String,
    /// The node that made it.
    pub node: usize,
    /// Its last try.
    pub call: Try,
    /// When that began.
    pub began: Moment,
}

/// A WABA message.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// The node that sent it.
    pub node: usize,
    /// When it was sent.
    pub sent: Option<Moment>,
    /// When it arrived.
    pub delivered: Option<Moment>,
    /// When it was read.
    pub read: Option<Moment>,
    /// Whether it could not be sent.
    pub failed: bool,
}

/// Somebody who goes through a workflow.
#[derive(Debug)]
pub struct Contact {
    /// Its id in the workflow.
    pub id: String,
    /// Who it is.
    pub person: Person,
    /// When it was put in.
    pub added: Moment,
    /// The nodes that it reached.
    pub reached: Vec<usize>,
    /// The calls to it that have ended.
    pub calls: Vec<DoneCall>,
    /// The messages to it.
    pub messages: Vec<Message>,
    /// What API nodes pushed of it.
    pub pushes: Vec<(usize, Value)>,
    pub(super) stage: Stage,
    pub(super) tries: usize,
    pub(super) cancelled: bool,
    pub(super) chance: Rng,
}

/// What a node of a workflow does.
#[derive(Debug)]
pub struct NodeRun {
    /// The id of its calling or WABA task.
    pub task_id: String,
    /// When the first contact reached it.
    pub began: Option<Moment>,
    /// How many contacts reached it.
    pub reached: usize,
    /// How many contacts are through it.
    pub through: usize,
}

/// A workflow.
#[derive(Debug)]
pub struct Workflow {
    /// Its id.
    pub id: String,
    /// The number that calls.
    pub caller: String,
    /// What was ordered.
    pub order: Order,
    /// When it was created.
    pub created: Moment,
    /// Its contacts, in the order in which they were put in.
    pub contacts: Vec<Contact>,
    /// What its nodes do, in the order of the template.
    pub nodes: Vec<NodeRun>,
    pub(super) status: Status,
    pub(super) queue: BTreeSet<(Moment, usize)>,
    pub(super) under_way: usize,
    pub(super) chance: Rng,
}

impl Workflow {
    /// How far it is.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// How many contacts are through.
    #[must_use]
    pub fn finished(&self) -> usize {
        self.contacts.len() - self.under_way
    }

    /// Whether it ends when its contacts are through.
    pub(super) fn ends_by_itself(&self) -> bool {
        self.order.auto_finish == ENDS_BY_ITSELF
    }

    /// The node of the template at a place.
    #[must_use]
    pub fn node(&self, index: usize) -> Option<&'static Node> {
        self.order.template.nodes.get(index)
    }

    /// Whether contacts are checked and not asked for money or sold to.
    #[must_use]
    pub fn checks(&self) -> bool {
        self.order.template.line == Line::InfoCheck
    }

    /// Puts people in: they enter the first node now.
    pub fn add(&mut self, people: Vec<Person>, now: Moment) {
        for person in people {
            self.queue.insert((now, self.contacts.len()));
            self.under_way += 1;
            self.contacts.push(Contact {
                id: id(&mut self.chance),
                person,
                added: now,
                reached: Vec::new(),
                calls: Vec::new(),
                messages: Vec::new(),
                pushes: Vec::new(),
                stage: Stage::Enter(0),
                tries: 0,
                cancelled: false,
                chance: self.chance.fork(),
            });
        }
    }

    /// The contacts that somebody names.
    pub fn named<'a>(&'a self, callee: Option<&'a str>, case_id: Option<&'a str>) -> impl Iterator<Item = (usize, &'a Contact)> {
        let contacts = self.contacts.iter().enumerate();
        contacts.filter(move |(_, contact)| contact.person.is_named(callee, case_id))
    }

    /// Every call that has ended.
    pub fn calls(&self) -> impl Iterator<Item = (&Self, &Contact, &DoneCall)> {
        self.contacts
            .iter()
            .flat_map(move |contact| contact.calls.iter().map(move |call| (self, contact, call)))
    }

    /// The place of the node whose task has this id, once it has begun.
    #[must_use]
    pub fn task(&self, task_id: &str, wanted: fn(Work) -> bool) -> Option<usize> {
        self.tasks(wanted).find(|(_, run)| run.task_id == task_id).map(|(index, _)| index)
    }

    /// The nodes of a kind that have begun.
    pub fn tasks(&self, wanted: fn(Work) -> bool) -> impl Iterator<Item = (usize, &NodeRun)> {
        let runs = self.nodes.iter().enumerate();
        runs.filter(move |(index, run)| run.began.is_some() && self.node(*index).is_some_and(|node| wanted(node.work)))
    }
}

impl Person {
    /// Whether the number and the case are this person's; what is not given fits everybody.
    #[must_use]
    pub fn is_named(&self, callee: Option<&str>, case_id: Option<&str>) -> bool {
        callee.is_none_or(|callee| self.callee == callee) && case_id.is_none_or(|case_id| self.case_id.as_deref() == Some(case_id))
    }

    /// A field, or else the variable of that name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).or_else(|| self.variables.get(name))
    }
}

impl DoneCall {
    /// Its recording, if it was answered.
    #[must_use]
    pub fn recording(&self, contact: &Contact) -> Option<Recording> {
        (self.call.outcome == Outcome::Answered).then(|| Recording {
            call_id: self.id.clone(),
            callee: contact.person.callee.clone(),
            seconds: self.call.talk_seconds,
        })
    }
}

pub(super) fn id(chance: &mut Rng) -> String {
    format!("{:032x}", chance.u128(..))
}
