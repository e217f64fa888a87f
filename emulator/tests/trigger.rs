//! `airudder-emulator trigger`, received by a real server.

#![allow(clippy::expect_used, reason = "a test may fail")]

mod chat;
mod common;

use std::process::Stdio;

use aes::Aes128;
use aes::cipher::block_padding::ZeroPadding;
use aes::cipher::{BlockModeDecrypt as _, KeyInit as _};
use airudder_emulator::contract::Contract;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chat::{assert_follows_contract, hex, hmac};
use common::Receiver;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::process::Command;

/// The documentation's.
const KEY: &[u8; 16] = b"airudderredduria";

/// The exit code, stdout and stderr.
async fn trigger(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_airudder-emulator"))
        .arg("trigger")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .await
        .expect("the program");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn decrypt(text: &[u8], signed: &str) -> Value {
    let bytes = STANDARD.decode(text).expect("base64");
    let plain = ecb::Decryptor::<Aes128>::new_from_slice(KEY)
        .expect("a key")
        .decrypt_padded_vec::<ZeroPadding>(&bytes)
        .expect("a padding");
    assert_eq!(hex(&Sha256::digest(&plain)), signed);
    serde_json::from_slice(&plain).expect("JSON")
}

#[tokio::test]
async fn all_kinds_are_listed() {
    let contract = Contract::load().expect("a contract");
    let (code, listed, _) = trigger(&["--list"]).await;
    assert_eq!(code, Some(0));
    assert!(listed.lines().eq(contract.events()));
    assert_eq!(listed.lines().count(), 35);
}

#[tokio::test]
async fn every_kind_is_posted_in_clear_and_encrypted() {
    let receiver = Receiver::start().await;
    let to = format!("{}/{{kind}}", receiver.url);
    let contract = Contract::load().expect("a contract");
    for kind in contract.events() {
        for encrypted in [false, true] {
            let mut arguments = vec![kind, "--to", &to];
            arguments.extend(encrypted.then_some("--encrypted"));
            let ended = trigger(&arguments).await;
            assert_eq!(ended, (Some(0), "200\n".to_owned(), String::new()), "{kind}");
            assert_eq!(receiver.take_paths(), [format!("/events/{kind}")]);
            let (headers, body) = receiver.take().pop().expect("an event");
            assert_eq!(headers["content-type"], "application/json");
            assert_eq!(headers["user-agent"], "Airudder");
            assert_eq!(headers.get("is-encrypted").is_some_and(|value| value == "1"), encrypted);
            let event = if encrypted {
                decrypt(&body, headers["signed"].to_str().expect("text"))
            } else {
                serde_json::from_slice(&body).expect("JSON")
            };
            assert_follows_contract(kind, &event);
            let signed = kind.starts_with("chatbot.") || kind == "workflow.chatbot_session_ended";
            let sign = signed.then(|| hmac(&body));
            assert_eq!(headers.get("x-airudder-sign").and_then(|sign| sign.to_str().ok()), sign.as_deref());
        }
    }
}

#[tokio::test]
async fn copies_are_the_same_bytes_and_each_has_to_be_confirmed() {
    let receiver = Receiver::start().await;
    receiver.answer(&[200, 503, 204]);
    // With an IV of its own in each message, only what is packed once is the same.
    let arguments = [
        "call.finished",
        "--to",
        &receiver.url,
        "--repeat",
        "3",
        "--encryption-scheme",
        "aes-cbc",
    ];
    let key = ["--encryption-key", "airudderredduriaairudderredduria", "--signed"];
    let (code, statuses, _) = trigger(&[&arguments, &key[..]].concat()).await;
    assert_eq!((code, statuses.as_str()), (Some(1), "200\n503\n204\n"));
    let events = receiver.take();
    assert_eq!(events.len(), 3);
    assert!(events.iter().all(|event| event == &events[0]));
    assert_eq!(events[0].0["is-encrypted"], "1");
    assert_eq!(events[0].0["x-airudder-sign"], hmac(&events[0].1));
}

#[tokio::test]
async fn fields_can_be_chosen() {
    let receiver = Receiver::start().await;
    let data = json!({"callid": "c-1", "recording": null, "status": "busy"}).to_string();
    let (code, ..) = trigger(&["call.finished", "--to", &receiver.url, "--data", &data]).await;
    assert_eq!(code, Some(0));
    let body = receiver.take_bodies().pop().expect("an event");
    assert_eq!((&body["callid"], &body["status"]), (&json!("c-1"), &json!("busy")));
    assert!(body.get("recording").is_none() && body.get("talkduration").is_some(), "{body}");
}

#[tokio::test]
async fn what_cannot_be_posted_is_named() {
    let nowhere = {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        format!("http://{}/", taken.local_addr().expect("an address"))
    };
    let to = ["--to", nowhere.as_str()];
    for (arguments, code, expected) in [
        (&["nothing.happened"][..], 1, "there is no event \"nothing.happened\""),
        (&["call.finished", "--encryption-key", "geheim"], 1, "6 bytes; aes-ecb takes 16"),
        (&["call.finished", "--data", "[1]"], 2, "must be a JSON object"),
        (&["call.finished", "--repeat", "0"], 2, "--repeat"),
        (&[], 2, "<KIND>"),
        (&["call.finished"], 1, "the receiver could not be reached"),
        (
            &["call.finished", "--signed", "--sign-key", "a\nb"],
            1,
            "no header can hold the sign key",
        ),
    ] {
        let (ended, stdout, stderr) = trigger(&[&to, arguments].concat()).await;
        assert_eq!(ended, Some(code), "{arguments:?}: {stderr}");
        let said = stdout + &stderr;
        assert!(said.contains(expected) && !said.contains("geheim"), "{arguments:?}: {said}");
    }
}
