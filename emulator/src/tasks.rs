//! Calling tasks: what they are, how they progress and how the API shows them.

pub mod lines;
pub mod order;
pub mod robots;
pub mod routes;
pub mod script;
pub mod state;
pub mod views;

use std::collections::HashMap;

use fastrand::Rng;

use crate::clock::Moment;
use crate::recordings::Recording;
use state::{Happening, Task};

/// All tasks, oldest first.
#[derive(Debug)]
pub struct Tasks {
    seed: Rng,
    all: Vec<Task>,
    by_id: HashMap<String, usize>,
    calls: HashMap<String, (usize, usize)>,
    active: Vec<usize>,
}

impl Tasks {
    /// No tasks. From the same seed, the same requests lead to the same ids and the same calls.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed: Rng::with_seed(seed),
            all: Vec::new(),
            by_id: HashMap::new(),
            calls: HashMap::new(),
            active: Vec::new(),
        }
    }

    /// All tasks, oldest first.
    #[must_use]
    pub fn all(&self) -> &[Task] {
        &self.all
    }

    /// Adds a task and gives its id.
    pub fn add(&mut self, order: state::Order, now: Moment) -> String {
        let task = Task::new(order, now, &mut self.seed.fork());
        let index = self.all.len();
        let id = task.id.clone();
        self.by_id.insert(id.clone(), index);
        for (number, contact) in task.contacts.iter().enumerate() {
            self.calls.insert(contact.call_id.clone(), (index, number));
        }
        self.active.push(index);
        self.all.push(task);
        id
    }

    /// A task by its id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Task> {
        self.by_id.get(id).and_then(|index| self.all.get(*index))
    }

    /// A task by its id, to change it.
    pub fn find_mut(&mut self, id: &str) -> Option<&mut Task> {
        let index = *self.by_id.get(id)?;
        self.all.get_mut(index)
    }

    /// A call by its id.
    #[must_use]
    pub fn call(&self, id: &str) -> Option<(&Task, &state::Contact)> {
        let (task, contact) = *self.calls.get(id)?;
        let task = self.all.get(task)?;
        Some((task, task.contacts.get(contact)?))
    }

    /// The recording of a call, if it was answered.
    #[must_use]
    pub fn recording(&self, call_id: &str) -> Option<Recording> {
        let (task, _) = self.call(call_id)?;
        task.recordings().find(|recording| recording.call_id == call_id)
    }

    /// Lets every task live up to `now` and gives what happened to which.
    pub fn advance_to(&mut self, now: Moment) -> Vec<(String, Happening)> {
        let mut happened = Vec::new();
        self.active.retain(|index| {
            let Some(task) = self.all.get_mut(*index) else {
                return false;
            };
            let id = task.id.clone();
            happened.extend(task.advance_to(now).into_iter().map(|happening| (id.clone(), happening)));
            !task.has_ended()
        });
        happened
    }

    /// When something happens next.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        self.active.iter().filter_map(|index| self.all.get(*index)?.next_due()).min()
    }
}
