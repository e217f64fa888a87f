//! From a template to finished contacts: a workflow against the emulator, with a check of everything that comes back.
//!
//! `make demo` starts the emulator and sets `AIRUDDER_BASE_URL` and `AIRUDDER_ENCRYPTION_KEY`.

mod story;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use airudder::{
    CancelWorkflowContact, Client, CreateWorkflow, EventData, Workflow, WorkflowCall, WorkflowContact, WorkflowsFindCallsParams,
    WorkflowsListParams, WorkflowsTemplatesParams,
};

use story::{Outcome, Received, check, receive_events, say};

/// The emulator goes by the last digits: the first answers at once, the second does not, the third answers the second call.
const NUMBERS: [&str; 3] = ["+6281230000001", "+6281230000002", "+6281230000005"];
const ADDED: &str = "+6281230010001";
/// Its zone is part of it: a time without one would be refused.
const END: &str = "2036-01-01 18:00:00+08:00";

#[tokio::main]
async fn main() -> Outcome<()> {
    tokio::time::timeout(Duration::from_mins(2), story())
        .await
        .map_err(|_| "the story did not end within two minutes")?
}

async fn story() -> Outcome<()> {
    let client = Client::from_env()?;
    let mut templates = client.workflows().templates_all(WorkflowsTemplatesParams::default());
    let mut chosen = None;
    while let Some(template) = templates.next().await {
        chosen = Some(template?).filter(|template| template.workflow_template_name.as_deref() == Some("Payment reminder"));
        if chosen.is_some() {
            break;
        }
    }
    let template = chosen.ok_or("there is no template for payment reminders")?;
    let template_id = template.workflow_template_id.ok_or("the template has no id")?;
    let nodes: Vec<_> = template.nodes.iter().filter_map(|node| node.node_name.as_deref()).collect();
    say(&format!("chose the template {template_id} with the nodes {}", nodes.join(", ")));

    let received = receive_events(&client).await?;
    let workflow_id = create(&client, template_id).await?;
    say(&format!("created workflow {workflow_id} with {} contacts", NUMBERS.len()));

    let more = vec![contact(ADDED, "case-4")];
    client.workflows().add_contacts(&workflow_id, more).await?;
    let cancelled = CancelWorkflowContact::new(&workflow_id).callee(NUMBERS[2]);
    client.workflows().cancel_contact(cancelled).await?;
    say("added a contact, and took one out after the call that was under way");

    let workflow = follow(&client, &workflow_id).await?;
    check(
        "every contact is through",
        workflow.finished == Some(4) && workflow.total == Some(4),
    )?;
    let finished = finished_contacts(&received, &workflow_id).await?;
    let expected: BTreeSet<_> = NUMBERS.iter().copied().chain([ADDED]).collect();
    check("an event came for each of them", finished.keys().map(String::as_str).eq(expected))?;
    for (callee, steps) in &finished {
        say(&format!("…{} went through {}", &callee[callee.len() - 5..], steps.join(", ")));
    }
    check(
        "who was taken out got no second call",
        finished[NUMBERS[2]].len() < finished[NUMBERS[1]].len(),
    )?;

    let calls = calls(&client, &workflow_id, NUMBERS[0]).await?;
    let answered = calls.first().ok_or("there is no call to the first contact")?;
    check("the first contact answered", answered.status.as_deref() == Some("answered"))?;
    check("its recording has a link", answered.recording.is_some())?;
    let folder = tempfile::tempdir()?;
    let recordings = client
        .workflows()
        .number_recordings(&workflow_id, NUMBERS[0], folder.path())
        .await?;
    say(&format!(
        "the first contact talked for {} s; {} file with its recordings",
        answered.talk_duration.unwrap_or_default(),
        recordings.len()
    ));
    Ok(())
}

async fn create(client: &Client, template_id: i64) -> Outcome<String> {
    let contacts: Vec<_> = NUMBERS
        .iter()
        .zip(["case-1", "case-2", "case-3"])
        .map(|(number, case_id)| contact(number, case_id))
        .collect();
    // Ends by itself once everybody is through.
    let workflow = CreateWorkflow::new(template_id, "Reminders in Rust", END)
        .details(contacts)
        .auto_finish(1);
    Ok(client.workflows().create(workflow).await?.workflow_id)
}

fn contact(callee: &str, case_id: &str) -> WorkflowContact {
    WorkflowContact::new(callee)
        .case_id(case_id)
        .variables([("callee_name".to_owned(), "Budi".to_owned())])
}

async fn follow(client: &Client, workflow_id: &str) -> Outcome<Workflow> {
    loop {
        let page = client.workflows().list(WorkflowsListParams::default()).await?;
        let mut workflows = page.workflows.into_iter();
        let workflow = workflows.find(|workflow| workflow.workflow_id.as_deref() == Some(workflow_id));
        let workflow = workflow.ok_or("the list lacks the workflow")?;
        if workflow.status.as_deref() == Some("finished") {
            return Ok(workflow);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Which nodes each contact went through, once the workflow has said that it is finished.
async fn finished_contacts(received: &Received, workflow_id: &str) -> Outcome<BTreeMap<String, Vec<String>>> {
    loop {
        let events = received.lock().map_err(|_| "the receiver failed")?.clone();
        let is_finished =
            |event: &EventData| matches!(event, EventData::WorkflowStatus(status) if status.status.as_deref() == Some("finished"));
        if events.iter().any(|event| is_finished(&event.data)) {
            let contacts = events.into_iter().filter_map(|event| match event.data {
                EventData::WorkflowContactFinished(contact) if contact.workflow_id.as_deref() == Some(workflow_id) => {
                    let nodes = contact.rows.into_iter().filter_map(|row| row.nodetask_name).collect();
                    Some((contact.callee_number?, nodes))
                }
                _ => None,
            });
            return Ok(contacts.collect());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn calls(client: &Client, workflow_id: &str, callee: &str) -> Outcome<Vec<WorkflowCall>> {
    let found = WorkflowsFindCallsParams::new().workflow_id(workflow_id).callee(callee);
    Ok(client.workflows().find_calls(found).await?.calls)
}
