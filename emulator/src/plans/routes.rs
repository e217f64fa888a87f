//! The `plans.*` operations. Those about one round's task are those of `tasks.*`.

use serde_json::{Value, json};

use super::state::Plan;
use super::{strategies, views};
use crate::envelope::Refusal;
use crate::request::{Answer, Call, Handler};
use crate::tasks;
use crate::tasks::state::Task;

/// The handler of a `plans.*` operation.
#[must_use]
pub fn handler(name: &str) -> Option<Handler> {
    Some(match name {
        "strategies" => list_strategies,
        "create" => create,
        "status" => status,
        "rounds" => rounds,
        "tasks" => list_tasks,
        "cancel_call" => cancel_call,
        "number_recordings" => number_recordings,
        "stop_task" => return tasks::routes::handler("stop"),
        "task_detail" => return tasks::routes::handler("detail"),
        "recording" => return tasks::routes::handler("recording"),
        "recordings" => return tasks::routes::handler("recordings"),
        _ => return None,
    })
}

#[allow(clippy::unnecessary_wraps, reason = "every handler may refuse")]
fn list_strategies(_: &mut Call<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::Json(strategies::list()))
}

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let now = call.now();
    let mut order = tasks::order::read(&call.body, "PlanName", &call.world.clock, now)?;
    "plan".clone_into(&mut order.kind);
    let strategy = strategies::find(&call.field("StrategyID"))?;
    let world = &mut *call.world;
    let id = world.plans.add(order, strategy, now, &mut world.tasks);
    Ok(Answer::Json(json!({"PlanID": id})))
}

fn status(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let plan = find(call)?;
    Ok(Answer::Json(views::plan(plan, &call.world.tasks, &call.world.clock)))
}

fn rounds(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let plan = find(call)?;
    Ok(Answer::Json(views::rounds(plan, &call.world.tasks, &call.world.clock)))
}

fn list_tasks(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let kind = call.query.get("Type").and_then(Value::as_str).unwrap_or("plan");
    let of_plan = find(call)?.tasks(&call.world.tasks).rev();
    let of_kind: Vec<_> = of_plan.filter(|task| task.order.kind == kind).collect();
    let page = call.page("Page", "Number").of(&of_kind);
    let shown: Vec<_> = page.map(|task| tasks::views::summary(task, &call.world.clock)).collect();
    Ok(Answer::Json(json!({"List": shown, "Total": of_kind.len()})))
}

fn cancel_call(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (id, number) = (call.field("PlanID"), call.field("CalleeNumber"));
    let world = &mut *call.world;
    let plan = world.plans.find_mut(&id).ok_or_else(no_plan)?;
    let happened = plan
        .cancel(&number, &mut world.tasks)
        .ok_or_else(|| Refusal::not_found("CalleeNumber: the plan has no such number"))?;
    for (task_id, happening) in happened {
        world.tell(&task_id, vec![happening]);
    }
    Ok(Answer::done())
}

fn number_recordings(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let callee = call.parameter("Callee");
    let plan = find(call)?;
    let of_plan = plan.tasks(&call.world.tasks).flat_map(Task::recordings);
    let recordings: Vec<_> = of_plan.filter(|recording| recording.callee == callee).collect();
    if recordings.is_empty() {
        return Err(Refusal::not_found("Callee: the plan has no recording of a call to it"));
    }
    Ok(tasks::routes::several(call, &plan.id, recordings))
}

fn find<'a>(call: &'a Call<'_>) -> Result<&'a Plan, Refusal> {
    call.world.plans.find(&call.parameter("PlanID")).ok_or_else(no_plan)
}

fn no_plan() -> Refusal {
    Refusal::not_found("PlanID: there is no such plan")
}
