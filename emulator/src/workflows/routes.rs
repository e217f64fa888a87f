//! The `workflows.*` operations, and the `leads.*` ones on the same paths. Requests arrive here checked against the contract; what the
//! contract cannot say is checked here.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::lookup::{either, no_workflow, workflow};
use super::state::{Contact, MAX_CONTACTS, Order, Person, Status, Workflow};
use super::tell::Tell;
use super::templates::{TEMPLATES, Template, Work};
use super::{lists, views};
use crate::envelope::Refusal;
use crate::fields::{as_text, optional, text};
use crate::request::{Answer, Call, Handler};
use crate::world::World;

/// The `auto_finish` of a workflow that says nothing of it.
const STAYS_OPEN: i64 = 2;
/// Fields of a contact that have a meaning of their own.
const OWN_FIELDS: [&str; 3] = ["callee", "case_id", "variables"];

/// The handler of a `workflows.*` or `leads.*` operation.
#[must_use]
pub fn handler(name: &str) -> Option<Handler> {
    Some(match name {
        "create" => create,
        "templates" => templates,
        "add_contacts" => add_contacts,
        "update_contacts" => update_contacts,
        "cancel_contact" | "cancel_call" => cancel_contact,
        "verify_api_push" => verify_api_push,
        "stop" => stop,
        "find" => lists::find,
        "list" => lists::workflows,
        "subtasks" => lists::subtasks,
        "outbound_tasks" => lists::outbound_tasks,
        "task_details" | "info_check_task_details" => lists::task_details,
        "find_calls" => lists::find_calls,
        "call_by_id" => lists::call_by_id,
        "number_recordings" => lists::number_recordings,
        "waba_tasks" => lists::waba_tasks,
        "waba_task_details" => lists::waba_task_details,
        _ => return None,
    })
}

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let order = order(call)?;
    let people = people(&call.body);
    check_new(&[], &people)?;
    let (world, mut tell) = told(call.world);
    let id = world.add(order, people, &mut tell);
    Ok(Answer::Json(json!({"workflow_id": id})))
}

#[allow(clippy::unnecessary_wraps, reason = "every handler may refuse")]
fn templates(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let shown = call.page("page", "size").of(&TEMPLATES).map(views::template);
    Ok(Answer::Json(views::list(shown, TEMPLATES.len())))
}

fn add_contacts(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let people = people(&call.body);
    let now = call.now();
    let workflow = running(call)?;
    check_new(&workflow.contacts, &people)?;
    workflow.add(people, now);
    Ok(Answer::done())
}

fn update_contacts(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let people = people(&call.body);
    let workflow = running(call)?;
    let mut changes = Vec::new();
    for (index, person) in people.into_iter().enumerate() {
        let found: Vec<_> = workflow
            .named(Some(&person.callee), person.case_id.as_deref())
            .map(|(index, _)| index)
            .collect();
        if found.is_empty() {
            return Err(Refusal::not_found(format!("details[{index}]: the workflow has no such contact")));
        }
        changes.push((found, person));
    }
    for (found, person) in changes {
        for index in found {
            if let Some(contact) = workflow.contacts.get_mut(index) {
                contact.person.variables.clone_from(&person.variables);
                contact.person.fields.extend(person.fields.clone());
            }
        }
    }
    Ok(Answer::done())
}

fn cancel_contact(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.field("workflow_id");
    let (callee, case_id) = (optional(&call.body, "callee"), optional(&call.body, "case_id"));
    either(callee.is_some() || case_id.is_some(), "callee, case_id")?;
    let (workflows, mut tell) = told(call.world);
    let workflow = workflows.find_mut(&id).ok_or_else(no_workflow)?;
    let indices: Vec<_> = workflow
        .named(callee.as_deref(), case_id.as_deref())
        .map(|(index, _)| index)
        .collect();
    if indices.is_empty() {
        return Err(Refusal::not_found("the workflow has no such contact"));
    }
    workflow.cancel(&indices, &mut tell);
    Ok(Answer::done())
}

fn verify_api_push(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let workflow = workflow(call.world, &call.field("workflow_id"))?;
    let node_id = call.field("node_id");
    let mut nodes = workflow.tasks(|work| work == Work::ApiPush).map(|(index, _)| index);
    let node = nodes
        .find(|index| workflow.order.template.node_id(*index) == node_id)
        .ok_or_else(|| Refusal::not_found("node_id: no API node with this id has pushed anything"))?;
    let (callee, case_id) = (call.field("callee"), optional(&call.body, "case_id"));
    let push = |contact: &Contact| contact.pushes.iter().rfind(|(at, _)| *at == node).map(|(_, body)| body.clone());
    workflow
        .named(Some(&callee), case_id.as_deref())
        .filter_map(|(_, contact)| push(contact))
        .last()
        .map(Answer::Json)
        .ok_or_else(|| Refusal::not_found("callee: the node has pushed nothing of this contact"))
}

fn stop(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.field("workflow_id");
    let (workflows, mut tell) = told(call.world);
    workflows.find_mut(&id).ok_or_else(no_workflow)?.stop(&mut tell);
    Ok(Answer::done())
}

/// The workflows, and who is told of what happens to them.
fn told(world: &mut World) -> (&mut super::Workflows, Tell<'_>) {
    let now = world.clock.now();
    (&mut world.workflows, Tell::new(&world.clock, &world.links, &mut world.outbox, now))
}

fn running<'a>(call: &'a mut Call<'_>) -> Result<&'a mut Workflow, Refusal> {
    let id = call.field("workflow_id");
    let workflow = call.world.workflows.find_mut(&id).ok_or_else(no_workflow)?;
    if workflow.status() == Status::Running {
        Ok(workflow)
    } else {
        Err(Refusal::bad_request("workflow_id: the workflow has ended"))
    }
}

fn order(call: &Call<'_>) -> Result<Order, Refusal> {
    let body = &call.body;
    let template = body["workflow_template_id"].as_u64().and_then(Template::find).ok_or_else(|| {
        Refusal::bad_request("workflow_template_id: the account has no such template; workflows.templates lists those that it has")
    })?;
    if optional(body, "workflow_template_name").is_some_and(|name| name != template.name) {
        return Err(Refusal::bad_request(
            "workflow_template_name: the template with this id has another name",
        ));
    }
    let clock = &call.world.clock;
    let end_text = text(body, "end_time");
    let end = clock
        .zoned_moment(&end_text)
        .ok_or_else(|| Refusal::bad_request("end_time: no calendar has this time"))?;
    if end <= call.now() {
        return Err(Refusal::bad_request(format!(
            "end_time: has passed; the account's clock shows {}",
            clock.text(call.now())
        )));
    }
    Ok(Order {
        template,
        name: optional(body, "workflow_name").unwrap_or_else(|| text(body, "name")),
        end,
        end_text,
        auto_finish: body["auto_finish"].as_i64().unwrap_or(STAYS_OPEN),
    })
}

fn people(body: &Value) -> Vec<Person> {
    let details = body["details"].as_array().into_iter().flatten();
    let person = |contact: &Value| Person {
        callee: text(contact, "callee"),
        case_id: optional(contact, "case_id"),
        variables: contact["variables"].as_object().cloned().unwrap_or_default(),
        fields: other_fields(contact),
    };
    details.map(person).collect()
}

fn other_fields(contact: &Value) -> Map<String, Value> {
    let fields = contact.as_object().into_iter().flatten();
    let others = fields.filter(|(name, value)| !OWN_FIELDS.contains(&name.as_str()) && !value.is_null());
    others.map(|(name, value)| (name.clone(), Value::from(as_text(value)))).collect()
}

/// Refuses too many contacts, and those that nothing tells apart.
fn check_new(present: &[Contact], people: &[Person]) -> Result<(), Refusal> {
    if present.len() + people.len() > MAX_CONTACTS {
        return Err(Refusal::bad_request(format!(
            "details: a workflow takes {MAX_CONTACTS} contacts at most"
        )));
    }
    let mut known: HashSet<_> = present.iter().map(|contact| key(&contact.person)).collect();
    match people.iter().position(|person| !known.insert(key(person))) {
        Some(index) => Err(Refusal::bad_request(format!(
            "details[{index}]: the workflow has a contact with this callee and case_id already"
        ))),
        None => Ok(()),
    }
}

fn key(person: &Person) -> (&str, Option<&str>) {
    (&person.callee, person.case_id.as_deref())
}
