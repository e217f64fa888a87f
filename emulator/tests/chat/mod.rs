//! A client of the Chatbot API, which signs.

#![allow(dead_code, reason = "each test file uses its part")]

use std::sync::LazyLock;

use airudder_emulator::contract::Contract;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::common::{Api, read, send, settings};

/// A client that signs.
pub struct Chat(pub Api);

impl Chat {
    pub async fn start() -> Self {
        Self(Api::start(settings()).await)
    }

    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let body = body.to_string();
        let request = self.0.client.post(self.0.url(&format!("/api/v1/{path}")));
        let request = request
            .header("X-AIRudder-Sign-Key", "0".repeat(32))
            .header("X-AIRudder-Sign", hmac(body.as_bytes()));
        read(send(request.header("Content-Type", "application/json").body(body)).await).await
    }

    /// The data of an answer that has to be a success and to follow the contract.
    pub async fn call(&self, operation: &str, path: &str, body: Value) -> Value {
        let (status, answer) = self.post(path, &body).await;
        assert_eq!((status, &answer["message"]), (200, &json!("Success")), "{answer}");
        assert_follows_contract(&format!("chatbot.{operation}"), &answer);
        answer["data"].clone()
    }

    pub async fn refused(&self, path: &str, body: Value) -> (u16, String) {
        let (status, answer) = self.post(path, &body).await;
        assert_eq!(answer["code"], status, "{answer}");
        assert!(answer["request_id"].as_str().is_some_and(|id| id.len() == 32), "{answer}");
        (status, answer["message"].as_str().expect("a message").to_owned())
    }

    /// All messages of a session, oldest first.
    pub async fn messages(&self, call_id: &str) -> Vec<Value> {
        let answer = self
            .call("messages", "session/messages", json!({"call_id": call_id, "size": 100}))
            .await;
        answer["messages"].as_array().expect("messages").iter().rev().cloned().collect()
    }

    /// All events that happened, kind and body.
    pub async fn events(&self) -> Vec<(String, Value)> {
        let events = self.0.data("/_emulator/events").await;
        let event = |event: &Value| (event["event"].as_str().expect("a kind").to_owned(), event["body"].clone());
        events["List"].as_array().expect("a list").iter().map(event).collect()
    }

    pub async fn user_writes(&self, call_id: &str, text: &str) {
        self.call("bot_user_message", "bot/message", user_message(call_id, "5003", text))
            .await;
        self.0.advance(3).await;
    }
}

/// HMAC-SHA256 by its definition and another library than the emulator's.
pub fn hmac(body: &[u8]) -> String {
    let mut key = b"emulator".to_vec();
    key.resize(64, 0);
    let pad = |with: u8| key.iter().map(|byte| byte ^ with).collect::<Vec<_>>();
    let inner = Sha256::digest([pad(0x36), body.to_vec()].concat());
    let outer = Sha256::digest([pad(0x5c), inner.to_vec()].concat());
    hex(&outer)
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

pub fn assert_follows_contract(id: &str, value: &Value) {
    static CONTRACT: LazyLock<Contract> = LazyLock::new(|| Contract::load().expect("a contract"));
    let schema = CONTRACT.schema_of(id).expect("a schema");
    let problems: Vec<_> = schema.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{id}: {problems:?}");
}

pub fn user_message(call_id: &str, channel_id: &str, text: &str) -> Value {
    let mut message = json!({
        "call_id": call_id, "channel_id": channel_id, "user": {"id": "u-1", "name": "Ani"},
        "messages": [{"content": {"type": "text", "text": text}}],
    });
    if channel_id == "5002" {
        message["channel"] = json!("HuaWei");
    }
    message
}
