//! Tasks and calls as the API shows them.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::robots;
use super::script::Outcome;
use super::state::{CallResult, Contact, Status, Task};
use crate::clock::{Clock, Moment};
use crate::recordings::Links;

/// A task of `tasks.list`.
#[must_use]
pub fn summary(task: &Task, clock: &Clock) -> Value {
    let mut view = json!({
        "TaskID": task.id,
        "TaskName": task.order.name,
        "Status": status(task.status()),
        "RobotID": task.order.robot_id,
        "Type": task.order.kind,
        "ScheduleStartTime": task.order.start_text,
        "ScheduleEndTime": task.order.end_text,
        "CreateTime": clock.text(task.created),
        "Total": task.contacts.len(),
        "Finished": task.finished(),
    });
    if let Some(owner) = task.order.owner.as_ref().filter(|owner| owner.family == "plans") {
        view["PlanID"] = json!(owner.id);
    }
    view
}

/// The answer of `tasks.detail`: of the calls, those that have their result.
#[must_use]
pub fn detail(task: &Task, clock: &Clock, links: &Links) -> Value {
    let calls: Vec<_> = task
        .contacts
        .iter()
        .filter_map(|contact| call(task, contact, clock, links))
        .collect();
    json!({
        "taskid": task.id,
        "taskname": task.order.name,
        "status": status(task.status()),
        "total": task.contacts.len(),
        "finished": calls.len(),
        "calls": calls,
    })
}

/// The event `task.finished`.
#[must_use]
pub fn task_finished(task: &Task, at: Moment, clock: &Clock) -> Value {
    json!({
        "taskid": task.id,
        "taskname": task.order.name,
        "status": status(task.status()),
        "total": task.contacts.len(),
        "answered": task.answered(),
        "endtime": clock.text(at),
    })
}

/// The result of a call, as `tasks.call_by_id` and the event `call.finished` have it, with what the business line adds; `None` while there is none.
#[must_use]
pub fn call(task: &Task, contact: &Contact, clock: &Clock, links: &Links) -> Option<Value> {
    let mut call = Map::new();
    let mut put = |name: &str, value: Value| {
        call.insert(name.to_owned(), value);
    };
    put("callid", json!(contact.call_id));
    put("taskid", json!(task.id));
    put("taskname", json!(task.order.name));
    put("callee", json!(contact.person.mobile));
    if let Some(case_id) = &contact.person.case_id {
        put("caseid", json!(case_id));
    }
    if let Some(comments) = &contact.person.comments {
        put("comments", json!(comments));
    }
    let robot_id = contact.person.robot_id.as_ref().unwrap_or(&task.order.robot_id);
    put("robotid", json!(robot_id));
    match contact.result.as_ref()? {
        CallResult::Cancelled(at) => {
            put("status", json!("cancelled"));
            put("endtime", json!(clock.text(*at)));
        }
        CallResult::Called(last, began) => {
            let answered = began.plus(Duration::from_secs(last.ring_seconds.into()));
            let ended = answered.plus(Duration::from_secs(last.talk_seconds.into()));
            put("caller", json!(task.caller));
            put("status", json!(outcome(last.outcome)));
            put("calltime", json!(clock.text(*began)));
            put("endtime", json!(clock.text(ended)));
            put("ringduration", json!(last.ring_seconds));
            put("talkduration", json!(last.talk_seconds));
            put("talkround", json!(last.talk_rounds));
            if last.outcome == Outcome::Answered {
                put("answertime", json!(clock.text(answered)));
                put("intention", json!(last.intention));
                put("hangup", json!(last.hangup));
                put("recording", json!(links.to(&contact.call_id, clock.now())));
            }
        }
    }
    put("variables", Value::Object(contact.person.variables.clone()));
    if let Some(line) = robots::line(robot_id) {
        call.extend(line.results(contact, clock));
    }
    Some(Value::Object(call))
}

/// The word for a task's status.
#[must_use]
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Waiting => "waiting",
        Status::Running => "running",
        Status::Finished => "finished",
        Status::Stopped => "stopped",
    }
}

/// The word for how a call ended.
#[must_use]
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Answered => "answered",
        Outcome::NoAnswer => "no_answer",
        Outcome::Busy => "busy",
        Outcome::Failed => "failed",
    }
}
