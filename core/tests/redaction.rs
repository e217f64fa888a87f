//! What AI Rudder's messages quote of a request does not become part of an error.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;

use airudder::{Client, CreateWorkflow, Error, OutgoingMessage, Settings, TextContent, WorkflowContact};
use serde_json::json;
use support::{TOKEN, in_memory_with, ok};

/// A client of a server that refuses every call with a message.
fn refusing(message: &str) -> Client {
    let refusal = json!({"code": 400, "message": message}).to_string();
    let (client, _) = in_memory_with(Settings::default(), move |sent, _| {
        if sent.is_for_token() {
            (200, ok(json!({"token": TOKEN})))
        } else {
            (400, refusal.clone())
        }
    });
    client
}

fn assert_hidden(error: &Error, words: &[&str]) {
    assert!(error.api_message().is_some());
    for word in words {
        assert!(!error.to_string().contains(word), "{error}");
    }
}

#[tokio::test]
async fn variables_and_messages_are_hidden_too() {
    let variables = BTreeMap::from([("who".to_owned(), "Budi Santoso".to_owned())]);
    let contact = WorkflowContact::new("+6281230000001").variables(variables);
    let workflow = CreateWorkflow::new(7, "n", "2026-11-24 18:00:00+08:00").details(vec![contact]);
    let client = refusing("no robot for Budi Santoso at +6281230000001");
    let error = client.workflows().create(workflow).await.unwrap_err();
    assert_hidden(&error, &["Budi", "81230000001"]);

    let message = OutgoingMessage::new(TextContent::new().text("My secret wish"));
    let client = refusing("forbidden words: My secret wish");
    let error = client.chatbot().send_message("c", vec![message]).await.unwrap_err();
    assert_hidden(&error, &["secret"]);
}
