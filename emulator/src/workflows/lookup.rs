//! How requests name workflows, and how wrong names are refused.

use super::state::Workflow;
use crate::envelope::Refusal;
use crate::world::World;

/// The workflow with this id.
pub(super) fn workflow<'a>(world: &'a World, id: &str) -> Result<&'a Workflow, Refusal> {
    world.workflows.find(id).ok_or_else(no_workflow)
}

/// Refuses a request that gives none of the fields of which it must give one.
pub(super) fn either(given: bool, names: &str) -> Result<(), Refusal> {
    given
        .then_some(())
        .ok_or_else(|| Refusal::bad_request(format!("one of {names} has to be given")))
}

/// The refusal of an id that no workflow has.
pub(super) fn no_workflow() -> Refusal {
    Refusal::not_found("workflow_id: there is no such workflow")
}
