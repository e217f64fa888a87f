//! A task and its calls, moved from moment to moment.

use std::collections::BTreeSet;
use std::time::Duration;

use fastrand::Rng;
use serde_json::{Map, Value};

use super::script::{self, Outcome, Try};
use crate::clock::Moment;
use crate::recordings::Recording;

/// How many calls of one task are under way at the same time.
const LINES: usize = 10;

/// What made a task, when the customer did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The family of the API that it belongs to, as `plans`.
    pub family: &'static str,
    /// Its id.
    pub id: String,
}

/// What was ordered.
#[derive(Debug, Clone)]
pub struct Order {
    /// What made the task; nothing when the customer did.
    pub owner: Option<Owner>,
    /// `TaskName`.
    pub name: String,
    /// `ScheduleStartTime`, as it was given.
    pub start_text: String,
    /// `ScheduleEndTime`, as it was given.
    pub end_text: String,
    /// When calling may begin.
    pub start: Moment,
    /// From when on no call begins.
    pub end: Moment,
    /// `RobotID`.
    pub robot_id: String,
    /// `Type`.
    pub kind: String,
    /// How often a number that was not reached is tried again.
    pub repeats: u32,
    /// How long after a try the next one comes.
    pub repeat_interval: Duration,
    /// Whom to phone.
    pub people: Vec<Person>,
}

/// Somebody to phone.
#[derive(Debug, Clone)]
pub struct Person {
    /// `Mobile`.
    pub mobile: String,
    /// The customer's id for the case.
    pub case_id: Option<String>,
    /// The customer's reference, which comes back in the result.
    pub comments: Option<String>,
    /// The robot that speaks to this person, when it is not the task's.
    pub robot_id: Option<String>,
    /// The robot variables.
    pub variables: Map<String, Value>,
    /// How often the person was called before, by other tasks of the same plan.
    pub earlier_tries: usize,
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Its schedule has not begun.
    Waiting,
    /// It calls.
    Running,
    /// Every number has its result.
    Finished,
    /// It was stopped.
    Stopped,
}

/// Something that the outside is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// The contact at this place of the task has its result.
    CallFinished(usize, Moment),
    /// Every contact has its result.
    TaskFinished(Moment),
}

/// What became of a number.
#[derive(Debug, Clone)]
pub enum CallResult {
    /// It was called; these are the last try and when that began.
    Called(Try, Moment),
    /// It was not called and will not be.
    Cancelled(Moment),
}

/// A number of a task.
#[derive(Debug)]
pub struct Contact {
    /// The id of its call.
    pub call_id: String,
    /// Whom to phone.
    pub person: Person,
    /// Its result, once there is one.
    pub result: Option<CallResult>,
    chance: Rng,
    tries: usize,
    last: Option<(Try, Moment)>,
    cancelled: bool,
}

/// A calling task.
#[derive(Debug)]
pub struct Task {
    /// Its id.
    pub id: String,
    /// The number that calls.
    pub caller: String,
    /// What was ordered.
    pub order: Order,
    /// When it was created.
    pub created: Moment,
    /// Its numbers, in the order of the request.
    pub contacts: Vec<Contact>,
    status: Status,
    ended: Option<Moment>,
    at: Moment,
    /// Numbers that wait for a try, by the moment from which on it may be made.
    queue: BTreeSet<(Moment, usize)>,
    /// Calls under way, by their end.
    ringing: BTreeSet<(Moment, usize)>,
}

impl Task {
    /// A new task; ids and calls come from `chance`.
    #[must_use]
    pub fn new(order: Order, now: Moment, chance: &mut Rng) -> Self {
        let start = order.start.max(now);
        let contacts: Vec<_> = order
            .people
            .iter()
            .map(|person| Contact {
                call_id: id(chance),
                person: person.clone(),
                result: None,
                chance: chance.fork(),
                tries: 0,
                last: None,
                cancelled: false,
            })
            .collect();
        Self {
            id: id(chance),
            caller: format!("+62215000{:04}", chance.u32(0..10_000)),
            created: now,
            status: Status::Waiting,
            ended: None,
            at: now,
            queue: (0..contacts.len()).map(|index| (start, index)).collect(),
            ringing: BTreeSet::new(),
            contacts,
            order: Order { start, ..order },
        }
    }

    /// How far it is.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// When it ended.
    #[must_use]
    pub fn ended(&self) -> Option<Moment> {
        self.ended
    }

    /// Whether every number has its result.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.ended.is_some()
    }

    /// How many numbers have their result.
    #[must_use]
    pub fn finished(&self) -> usize {
        self.contacts.iter().filter(|contact| contact.result.is_some()).count()
    }

    /// How many people answered.
    #[must_use]
    pub fn answered(&self) -> usize {
        self.contacts.iter().filter(|contact| contact.answered_try().is_some()).count()
    }

    /// Whether one of its contacts is being called at this moment.
    #[must_use]
    pub fn is_calling(&self, contact: &Contact) -> bool {
        self.ringing
            .iter()
            .any(|(_, index)| self.contacts.get(*index).is_some_and(|other| other.call_id == contact.call_id))
    }

    /// When something happens next by itself.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        if self.has_ended() {
            return None;
        }
        let hang_up = self.ringing.first().map(|(end, _)| *end);
        let call = self
            .queue
            .first()
            .filter(|_| self.ringing.len() < LINES)
            .map(|(from, _)| (*from).max(self.at));
        let close = (!self.queue.is_empty()).then_some(self.order.end);
        [hang_up, call, close].into_iter().flatten().min()
    }

    /// Lets everything happen that is due by `now`, in its order.
    pub fn advance_to(&mut self, now: Moment) -> Vec<Happening> {
        let mut happened = Vec::new();
        while let Some(due) = self.next_due().filter(|due| *due <= now) {
            self.at = due;
            self.hang_up(&mut happened);
            if due >= self.order.end {
                self.close_queue(&mut happened);
            }
            self.call();
            self.end_if_done(&mut happened);
        }
        self.at = self.at.max(now);
        happened
    }

    /// Stops it now: what has not begun is not made, what has begun goes on. A task that has ended stays as it is.
    pub fn stop(&mut self) -> Vec<Happening> {
        let mut happened = Vec::new();
        if !self.has_ended() {
            self.status = Status::Stopped;
            self.close_queue(&mut happened);
            for (_, index) in &self.ringing {
                if let Some(contact) = self.contacts.get_mut(*index) {
                    contact.cancelled = true;
                }
            }
            self.end_if_done(&mut happened);
        }
        happened
    }

    /// Takes a number out of the task now; `None` when it is none of its numbers. A call that has begun goes on and is its last.
    pub fn cancel(&mut self, mobile: &str) -> Option<Vec<Happening>> {
        let indices: Vec<_> = (0..self.contacts.len())
            .filter(|index| self.contacts[*index].person.mobile == mobile)
            .collect();
        if indices.is_empty() {
            return None;
        }
        let mut happened = Vec::new();
        for index in indices {
            self.contacts[index].cancelled = true;
            let queued = self.queue.iter().find(|(_, other)| *other == index).copied();
            if let Some(place) = queued {
                self.queue.remove(&place);
                self.settle(index, &mut happened);
            }
        }
        self.end_if_done(&mut happened);
        Some(happened)
    }

    fn hang_up(&mut self, happened: &mut Vec<Happening>) {
        while let Some((end, index)) = self.ringing.first().copied().filter(|(end, _)| *end <= self.at) {
            self.ringing.remove(&(end, index));
            let Some(contact) = self.contacts.get(index) else {
                continue;
            };
            let reached = contact.last.as_ref().is_some_and(|(call, _)| call.outcome == Outcome::Answered);
            let used_up = contact.tries > self.order.repeats as usize;
            if reached || used_up || contact.cancelled {
                self.settle(index, happened);
            } else {
                self.queue.insert((end.plus(self.order.repeat_interval), index));
            }
        }
    }

    fn call(&mut self) {
        while self.ringing.len() < LINES {
            let Some((from, index)) = self.queue.first().copied().filter(|(from, _)| *from <= self.at) else {
                return;
            };
            self.queue.remove(&(from, index));
            self.status = Status::Running;
            if let Some(contact) = self.contacts.get_mut(index) {
                let number = contact.person.earlier_tries + contact.tries;
                let call = script::play(&contact.person.mobile, number, &mut contact.chance);
                let length = Duration::from_secs((call.ring_seconds + call.talk_seconds).into());
                contact.tries += 1;
                contact.last = Some((call, self.at));
                self.ringing.insert((self.at.plus(length), index));
            }
        }
    }

    fn close_queue(&mut self, happened: &mut Vec<Happening>) {
        for (_, index) in std::mem::take(&mut self.queue) {
            self.settle(index, happened);
        }
    }

    fn settle(&mut self, index: usize, happened: &mut Vec<Happening>) {
        if let Some(contact) = self.contacts.get_mut(index) {
            contact.result = Some(match contact.last.take() {
                Some((call, began)) => CallResult::Called(call, began),
                None => CallResult::Cancelled(self.at),
            });
            happened.push(Happening::CallFinished(index, self.at));
        }
    }

    fn end_if_done(&mut self, happened: &mut Vec<Happening>) {
        if self.queue.is_empty() && self.ringing.is_empty() && !self.has_ended() {
            if self.status != Status::Stopped {
                self.status = Status::Finished;
            }
            self.ended = Some(self.at);
            happened.push(Happening::TaskFinished(self.at));
        }
    }

    /// The recordings of its answered calls.
    pub fn recordings(&self) -> impl Iterator<Item = Recording> {
        self.contacts.iter().filter_map(|contact| {
            contact.answered_try().map(|(call, _)| Recording {
                call_id: contact.call_id.clone(),
                callee: contact.person.mobile.clone(),
                seconds: call.talk_seconds,
            })
        })
    }
}

impl Contact {
    /// How often it was called so far.
    #[must_use]
    pub fn tries(&self) -> usize {
        self.tries
    }

    /// The try in which the person answered, and when that began.
    #[must_use]
    pub fn answered_try(&self) -> Option<(&Try, Moment)> {
        match &self.result {
            Some(CallResult::Called(call, began)) if call.outcome == Outcome::Answered => Some((call, *began)),
            _ => None,
        }
    }
}

fn id(chance: &mut Rng) -> String {
    format!("{:032x}", chance.u128(..))
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests;
