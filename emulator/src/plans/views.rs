//! Plans as the API shows them.

use serde_json::{Value, json};

use super::state::Plan;
use crate::clock::{Clock, Moment};
use crate::tasks::Tasks;
use crate::tasks::views::status;

/// The answer of `plans.status`.
#[must_use]
pub fn plan(plan: &Plan, tasks: &Tasks, clock: &Clock) -> Value {
    let mut view = json!({
        "PlanID": plan.id,
        "PlanName": plan.order.name,
        "StrategyID": plan.strategy.id,
        "Status": status(plan.status(tasks)),
        "Round": plan.rounds.len(),
        "Rounds": plan.strategy.rounds,
        "Total": plan.order.people.len(),
        "Answered": plan.answered(tasks),
        "CreateTime": clock.text(plan.created),
    });
    if let Some(ended) = plan.ended() {
        view["EndTime"] = json!(clock.text(ended));
    }
    view
}

/// The answer of `plans.rounds`.
#[must_use]
pub fn rounds(plan: &Plan, tasks: &Tasks, clock: &Clock) -> Value {
    let rounds: Vec<_> = plan
        .rounds
        .iter()
        .enumerate()
        .filter_map(|(index, round)| {
            let task = tasks.find(&round.task_id)?;
            let mut view = json!({
                "Round": index + 1,
                "TaskID": task.id,
                "Status": status(task.status()),
                "StartTime": clock.text(round.began.max(task.order.start)),
                "Total": task.contacts.len(),
                "Finished": task.finished(),
                "Answered": task.answered(),
            });
            if let Some(ended) = task.ended() {
                view["EndTime"] = json!(clock.text(ended));
            }
            Some(view)
        })
        .collect();
    json!({"PlanID": plan.id, "List": rounds})
}

/// The event `plan.finished`.
#[must_use]
pub fn finished(plan: &Plan, tasks: &Tasks, at: Moment, clock: &Clock) -> Value {
    json!({
        "planid": plan.id,
        "planname": plan.order.name,
        "status": status(plan.status(tasks)),
        "rounds": plan.rounds.len(),
        "total": plan.order.people.len(),
        "answered": plan.answered(tasks),
        "endtime": clock.text(at),
    })
}
