//! Calls every operation against the emulator, and some against a mock server, twice: by names, as the bindings do, and by types.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod calls;
mod generated;
mod outcome;
mod params;

use airudder::Client;
use airudder_tests::suite::Server;
use serde_json::{Value, json};

use calls::{Way, call, settings};

#[tokio::test(flavor = "multi_thread")]
async fn every_walk_by_name() {
    walk_all(Way::ByName).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_walk_by_type() {
    walk_all(Way::ByType).await;
}

async fn walk_all(way: Way) {
    let server = Server::start(env!("CARGO_BIN_EXE_case-server"), None).unwrap();
    let mut problems = Vec::new();
    for file in server.walks().unwrap() {
        let found = walk(&server, &file, way).await;
        problems.extend(found.into_iter().map(|problem| format!("{file}: {problem}")));
    }
    let missing = server.missing(way.suite()).unwrap();
    problems.extend(missing.into_iter().map(|id| format!("no walk calls {id}")));
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

async fn walk(server: &Server, file: &str, way: Way) -> Vec<String> {
    let (id, client) = server.start_walk(file, way.suite()).unwrap();
    let client = Client::new(settings(&client)).unwrap();
    let mut outcome = Value::Null;
    loop {
        let next = server.next_step(&id, &outcome).unwrap();
        if next["done"] == true {
            return serde_json::from_value(next["problems"].clone()).unwrap();
        }
        outcome = json!(call(&client, &next["step"], way).await.report());
    }
}
