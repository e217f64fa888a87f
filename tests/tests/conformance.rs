//! Plays every case against the SDK, twice: by names, as the bindings call it, and by types, as Rust programs do.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod calls;
mod generated;
mod outcome;
mod params;

use std::sync::Arc;

use airudder::Client;
use airudder_tests::suite::Server;
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use calls::{Way, call, settings};
use outcome::Outcome;

/// How many cases are played at the same time.
const AT_ONCE: usize = 16;

#[tokio::test(flavor = "multi_thread")]
async fn every_case_by_name() {
    play_all(Way::ByName).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_case_by_type() {
    play_all(Way::ByType).await;
}

async fn play_all(way: Way) {
    // The cases say what a client is made from; the environment must not add to it.
    let set: Vec<String> = std::env::vars()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("AIRUDDER_") && !name.starts_with("AIRUDDER_CASE"))
        .collect();
    assert!(set.is_empty(), "unset {set:?} before the suite runs");

    let server = Arc::new(Server::start(env!("CARGO_BIN_EXE_case-server"), None).unwrap());
    let mut plays = JoinSet::new();
    // A case that waits for a deadline must not wait for all others as well.
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    for (file, name) in server.cases(way.suite()).unwrap() {
        let server = Arc::clone(&server);
        let turns = Arc::clone(&turns);
        plays.spawn(async move {
            let _turn = turns.acquire().await.unwrap();
            let (id, started) = server.start_case(&file, &name, way.suite()).unwrap();
            let outcomes = play(&started["case"], way).await;
            let problems = server.finish(&id, &Value::Array(outcomes)).unwrap();
            problems
                .into_iter()
                .map(|problem| format!("{file}/{name}: {problem}"))
                .collect::<Vec<_>>()
        });
    }
    let mut problems = plays.join_all().await.concat();
    problems.sort();
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

async fn play(case: &Value, way: Way) -> Vec<Value> {
    let settings = settings(&case["client"]);
    let shown = format!("{settings:?}");
    let client = match Client::new(settings) {
        Ok(client) => client,
        Err(error) => return vec![Outcome::error(&error).and_shown(shown).report()],
    };
    let mut outcomes = Vec::new();
    for step in case["steps"].as_array().unwrap() {
        let outcome = call(&client, step, way).await;
        outcomes.push(outcome.and_shown(shown.clone()).and_shown(format!("{client:?}")).report());
    }
    outcomes
}
