//! Workflows, those of leads included: templates, how contacts go from node to node, and how the API shows it.

mod chat;
mod lists;
mod lookup;
pub mod progress;
pub mod routes;
pub mod state;
pub mod tell;
pub mod templates;
pub mod views;
mod whatsapp;

use std::collections::HashMap;

use fastrand::Rng;

use crate::clock::Moment;
use crate::recordings::Recording;
use state::{Contact, DoneCall, Order, Person, Workflow};
use tell::Tell;

/// All workflows, oldest first.
#[derive(Debug)]
pub struct Workflows {
    seed: Rng,
    all: Vec<Workflow>,
    by_id: HashMap<String, usize>,
}

impl Workflows {
    /// No workflows. From the same seed, the same requests lead to the same ids and the same calls.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            // Not the seed of the tasks, whose ids would then be the same.
            seed: Rng::with_seed(seed ^ 0x776f_726b),
            all: Vec::new(),
            by_id: HashMap::new(),
        }
    }

    /// All workflows, oldest first.
    #[must_use]
    pub fn all(&self) -> &[Workflow] {
        &self.all
    }

    /// Starts a workflow and gives its id.
    pub fn add(&mut self, order: Order, people: Vec<Person>, tell: &mut Tell<'_>) -> String {
        let workflow = Workflow::new(order, people, &mut self.seed.fork(), tell);
        let id = workflow.id.clone();
        self.by_id.insert(id.clone(), self.all.len());
        self.all.push(workflow);
        id
    }

    /// A workflow by its id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Workflow> {
        self.by_id.get(id).and_then(|index| self.all.get(*index))
    }

    /// A workflow by its id, to change it.
    pub fn find_mut(&mut self, id: &str) -> Option<&mut Workflow> {
        let index = *self.by_id.get(id)?;
        self.all.get_mut(index)
    }

    /// A call that has ended, by its id.
    #[must_use]
    pub fn call(&self, id: &str) -> Option<(&Workflow, &Contact, &DoneCall)> {
        self.all.iter().flat_map(Workflow::calls).find(|(_, _, call)| call.id == id)
    }

    /// The recording of a call, if it was answered.
    #[must_use]
    pub fn recording(&self, call_id: &str) -> Option<Recording> {
        let (_, contact, call) = self.call(call_id)?;
        call.recording(contact)
    }

    /// Lets every workflow live up to the moment that `tell` is at.
    pub fn advance(&mut self, tell: &mut Tell<'_>) {
        for workflow in &mut self.all {
            workflow.advance(tell);
        }
    }

    /// When something happens next.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        self.all.iter().filter_map(Workflow::next_due).min()
    }
}
