//! The programs of README.md, run against a server that answers as AI Rudder would.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::sync::Arc;

use airudder::events::SqliteStore;
use airudder::{
    BotUserMessage, CallResult, ChatUser, Client, CollectionContact, Contact, CreateTask, CreateWorkflow, Error, ErrorKind, EventData,
    EventKind, EventRouter, Events, InfoCheckContact, MessageContent, OutgoingMessage, Settings, SignError, TelemarketingContact,
    TextContent, Unsigned, WorkflowContact,
};
use support::{Reaction, client, json, serve, settings};

async fn business_lines(client: &Client) -> Result<(), Error> {
    let contacts: Vec<Contact> = vec![
        CollectionContact::new("+6281230000001")
            .debtor("Budi")
            .arrears("150000")
            .unit("IDR")
            .into(),
        TelemarketingContact::new("+6281230000002")
            .name("Sari")
            .product("Rice cooker")
            .into(),
        InfoCheckContact::new("+6281230000003").name("Wayan").company("KoinKita").into(),
    ];
    let task = CreateTask::new("Mixed", "2026-11-23 09:00:00", "2026-11-23 18:00:00", "1001", contacts);
    let task_id = client.tasks().create(task).await?.task_id;
    for call in client.tasks().detail(task_id).await?.calls {
        match &call {
            CallResult::InfoCheck(check) => println!("{:?}", check.check_result),
            other => println!("{:?}", other.status()),
        }
    }
    Ok(())
}

async fn workflows(client: &Client) -> Result<(), Error> {
    let contacts = vec![WorkflowContact::new("+6281230000001").case_id("case-1")];
    let workflow = CreateWorkflow::new(2001, "Reminders", "2026-11-23 18:00:00+08:00").details(contacts);
    let workflow_id = client.workflows().create(workflow).await?.workflow_id;
    let mut workflows = client.workflows().list_all(airudder::WorkflowsListParams::default());
    while let Some(workflow) = workflows.next().await {
        println!("{:?}, new is {workflow_id}", workflow?.status);
    }
    Ok(())
}

async fn chatbot(settings: Settings) -> Result<(), Error> {
    let client = Client::new(Settings {
        sign_key: Some("0f8fad5bd9cb469fa165708667284a2c".into()),
        // In place of `sign_secret`, when HMAC-SHA256 over the body is not what AI Rudder told you.
        signer: Some(Arc::new(|request: &Unsigned| {
            let body = request.body.as_ref().ok_or(SignError::new("files cannot be signed"))?;
            Ok(format!("{}-{}", request.sign_key, body.len()))
        })),
        ..settings
    })?;
    let message = OutgoingMessage::new(TextContent::new().text("Where is my parcel?"));
    let user = ChatUser::new().id("u-1");
    let said = BotUserMessage::new("chat-1", "5003", user, vec![message]).extra_field("custom", "vip");
    client.chatbot().bot_user_message(said).await?;
    for message in client.chatbot().messages(airudder::ListMessages::new("chat-1")).await?.messages {
        match message.content {
            Some(MessageContent::Text(content)) => println!("{:?}", content.text),
            Some(MessageContent::Other(content)) => println!("of the new type {:?}", content.content_type),
            other => println!("{other:?}"),
        }
    }
    Ok(())
}

fn inbound_calls(client: &Client, body: &[u8], headers: &[(String, String)]) -> Result<Option<String>, Error> {
    let event = client.events().unwrap(body, headers, Some("inbound.call_ended"))?;
    match event.data {
        EventData::InboundCallEnded(call) => Ok(call.recording),
        _ => Ok(None),
    }
}

fn event_router(client: &Client, store: SqliteStore) -> EventRouter {
    let router = client.events().router(Arc::new(store));
    router
        .on(EventKind::CallFinished, |event| async move {
            if let EventData::CallFinished(call) = event.data {
                println!("call {:?} was {:?}", call.call_id, call.status);
            }
            Ok(())
        })
        .on(EventKind::TaskFinished, |event| async move {
            println!("{}", event.kind);
            Err("the database is down".into()) // AI Rudder sends it again
        })
}

async fn create_once(client: &Client, task: CreateTask) -> Result<Option<String>, Error> {
    match client.tasks().create(task).await {
        Ok(task) => Ok(Some(task.task_id)),
        Err(error) if error.may_have_been_applied() => Ok(None), // look with `tasks().list(..)` before creating it again
        Err(error) if error.kind() == ErrorKind::RateLimited => {
            tokio::time::sleep(error.retry_after().unwrap_or_default()).await;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn play(request: &str) -> Reaction {
    let target = request.split(' ').nth(1).unwrap();
    let data = match target.split('?').next().unwrap() {
        "/service/cloud/task" => r#"{"TaskID":"t1"}"#,
        "/service/cloud/detail" => r#"{"taskid":"t1","calls":[{"callid":"c1","status":"busy"},{"callid":"c2","checkresult":"passed"}]}"#,
        "/service/cloud/workflow/createinstance" => r#"{"workflow_id":"w1"}"#,
        "/service/cloud/workflow/instances" => r#"{"list":[{"workflow_id":"w1","status":"running"}],"total":1}"#,
        "/api/v1/bot/message" => "{}",
        "/api/v1/session/messages" => r#"{"messages":[{"msg_id":"m1","content":{"type":"text","text":"Soon."}}]}"#,
        other => panic!("{other} is in no program"),
    };
    Reaction::Write(json(&format!(
        r#"{{"code":200,"status":"OK","message":"Success","request_id":"r","data":{data}}}"#
    )))
}

#[tokio::test]
async fn the_programs_run() {
    let (address, log) = serve(play).await;
    let client = client(address);
    business_lines(&client).await.unwrap();
    workflows(&client).await.unwrap();
    chatbot(settings(address)).await.unwrap();
    let task = CreateTask::new(
        "One",
        "2026-11-23 09:00:00",
        "2026-11-23 18:00:00",
        "1001",
        vec![CollectionContact::new("+6281230000001")],
    );
    assert_eq!(create_once(&client, task).await.unwrap().as_deref(), Some("t1"));
    let ended = br#"{"callid":"c1","recording":"https://example.com/c1.wav"}"#;
    assert_eq!(
        inbound_calls(&client, ended, &[]).unwrap().as_deref(),
        Some("https://example.com/c1.wav")
    );
    let folder = tempfile::tempdir().unwrap();
    let router = event_router(&client, SqliteStore::open(folder.path().join("events.db")).unwrap());
    for (kind, first, second) in [
        (EventKind::CallFinished, "handled", "duplicate"),
        (EventKind::TaskFinished, "failed", "failed"),
        (EventKind::PlanFinished, "unhandled", "unhandled"),
    ] {
        let body = Events::sample(kind);
        assert_eq!(router.handle(&body, &[], None).await.outcome, first);
        assert_eq!(router.handle(&body, &[], Some(kind.as_str())).await.outcome, second);
    }
    let log = log.lock().unwrap();
    let said = log.iter().find(|request| request.starts_with("POST /api/v1/bot/message")).unwrap();
    assert!(said.contains(r#""custom":"vip""#), "{said}");
    let (head, body) = said.split_once("\r\n\r\n").unwrap();
    let sign = format!("x-airudder-sign: 0f8fad5bd9cb469fa165708667284a2c-{}", body.len());
    assert!(head.to_ascii_lowercase().contains(&sign), "{head}");
    assert!(log.iter().any(|request| request.contains("2026-11-23 18:00:00+08:00")));
}
