//! A plan, moved from round to round.

use std::collections::HashSet;

use super::strategies::Strategy;
use crate::clock::Moment;
use crate::tasks::Tasks;
use crate::tasks::state::{Happening, Order, Owner, Person, Status, Task};

/// A round that has begun.
#[derive(Debug)]
pub struct Round {
    /// The task that phones in it.
    pub task_id: String,
    /// When it began.
    pub began: Moment,
}

/// A calling plan.
#[derive(Debug)]
pub struct Plan {
    /// Its id.
    pub id: String,
    /// What was ordered; the people are those of the whole plan.
    pub order: Order,
    /// What it follows.
    pub strategy: &'static Strategy,
    /// When it was created.
    pub created: Moment,
    /// The rounds that have begun, first to last.
    pub rounds: Vec<Round>,
    /// Whom the next round phones, and when it begins.
    next: Option<(Moment, Vec<Person>)>,
    cancelled: HashSet<String>,
    stopped: bool,
    ended: Option<Moment>,
}

impl Plan {
    /// A new plan, whose first round is to begin now; what is scheduled for later waits inside it.
    #[must_use]
    pub fn new(id: String, order: Order, strategy: &'static Strategy, now: Moment) -> Self {
        Self {
            id,
            next: Some((now, order.people.clone())),
            order,
            strategy,
            created: now,
            rounds: Vec::new(),
            cancelled: HashSet::new(),
            stopped: false,
            ended: None,
        }
    }

    /// When it ended.
    #[must_use]
    pub fn ended(&self) -> Option<Moment> {
        self.ended
    }

    /// How far it is.
    #[must_use]
    pub fn status(&self, tasks: &Tasks) -> Status {
        let first = self.rounds.first().and_then(|round| tasks.find(&round.task_id));
        match self.ended {
            Some(_) if self.stopped => Status::Stopped,
            Some(_) => Status::Finished,
            None if first.is_some_and(|task| task.status() == Status::Waiting) => Status::Waiting,
            None => Status::Running,
        }
    }

    /// The tasks of its rounds, first to last.
    #[must_use]
    pub fn tasks<'a>(&'a self, tasks: &'a Tasks) -> impl DoubleEndedIterator<Item = &'a Task> {
        self.rounds.iter().filter_map(|round| tasks.find(&round.task_id))
    }

    /// How many people answered, in all rounds.
    #[must_use]
    pub fn answered(&self, tasks: &Tasks) -> usize {
        self.tasks(tasks).map(Task::answered).sum()
    }

    /// When something happens next.
    #[must_use]
    pub fn next_due(&self, tasks: &Tasks) -> Option<Moment> {
        match &self.next {
            _ if self.ended.is_some() => None,
            Some((begins, _)) => Some(*begins),
            None => self.current(tasks)?.ended(),
        }
    }

    /// Lets everything happen that is due by `now`.
    pub fn advance_to(&mut self, now: Moment, tasks: &mut Tasks) {
        if let Some(ended) = self.current(tasks).filter(|_| self.next.is_none()).and_then(Task::ended) {
            self.round_ended(ended, tasks);
        }
        if self.next.as_ref().is_some_and(|(begins, _)| *begins <= now) {
            self.begin_round(tasks);
        }
    }

    /// Takes a number out of the plan and gives what happened at once, and in which task; `None` when it is none of its numbers.
    pub fn cancel(&mut self, mobile: &str, tasks: &mut Tasks) -> Option<Vec<(String, Happening)>> {
        if !self.order.people.iter().any(|person| person.mobile == mobile) {
            return None;
        }
        self.cancelled.insert(mobile.to_owned());
        let happened = self.rounds.last().and_then(|round| {
            let happened = tasks.find_mut(&round.task_id)?.cancel(mobile)?;
            Some(happened.into_iter().map(|happening| (round.task_id.clone(), happening)).collect())
        });
        Some(happened.unwrap_or_default())
    }

    fn current<'a>(&self, tasks: &'a Tasks) -> Option<&'a Task> {
        tasks.find(&self.rounds.last()?.task_id)
    }

    fn round_ended(&mut self, at: Moment, tasks: &Tasks) {
        if self.ended.is_some() {
            return;
        }
        let Some(task) = self.current(tasks) else { return };
        self.stopped = task.status() == Status::Stopped;
        let begins = at.plus(self.strategy.pause());
        let missed = task.contacts.iter().filter(|contact| contact.answered_try().is_none());
        let people: Vec<_> = missed
            .map(|contact| Person {
                earlier_tries: contact.person.earlier_tries + contact.tries(),
                ..contact.person.clone()
            })
            .collect();
        let over = self.stopped || self.rounds.len() >= self.strategy.rounds || begins >= self.order.end;
        if over || self.wanted(&people).is_empty() {
            self.ended = Some(at);
        } else {
            self.next = Some((begins, people));
        }
    }

    fn begin_round(&mut self, tasks: &mut Tasks) {
        let Some((begins, people)) = self.next.take() else { return };
        let people = self.wanted(&people);
        if people.is_empty() {
            // All of them were cancelled since the last round.
            self.ended = Some(begins);
            return;
        }
        let order = Order {
            owner: Some(Owner {
                family: "plans",
                id: self.id.clone(),
            }),
            name: format!("{}, round {}", self.order.name, self.rounds.len() + 1),
            people,
            ..self.order.clone()
        };
        let task_id = tasks.add(order, begins);
        self.rounds.push(Round { task_id, began: begins });
    }

    fn wanted(&self, people: &[Person]) -> Vec<Person> {
        people
            .iter()
            .filter(|person| !self.cancelled.contains(&person.mobile))
            .cloned()
            .collect()
    }
}
