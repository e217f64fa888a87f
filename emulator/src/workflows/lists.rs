//! What the API tells of workflows, page by page.

use serde_json::{Value, json};

use super::lookup::{either, workflow};
use super::state::{Contact, DoneCall, Workflow};
use super::templates::Work;
use super::{views, whatsapp};
use crate::envelope::Refusal;
use crate::fields::optional;
use crate::recordings::Recording;
use crate::request::{Answer, Call};
use crate::settings::RecordingsAs;

/// `workflows.list`
#[allow(clippy::unnecessary_wraps, reason = "every handler may refuse")]
pub(super) fn workflows(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let all = call.world.workflows.all();
    let page = call.page("page", "size").of(all.iter().rev());
    let shown = page.map(|workflow| views::summary(workflow, &call.world.clock));
    Ok(Answer::Json(views::list(shown, all.len())))
}

/// `workflows.find`
pub(super) fn find(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (callee, case_id) = (optional(&call.body, "callee"), optional(&call.body, "case_id"));
    either(callee.is_some() || case_id.is_some(), "callee, case_id")?;
    let clock = &call.world.clock;
    let time = |name: &str| {
        let moment = clock.moment(&call.field(name));
        moment.ok_or_else(|| Refusal::bad_request(format!("{name}: no calendar has this time")))
    };
    let span = time("start_time")?..=time("end_time")?;
    if span.is_empty() {
        return Err(Refusal::bad_request("end_time: must not be earlier than start_time"));
    }
    let mut found = Vec::new();
    for workflow in call.world.workflows.all() {
        let named = workflow.named(callee.as_deref(), case_id.as_deref());
        let inside = named.filter(|(_, contact)| span.contains(&contact.added));
        found.extend(inside.map(|(_, contact)| views::found(workflow, contact, clock)));
    }
    Ok(Answer::Json(json!({"list": found})))
}

/// `workflows.subtasks`
pub(super) fn subtasks(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let workflow = workflow(call.world, &call.parameter("workflow_id"))?;
    let begun: Vec<_> = workflow.tasks(|_| true).collect();
    let page = call.page("page", "size").of(&begun);
    let shown = page.map(|(index, _)| views::subtask(workflow, *index));
    Ok(Answer::Json(views::list(shown, begun.len())))
}

/// `workflows.outbound_tasks`
pub(super) fn outbound_tasks(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let workflow = workflow(call.world, &call.field("workflow_id"))?;
    let tasks: Vec<_> = workflow.tasks(Work::phones).collect();
    let page = call.page("page", "size").of(&tasks);
    let shown = page.map(|(index, _)| views::outbound_task(workflow, *index, &call.world.clock));
    Ok(Answer::Json(views::list(shown, tasks.len())))
}

/// `workflows.task_details` and `workflows.info_check_task_details`: the task's line decides what its calls show.
pub(super) fn task_details(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let workflow = workflow(call.world, &call.field("workflow_id"))?;
    let node = workflow
        .task(&call.field("task_id"), Work::phones)
        .ok_or_else(|| Refusal::not_found("task_id: the workflow has no such calling task"))?;
    let calls = workflow.calls().filter(|(_, _, done)| done.node == node);
    let shown = call.page("page", "size").of(calls).map(|found| result(call, found)).collect();
    Ok(Answer::Json(views::task_detail(workflow, node, shown)))
}

/// `workflows.find_calls`
pub(super) fn find_calls(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let given = |name: &str| Some(call.parameter(name)).filter(|text| !text.is_empty());
    let (callee, case_id) = (given("callee"), given("caseid"));
    let (task_id, workflow_id) = (given("taskid"), given("workflow_id"));
    either(callee.is_some() || case_id.is_some(), "callee, caseid")?;
    either(task_id.is_some() || workflow_id.is_some(), "taskid, workflow_id")?;
    let place = |workflow: &Workflow| task_id.as_ref().map(|id| workflow.task(id, Work::phones));
    let all: Vec<&Workflow> = match &workflow_id {
        Some(id) => vec![workflow(call.world, id)?],
        None => call.world.workflows.all().iter().collect(),
    };
    let wanted: Vec<_> = all.into_iter().filter(|workflow| place(workflow) != Some(None)).collect();
    if wanted.is_empty() {
        return Err(Refusal::not_found("taskid: there is no such calling task"));
    }
    let calls = wanted.into_iter().flat_map(|workflow| {
        let node = place(workflow).flatten();
        workflow
            .calls()
            .filter(move |(_, _, done)| node.is_none_or(|node| done.node == node))
    });
    let named = calls.filter(|(_, contact, _)| contact.person.is_named(callee.as_deref(), case_id.as_deref()));
    let shown: Vec<_> = named.map(|found| result(call, found)).collect();
    Ok(Answer::Json(json!({"list": shown})))
}

/// `workflows.call_by_id`
pub(super) fn call_by_id(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let found = call.world.workflows.call(&call.parameter("callid"));
    found
        .map(|found| Answer::Json(result(call, found)))
        .ok_or_else(|| Refusal::not_found("callid: no call with this id has ended"))
}

/// `workflows.number_recordings`
pub(super) fn number_recordings(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let workflow = workflow(call.world, &call.parameter("workflow_id"))?;
    let callee = call.parameter("callee");
    let to_number = workflow.calls().filter(|(_, contact, _)| contact.person.callee == callee);
    let recordings: Vec<Recording> = to_number.filter_map(|(_, contact, done)| done.recording(contact)).collect();
    if recordings.is_empty() {
        return Err(Refusal::not_found("callee: there is no recording of a call to it"));
    }
    Ok(match call.settings.recordings {
        RecordingsAs::Bytes => Answer::Archive(workflow.id.clone(), recordings),
        RecordingsAs::Links => {
            let link = |recording: &Recording| call.world.links.to(&recording.call_id, call.now());
            let list = recordings
                .iter()
                .map(|recording| json!({"callid": recording.call_id, "recording": link(recording)}));
            Answer::Json(json!({"list": list.collect::<Vec<_>>()}))
        }
    })
}

/// `workflows.waba_tasks`
pub(super) fn waba_tasks(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let workflow = workflow(call.world, &call.parameter("workflow_id"))?;
    let tasks: Vec<_> = workflow.tasks(is_waba).map(|(index, _)| index).collect();
    let template = |index: usize| match workflow.node(index).map(|node| node.work) {
        Some(Work::Waba(template)) => template,
        _ => "",
    };
    let page = call.page("page", "size").of(&tasks);
    let shown = page.map(|index| whatsapp::task(workflow, *index, template(*index), &call.world.clock));
    Ok(Answer::Json(views::list(shown, tasks.len())))
}

/// `workflows.waba_task_details`
pub(super) fn waba_task_details(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.parameter("waba_task_id");
    let mut all = call.world.workflows.all().iter();
    let (workflow, node) = all
        .find_map(|workflow| Some((workflow, workflow.task(&id, is_waba)?)))
        .ok_or_else(|| Refusal::not_found("waba_task_id: there is no such WhatsApp task"))?;
    let messages: Vec<_> = whatsapp::of_task(workflow, node).collect();
    let page = call.page("page", "size").of(&messages);
    let shown = page.map(|(contact, message)| whatsapp::detail(contact, message, &call.world.clock));
    Ok(Answer::Json(views::list(shown, messages.len())))
}

fn is_waba(work: Work) -> bool {
    matches!(work, Work::Waba(_))
}

fn result(call: &Call<'_>, (workflow, contact, done): (&Workflow, &Contact, &DoneCall)) -> Value {
    views::call(workflow, contact, done, &call.world.clock, &call.world.links)
}
