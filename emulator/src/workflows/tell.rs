//! What the outside is told of a workflow, collected while time passes.

use serde_json::Value;

use super::state::Workflow;
use crate::clock::{Clock, Moment};
use crate::events::{News, Outbox};
use crate::recordings::Links;

/// Takes in what happens.
#[derive(Debug)]
pub struct Tell<'a> {
    /// The emulated clock.
    pub clock: &'a Clock,
    /// The links to recordings.
    pub links: &'a Links,
    /// Up to which moment time has passed.
    pub now: Moment,
    outbox: &'a mut Outbox,
}

impl<'a> Tell<'a> {
    /// Tells `outbox` of what happens up to `now`.
    pub fn new(clock: &'a Clock, links: &'a Links, outbox: &'a mut Outbox, now: Moment) -> Self {
        Self { clock, links, now, outbox }
    }

    /// An event of a workflow.
    pub fn event(&mut self, kind: &str, workflow: &Workflow, body: Value, at: Moment) {
        self.outbox.push(News::new(kind, vec![workflow.id.clone()], body, at));
    }
}
