//! Workflows as the API and its events show them.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::state::{Contact, DoneCall, Person, Status, Workflow};
use super::templates::{Line, Template, Work};
use crate::clock::Clock;
use crate::recordings::Links;
use crate::tasks::script::Outcome;
pub use crate::tasks::views::outcome;

/// The agents who take the calls of the predictive dialler.
const AGENTS: [(&str, &str); 2] = [("301", "Sari"), ("302", "Rina")];
/// What a push calls the fields of a contact: its own name, and those under which the customer may have given it.
const PUSHED: [(&str, &[&str]); 6] = [
    ("callee_name", &["callee_name", "name"]),
    ("callee_gender", &["callee_gender", "gender"]),
    ("callee_email", &["callee_email", "email"]),
    ("platform_name", &["platform_name"]),
    ("company", &["company"]),
    ("source", &["source"]),
];
/// The free columns of a push.
const EXTRAS: [&str; 8] = [
    "extra_a", "extra_b", "extra_c", "extra_d", "extra_e", "extra_f", "extra_g", "extra_h",
];
/// The fields of a lead that its calls show.
const LEAD_FIELDS: [&str; 4] = ["name", "email", "company", "source"];

/// Sets a field.
pub fn put(body: &mut Value, name: &str, value: Value) {
    if let Some(fields) = body.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

/// The case of a person, if there is one.
pub fn put_case(body: &mut Value, person: &Person) {
    if let Some(case_id) = &person.case_id {
        put(body, "case_id", json!(case_id));
    }
}

/// A template of `workflows.templates`.
#[must_use]
pub fn template(template: &Template) -> Value {
    let nodes: Vec<_> = template
        .nodes
        .iter()
        .enumerate()
        .map(|(index, node)| json!({"node_id": template.node_id(index), "node_name": node.name, "node_type": node.work.word()}))
        .collect();
    json!({
        "workflow_template_id": template.id,
        "workflow_template_name": template.name,
        "business_line": template.line.word(),
        "create_time": template.made,
        "nodes": nodes,
    })
}

/// A workflow of `workflows.list`.
#[must_use]
pub fn summary(workflow: &Workflow, clock: &Clock) -> Value {
    json!({
        "workflow_id": workflow.id,
        "workflow_name": workflow.order.name,
        "workflow_template_id": workflow.order.template.id,
        "workflow_template_name": workflow.order.template.name,
        "status": status(workflow.status()),
        "auto_finish": workflow.order.auto_finish,
        "create_time": clock.text(workflow.created),
        "end_time": workflow.order.end_text,
        "total": workflow.contacts.len(),
        "finished": workflow.finished(),
    })
}

/// A contact of `workflows.find`.
#[must_use]
pub fn found(workflow: &Workflow, contact: &Contact, clock: &Clock) -> Value {
    let mut body = json!({
        "workflow_id": workflow.id,
        "workflow_name": workflow.order.name,
        "callee": contact.person.callee,
        "status": status(workflow.status()),
        "create_time": clock.text(contact.added),
    });
    put_case(&mut body, &contact.person);
    body
}

/// The word for a workflow's status.
#[must_use]
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Running => "running",
        Status::Finished => "finished",
        Status::Stopped => "stopped",
    }
}

/// The word for how far a node is.
#[must_use]
pub fn node_status(workflow: &Workflow, node: usize) -> &'static str {
    let run = workflow.nodes.get(node);
    match workflow.status() {
        Status::Stopped => "stopped",
        Status::Finished => "finished",
        Status::Running if run.is_none_or(|run| run.began.is_none()) => "waiting",
        Status::Running if workflow.finished() == workflow.contacts.len() => "finished",
        Status::Running => "running",
    }
}

/// Which node of which workflow, the way most bodies begin.
#[must_use]
pub fn node(workflow: &Workflow, node: usize) -> Value {
    json!({
        "workflow_id": workflow.id,
        "workflow_name": workflow.order.name,
        "nodetask_id": workflow.order.template.node_id(node),
        "nodetask_name": workflow.order.template.node_name(node),
    })
}

/// A node that a contact reached.
#[must_use]
pub fn row(workflow: &Workflow, index: usize) -> Value {
    let template = workflow.order.template;
    let work = workflow.node(index).map(|node| node.work);
    let mut body = json!({
        "nodetask_id": template.node_id(index),
        "nodetask_name": template.node_name(index),
        "node_type": work.map_or("", Work::word),
    });
    if let Some((run, _)) = workflow.nodes.get(index).zip(work.filter(|work| has_task(*work))) {
        put(&mut body, "task_id", json!(run.task_id));
    }
    body
}

/// Whether a node of this kind has a task with an id.
fn has_task(work: Work) -> bool {
    work.phones() || matches!(work, Work::Waba(_))
}

/// A subtask of `workflows.subtasks`.
#[must_use]
pub fn subtask(workflow: &Workflow, index: usize) -> Value {
    let mut body = row(workflow, index);
    put(&mut body, "task_status", json!(node_status(workflow, index)));
    if let Some(run) = workflow.nodes.get(index) {
        put(&mut body, "total", json!(run.reached));
        put(&mut body, "finished", json!(run.through));
    }
    body
}

/// A calling task of `workflows.outbound_tasks`.
#[must_use]
pub fn outbound_task(workflow: &Workflow, index: usize, clock: &Clock) -> Value {
    let mut body = node(workflow, index);
    put(&mut body, "task_name", json!(task_name(workflow, index)));
    put(&mut body, "task_status", json!(node_status(workflow, index)));
    if let Some(run) = workflow.nodes.get(index) {
        put(&mut body, "task_id", json!(run.task_id));
        put(&mut body, "total", json!(run.reached));
        put(&mut body, "finished", json!(run.through));
        put(&mut body, "create_time", json!(run.began.map(|began| clock.text(began))));
    }
    body
}

/// A calling task of `workflows.task_details`, with these calls.
#[must_use]
pub fn task_detail(workflow: &Workflow, index: usize, calls: Vec<Value>) -> Value {
    let mut body = node(workflow, index);
    put(&mut body, "taskname", json!(task_name(workflow, index)));
    put(&mut body, "status", json!(node_status(workflow, index)));
    if let Some(run) = workflow.nodes.get(index) {
        put(&mut body, "taskid", json!(run.task_id));
        put(&mut body, "total", json!(run.reached));
        put(&mut body, "finished", json!(run.through));
    }
    put(&mut body, "calls", Value::Array(calls));
    body
}

fn task_name(workflow: &Workflow, index: usize) -> String {
    format!("{}, {}", workflow.order.name, workflow.order.template.node_name(index))
}

/// The event `workflow.status`.
#[must_use]
pub fn status_change(workflow: &Workflow) -> Value {
    let begun = workflow.tasks(|_| true).map(|(index, _)| {
        let mut action = row(workflow, index);
        if action.get("task_id").is_some() {
            put(&mut action, "task_status", json!(node_status(workflow, index)));
        }
        action
    });
    json!({
        "workflow_id": workflow.id,
        "workflow_name": workflow.order.name,
        "status": status(workflow.status()),
        "actions": begun.collect::<Vec<_>>(),
    })
}

/// The result of a call, as the API and the events of the workflow's line have it.
#[must_use]
pub fn call(workflow: &Workflow, contact: &Contact, done: &DoneCall, clock: &Clock, links: &Links) -> Value {
    let last = &done.call;
    let answered = done.began.plus(Duration::from_secs(last.ring_seconds.into()));
    let ended = answered.plus(Duration::from_secs(last.talk_seconds.into()));
    let mut body = node(workflow, done.node);
    let task_id = workflow.nodes.get(done.node).map(|run| &run.task_id);
    for (name, value) in [
        ("callid", json!(done.id)),
        ("taskid", json!(task_id)),
        ("taskname", json!(task_name(workflow, done.node))),
        ("callee", json!(contact.person.callee)),
        ("caller", json!(workflow.caller)),
        ("calltime", json!(clock.text(done.began))),
        ("endtime", json!(clock.text(ended))),
        ("ringduration", json!(last.ring_seconds)),
        ("talkduration", json!(last.talk_seconds)),
        ("talkround", json!(last.talk_rounds)),
        ("status", json!(outcome(last.outcome))),
        ("variables", Value::Object(contact.person.variables.clone())),
    ] {
        put(&mut body, name, value);
    }
    put_case(&mut body, &contact.person);
    if last.outcome == Outcome::Answered {
        put(&mut body, "answertime", json!(clock.text(answered)));
        put(&mut body, "intention", json!(last.intention));
        put(&mut body, "hangup", json!(last.hangup));
        put(&mut body, "recording", json!(links.to(&done.id, clock.now())));
    }
    if workflow.checks() {
        put_check(&mut body, contact, done);
    }
    if workflow.order.template.line == Line::Leads {
        for name in LEAD_FIELDS {
            if let Some(value) = contact.person.fields.get(name) {
                put(&mut body, name, value.clone());
            }
        }
    }
    body
}

/// What an Info Check call found: it asks for every variable, and the robot's label says how that went.
fn put_check(body: &mut Value, contact: &Contact, done: &DoneCall) {
    let result = match (done.call.outcome, done.call.intention) {
        (Outcome::Answered, "A" | "B") => "passed",
        (Outcome::Answered, _) => "failed",
        _ => "unreached",
    };
    let asked = contact.person.variables.keys().filter(|_| result != "unreached");
    let answer = |index| if result == "passed" || index > 0 { "confirmed" } else { "wrong" };
    let answers: Map<_, _> = asked
        .enumerate()
        .map(|(index, name)| (name.clone(), json!(answer(index))))
        .collect();
    put(body, "checkresult", json!(result));
    put(body, "answers", Value::Object(answers));
}

/// What an API node pushes.
#[must_use]
pub fn api_push(workflow: &Workflow, contact: &Contact, index: usize) -> Value {
    let person = &contact.person;
    let mut callee = json!({"callee_number": person.callee});
    put_case(&mut callee, person);
    for (name, given) in PUSHED {
        if let Some(value) = given.iter().find_map(|given| person.value(given)) {
            put(&mut callee, name, value.clone());
        }
    }
    let named = |name: &str| PUSHED.iter().any(|(_, given)| given.contains(&name));
    let free = person.variables.iter().filter(|(name, _)| !named(name));
    for (extra, (_, value)) in EXTRAS.iter().zip(free) {
        put(&mut callee, extra, value.clone());
    }
    json!({
        "workflow_id": workflow.id,
        "workflow_name": workflow.order.name,
        "node_id": workflow.order.template.node_id(index),
        "node_name": workflow.order.template.node_name(index),
        "callee": callee,
    })
}

/// The event `predictive.task_status`.
#[must_use]
pub fn predictive_task(workflow: &Workflow, index: usize, time: i64) -> Value {
    let mut body = predictive(workflow, index, time);
    put(&mut body, "task_status", json!(status(workflow.status())));
    if let Some(run) = workflow.nodes.get(index) {
        put(&mut body, "total", json!(workflow.contacts.len()));
        put(&mut body, "finished", json!(run.through));
    }
    body
}

/// The event `predictive.contact_status`.
#[must_use]
pub fn predictive_contact(workflow: &Workflow, contact: usize, index: usize, word: &str, with_agent: bool, time: i64) -> Value {
    let mut body = predictive(workflow, index, time);
    put(&mut body, "contact_status", json!(word));
    if let Some(found) = workflow.contacts.get(contact) {
        put(&mut body, "callee", json!(found.person.callee));
        put_case(&mut body, &found.person);
    }
    if with_agent {
        put(&mut body, "agent_id", json!(agent(contact).0));
    }
    body
}

/// The event `predictive.agent_status`.
#[must_use]
pub fn predictive_agent(workflow: &Workflow, contact: usize, index: usize, word: &str, time: i64) -> Value {
    let mut body = predictive(workflow, index, time);
    let (id, name) = agent(contact);
    put(&mut body, "agent_id", json!(id));
    put(&mut body, "agent_name", json!(name));
    put(&mut body, "agent_status", json!(word));
    body
}

fn predictive(workflow: &Workflow, index: usize, time: i64) -> Value {
    let mut body = node(workflow, index);
    put(&mut body, "task_id", json!(workflow.nodes.get(index).map(|run| &run.task_id)));
    put(&mut body, "timestamp", json!(time));
    body
}

/// The agents take the contacts in turns.
fn agent(contact: usize) -> (&'static str, &'static str) {
    AGENTS[contact % AGENTS.len()]
}

/// A list with its length on all pages.
#[must_use]
pub fn list(items: impl Iterator<Item = Value>, total: usize) -> Value {
    json!({"list": items.collect::<Vec<_>>(), "total": total})
}
