//! The `tasks.*` operations. Requests arrive here checked against the contract; what the contract cannot say is checked here.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::state::{Order, Person, Task};
use super::{robots, views};
use crate::api::Answer;
use crate::clock::{Clock, Moment};
use crate::envelope::Refusal;
use crate::recordings::Recording;
use crate::settings::RecordingsAs;
use crate::world::World;

/// More redials than anybody orders; without a bound one request could keep the emulator busy for hours.
const MAX_REPEATS: u64 = 100;
/// Fields of a contact that are no robot variables.
const NO_VARIABLES: [&str; 4] = ["Mobile", "CaseID", "caseid", "RobotID"];

/// `tasks.create`
pub fn create(world: &mut World, body: &Value) -> Result<Answer, Refusal> {
    let now = world.clock.now();
    let order = order(body, &world.clock, now)?;
    let id = world.tasks.add(order, now);
    Ok(Answer::Json(json!({"TaskID": id})))
}

/// `tasks.list`
pub fn list(world: &World, query: &Map<String, Value>) -> Answer {
    let number = |name: &str, default: usize| {
        query
            .get(name)
            .and_then(Value::as_u64)
            .map_or(default, |number| usize::try_from(number).unwrap_or(usize::MAX))
    };
    let (page, size) = (number("Page", 1), number("Number", 20));
    let kind = query.get("Type").and_then(Value::as_str).unwrap_or("normal");
    let tasks: Vec<&Task> = world.tasks.all().iter().rev().filter(|task| task.order.kind == kind).collect();
    let shown: Vec<_> = tasks
        .iter()
        .skip(page.saturating_sub(1).saturating_mul(size))
        .take(size)
        .map(|task| views::summary(task, &world.clock))
        .collect();
    Answer::Json(json!({"List": shown, "Total": tasks.len()}))
}

/// `tasks.stop`
pub fn stop(world: &mut World, body: &Value) -> Result<Answer, Refusal> {
    let id = text(body, "TaskID");
    let happened = world.tasks.find_mut(&id).ok_or_else(no_task)?.stop();
    world.tell(&id, happened);
    Ok(Answer::Json(json!({})))
}

/// `tasks.cancel_call`
pub fn cancel_call(world: &mut World, body: &Value) -> Result<Answer, Refusal> {
    let id = text(body, "TaskID");
    let happened = world
        .tasks
        .find_mut(&id)
        .ok_or_else(no_task)?
        .cancel(&text(body, "CalleeNumber"))
        .ok_or_else(|| Refusal::not_found("CalleeNumber: the task has no such number"))?;
    world.tell(&id, happened);
    Ok(Answer::Json(json!({})))
}

/// `tasks.detail`
pub fn detail(world: &World, query: &Map<String, Value>) -> Result<Answer, Refusal> {
    let task = find(world, query)?;
    Ok(Answer::Json(views::detail(task, &world.clock, &world.links)))
}

/// `tasks.robots`
#[must_use]
pub fn robots() -> Answer {
    Answer::Json(robots::list())
}

/// `tasks.call_by_id`
pub fn call_by_id(world: &World, query: &Map<String, Value>) -> Result<Answer, Refusal> {
    world
        .tasks
        .call(&parameter(query, "callid"))
        .and_then(|(task, contact)| views::call(task, contact, &world.clock, &world.links))
        .map(Answer::Json)
        .ok_or_else(|| Refusal::not_found("callid: no call with this id has ended"))
}

/// `tasks.recording`: of the last answered call to the number.
pub fn recording(world: &World, query: &Map<String, Value>, kind: RecordingsAs) -> Result<Answer, Refusal> {
    let task = find(world, query)?;
    let callee = parameter(query, "Callee");
    let recording = recordings_of(task)
        .filter(|recording| recording.callee == callee)
        .last()
        .ok_or_else(|| Refusal::not_found("Callee: there is no recording of a call to it"))?;
    Ok(match kind {
        RecordingsAs::Bytes => Answer::Recording(recording),
        RecordingsAs::Links => {
            let link = world.links.to(&recording.call_id, world.clock.now());
            Answer::Json(json!({"recording": link}))
        }
    })
}

/// `tasks.recordings`
pub fn recordings(world: &World, query: &Map<String, Value>, kind: RecordingsAs) -> Result<Answer, Refusal> {
    let task = find(world, query)?;
    let recordings: Vec<_> = recordings_of(task).collect();
    if recordings.is_empty() {
        return Err(Refusal::not_found("TaskID: the task has no recordings"));
    }
    Ok(match kind {
        RecordingsAs::Bytes => Answer::Archive(task.id.clone(), recordings),
        RecordingsAs::Links => {
            let list: Vec<_> = recordings
                .iter()
                .map(|recording| {
                    json!({
                        "callid": recording.call_id,
                        "callee": recording.callee,
                        "recording": world.links.to(&recording.call_id, world.clock.now()),
                    })
                })
                .collect();
            Answer::Json(json!({"List": list}))
        }
    })
}

/// The recording of a call, if it was answered.
#[must_use]
pub fn recording_of_call(world: &World, call_id: &str) -> Option<Recording> {
    let (task, _) = world.tasks.call(call_id)?;
    recordings_of(task).find(|recording| recording.call_id == call_id)
}

fn recordings_of(task: &Task) -> impl Iterator<Item = Recording> {
    task.contacts.iter().filter_map(|contact| {
        contact.answered_try().map(|(call, _)| Recording {
            call_id: contact.call_id.clone(),
            callee: contact.person.mobile.clone(),
            seconds: call.talk_seconds,
        })
    })
}

fn find<'a>(world: &'a World, query: &Map<String, Value>) -> Result<&'a Task, Refusal> {
    world.tasks.find(&parameter(query, "TaskID")).ok_or_else(no_task)
}

fn no_task() -> Refusal {
    Refusal::not_found("TaskID: there is no such task")
}

fn order(body: &Value, clock: &Clock, now: Moment) -> Result<Order, Refusal> {
    let time = |name: &str| {
        clock
            .moment(&text(body, name))
            .ok_or_else(|| Refusal::bad_request(format!("{name}: no calendar has this time")))
    };
    let (start, end) = (time("ScheduleStartTime")?, time("ScheduleEndTime")?);
    if end <= now {
        return Err(Refusal::bad_request(format!(
            "ScheduleEndTime: has passed; the account's clock shows {}",
            clock.text(now)
        )));
    }
    if end <= start {
        return Err(Refusal::bad_request("ScheduleEndTime: must be later than ScheduleStartTime"));
    }
    let repeats = body["RepeatNumber"].as_u64().unwrap_or_default();
    if repeats > MAX_REPEATS {
        return Err(Refusal::bad_request(format!("RepeatNumber: must be {MAX_REPEATS} at most")));
    }
    let robot_id = text(body, "RobotID");
    robots::check(&robot_id, "RobotID")?;
    Ok(Order {
        name: text(body, "TaskName"),
        start_text: text(body, "ScheduleStartTime"),
        end_text: text(body, "ScheduleEndTime"),
        start,
        end,
        robot_id,
        kind: optional(body, "Type").unwrap_or_else(|| "normal".to_owned()),
        repeats: u32::try_from(repeats).unwrap_or(u32::MAX),
        repeat_interval: Duration::from_secs(body["RepeatInterval"].as_u64().unwrap_or_default().saturating_mul(60)),
        people: people(&body["Details"])?,
    })
}

fn people(details: &Value) -> Result<Vec<Person>, Refusal> {
    let details = details.as_array().into_iter().flatten();
    details
        .enumerate()
        .map(|(index, contact)| {
            if let Some(robot) = optional(contact, "RobotID") {
                robots::check(&robot, &format!("Details[{index}].RobotID"))?;
            }
            let fields = contact.as_object().into_iter().flatten();
            Ok(Person {
                mobile: text(contact, "Mobile"),
                case_id: optional(contact, "CaseID").or_else(|| optional(contact, "caseid")),
                variables: fields
                    .filter(|(name, value)| !NO_VARIABLES.contains(&name.as_str()) && !value.is_null())
                    .map(|(name, value)| (name.clone(), Value::from(as_text(value))))
                    .collect(),
            })
        })
        .collect()
}

fn parameter(query: &Map<String, Value>, name: &str) -> String {
    query.get(name).map(as_text).unwrap_or_default()
}

fn text(body: &Value, name: &str) -> String {
    optional(body, name).unwrap_or_default()
}

fn optional(body: &Value, name: &str) -> Option<String> {
    let value = body.get(name)?;
    (!value.is_null()).then(|| as_text(value))
}

/// Ids and amounts come as text or as numbers.
fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
