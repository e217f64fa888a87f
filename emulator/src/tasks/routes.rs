//! The `tasks.*` operations.

use serde_json::{Value, json};

use super::state::Task;
use super::{order, robots, views};
use crate::envelope::Refusal;
use crate::recordings::Recording;
use crate::request::{Answer, Call, Handler};
use crate::settings::RecordingsAs;

/// The handler of a `tasks.*` operation.
#[must_use]
pub fn handler(name: &str) -> Option<Handler> {
    Some(match name {
        "create" => create,
        "list" => list,
        "stop" => stop,
        "cancel_call" => cancel_call,
        "detail" => detail,
        "robots" => robots,
        "call_by_id" => call_by_id,
        "recording" => recording,
        "recordings" => recordings,
        _ => return None,
    })
}

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let now = call.now();
    let order = order::read(&call.body, "TaskName", &call.world.clock, now)?;
    let id = call.world.tasks.add(order, now);
    Ok(Answer::Json(json!({"TaskID": id})))
}

#[allow(clippy::unnecessary_wraps, reason = "every handler may refuse")]
fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let kind = call.query.get("Type").and_then(Value::as_str).unwrap_or("normal");
    let tasks: Vec<&Task> = call.world.tasks.all().iter().rev().filter(|task| task.order.kind == kind).collect();
    let page = call.page("Page", "Number").of(&tasks);
    let shown: Vec<_> = page.map(|task| views::summary(task, &call.world.clock)).collect();
    Ok(Answer::Json(json!({"List": shown, "Total": tasks.len()})))
}

fn stop(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.field("TaskID");
    let happened = call.world.tasks.find_mut(&id).ok_or_else(no_task)?.stop();
    call.world.tell(&id, happened);
    Ok(Answer::done())
}

fn cancel_call(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (id, number) = (call.field("TaskID"), call.field("CalleeNumber"));
    let task = call.world.tasks.find_mut(&id).ok_or_else(no_task)?;
    let happened = task
        .cancel(&number)
        .ok_or_else(|| Refusal::not_found("CalleeNumber: the task has no such number"))?;
    call.world.tell(&id, happened);
    Ok(Answer::done())
}

fn detail(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let task = find(call)?;
    Ok(Answer::Json(views::detail(task, &call.world.clock, &call.world.links)))
}

#[allow(clippy::unnecessary_wraps, reason = "every handler may refuse")]
fn robots(_: &mut Call<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::Json(robots::list()))
}

fn call_by_id(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (world, id) = (&call.world, call.parameter("callid"));
    world
        .tasks
        .call(&id)
        .and_then(|(task, contact)| views::call(task, contact, &world.clock, &world.links))
        .map(Answer::Json)
        .ok_or_else(|| Refusal::not_found("callid: no call with this id has ended"))
}

/// Of the last answered call to the number.
fn recording(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let callee = call.parameter("Callee");
    let recording = find(call)?
        .recordings()
        .filter(|recording| recording.callee == callee)
        .last()
        .ok_or_else(|| Refusal::not_found("Callee: there is no recording of a call to it"))?;
    Ok(match call.settings.recordings {
        RecordingsAs::Bytes => Answer::Recording(recording),
        RecordingsAs::Links => {
            let link = call.world.links.to(&recording.call_id, call.now());
            Answer::Json(json!({"recording": link}))
        }
    })
}

fn recordings(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let task = find(call)?;
    let recordings: Vec<_> = task.recordings().collect();
    if recordings.is_empty() {
        return Err(Refusal::not_found("TaskID: the task has no recordings"));
    }
    Ok(several(call, &task.id, recordings))
}

/// Recordings as an archive of this name, or as links.
#[must_use]
pub fn several(call: &Call<'_>, name: &str, recordings: Vec<Recording>) -> Answer {
    match call.settings.recordings {
        RecordingsAs::Bytes => Answer::Archive(name.to_owned(), recordings),
        RecordingsAs::Links => {
            let list: Vec<_> = recordings
                .iter()
                .map(|recording| {
                    json!({
                        "callid": recording.call_id,
                        "callee": recording.callee,
                        "recording": call.world.links.to(&recording.call_id, call.now()),
                    })
                })
                .collect();
            Answer::Json(json!({"List": list}))
        }
    }
}

fn find<'a>(call: &'a Call<'_>) -> Result<&'a Task, Refusal> {
    call.world.tasks.find(&call.parameter("TaskID")).ok_or_else(no_task)
}

fn no_task() -> Refusal {
    Refusal::not_found("TaskID: there is no such task")
}
