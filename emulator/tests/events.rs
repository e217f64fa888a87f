//! Events, received by a real server.

#![allow(clippy::expect_used, reason = "a test may fail")]

mod common;

use std::time::Duration;

use airudder_emulator::contract::Contract;
use airudder_emulator::settings::receiver;
use airudder_emulator::{Encryption, Scheme, Settings};
use common::{ANSWERS, Api, BUSY, DOES_NOT_ANSWER, Receiver, settings};
use http::Method;
use serde_json::{Value, json};

async fn start() -> (Api, Receiver) {
    let customer = Receiver::start().await;
    let api = Api::start(Settings {
        events_to: receiver(&customer.url).ok(),
        ..settings()
    })
    .await;
    (api, customer)
}

#[tokio::test]
async fn calls_come_first_and_the_end_of_the_task_last() {
    let (api, customer) = start().await;
    let id = api.create(&[ANSWERS, DOES_NOT_ANSWER, BUSY]).await;
    api.advance(3600).await;
    let events = customer.take();
    for (headers, _) in &events {
        assert_eq!(headers["content-type"], "application/json");
        assert_eq!(headers["user-agent"], "Airudder");
        assert!(!headers.contains_key("is-encrypted"));
    }
    let bodies: Vec<Value> = events.iter().map(|(_, body)| serde_json::from_slice(body).expect("JSON")).collect();
    let (end, calls) = bodies.split_last().expect("events");
    let contract = Contract::load().expect("the contract");
    let call = contract.schema_of("call.finished").expect("a schema");
    assert!(calls.iter().all(|body| call.is_valid(body)));
    assert!(contract.schema_of("task.finished").expect("a schema").is_valid(end));
    let ended = end["endtime"].as_str().expect("a time");
    assert_eq!(
        end,
        &json!({"taskid": id, "taskname": "March", "status": "finished", "total": 3, "answered": 1, "endtime": ended})
    );
    // In the order in which they ended, and each as the details show it, but for the link, which is a new one each time.
    let without_link = |calls: &[Value]| {
        let mut calls = calls.to_vec();
        for call in &mut calls {
            call["recording"].take();
        }
        calls.sort_by_key(|call| call["endtime"].to_string());
        calls
    };
    let detail = api.detail(&id).await;
    assert_eq!(without_link(calls), without_link(detail["calls"].as_array().expect("calls")));
    let ends: Vec<_> = calls.iter().map(|call| call["endtime"].as_str().expect("a time")).collect();
    assert!(ends.is_sorted(), "{ends:?}");
}

#[tokio::test]
async fn an_event_is_repeated_until_it_is_confirmed() {
    let (api, customer) = start().await;
    customer.answer(&[500, 302, 404]);
    api.create(&[BUSY]).await;
    api.advance(2).await;
    assert_eq!(customer.take().len(), 1);
    api.advance(59).await;
    assert_eq!(customer.take().len(), 0);
    api.advance(1).await;
    assert_eq!(customer.take().len(), 1);
    api.advance(60).await;
    assert_eq!(customer.take().len(), 1);
    // Confirmed this time, and with it the end of the task comes.
    api.advance(60).await;
    let bodies = customer.take_bodies();
    assert_eq!(bodies.len(), 2);
    assert_eq!((&bodies[0]["status"], &bodies[1]["status"]), (&json!("busy"), &json!("finished")));
    let events = api.data("/_emulator/events").await;
    let statuses: Vec<_> = events["List"][0]["attempts"]
        .as_array()
        .expect("attempts")
        .iter()
        .map(|attempt| attempt["status"].as_u64().expect("a status"))
        .collect();
    assert_eq!(statuses, [500, 302, 404, 200]);
    api.advance(24 * 3600).await;
    assert_eq!(customer.take().len(), 0);
}

#[tokio::test]
async fn after_five_tries_an_event_is_given_up() {
    let (api, customer) = start().await;
    customer.answer(&[500; 5]);
    api.create(&[BUSY]).await;
    api.advance(24 * 3600).await;
    let bodies = customer.take_bodies();
    assert_eq!(bodies.len(), 6);
    assert!(bodies[..5].iter().all(|body| body["status"] == "busy"));
    assert_eq!(bodies[5]["status"], "finished");
    let events = api.data("/_emulator/events").await;
    assert_eq!(events["List"][0]["state"], "given_up");
    assert_eq!(events["List"][1]["state"], "delivered");
}

#[tokio::test]
async fn nobody_who_answers_is_as_good_as_a_refusal() {
    // Accepts connections by the system's queue and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/", silent.local_addr().expect("an address"));
    let api = Api::start(Settings {
        events_to: receiver(&url).ok(),
        events_timeout: Duration::from_millis(50),
        ..settings()
    })
    .await;
    api.create(&[BUSY]).await;
    api.advance(2).await;
    let attempt = |events: &Value, number: usize| events["List"][0]["attempts"][number]["error"].clone();
    let events = api.data("/_emulator/events").await;
    assert_eq!(attempt(&events, 0), "the receiver did not answer in time");
    drop(silent);
    api.advance(60).await;
    let events = api.data("/_emulator/events").await;
    assert_eq!(attempt(&events, 1), "the receiver could not be reached");
}

#[tokio::test]
async fn the_receiver_can_be_changed() {
    let (api, first) = start().await;
    let second = Receiver::start().await;
    let put = |body: Value| {
        let request = api.request(Method::PUT, "/_emulator/events").body(body.to_string());
        async { common::read(common::send(request).await).await }
    };
    assert_eq!(put(json!({"url": second.url})).await.0, 200);
    api.create(&[BUSY]).await;
    api.advance(60).await;
    assert_eq!((first.take().len(), second.take().len()), (0, 2));
    for wrong in [
        json!({"url": "nowhere"}),
        json!({"url": "file:///x"}),
        json!({"link": "x"}),
        json!(7),
    ] {
        assert_eq!(put(wrong.clone()).await.0, 400, "{wrong}");
    }
    assert_eq!(put(json!({"url": null})).await.0, 200);
    api.create(&[BUSY]).await;
    api.advance(60).await;
    assert_eq!(second.take().len(), 0);
    let events = api.data("/_emulator/events").await;
    assert_eq!(events["List"][2]["state"], "unaddressed");
}

#[tokio::test]
async fn a_stopped_task_says_so() {
    let (api, customer) = start().await;
    let id = api.create(&[DOES_NOT_ANSWER]).await;
    api.post("/service/cloud/operation", &json!({"Action": "Stop", "TaskID": id})).await;
    api.advance(60).await;
    let bodies = customer.take_bodies();
    assert_eq!(
        (&bodies[0]["status"], &bodies[1]["status"]),
        (&json!("no_answer"), &json!("stopped"))
    );
}

#[tokio::test]
async fn one_event_is_posted_as_it_is_ordered() {
    let encryption = || Encryption::new(Scheme::AesCbc, "airudderredduriaairudderredduria", None).ok();
    for own in [encryption(), None] {
        let customer = Receiver::start().await;
        let encrypts = own.is_some();
        let api = Api::start(Settings {
            encryption: own,
            ..settings()
        })
        .await;
        let posted = async |order: Value| {
            let mut order = order;
            (order["kind"], order["url"]) = (json!("call.finished"), json!(customer.url));
            let (status, answer) = api.post("/_emulator/events", &order).await;
            assert_eq!(status, 200, "{answer}");
            api.advance(0).await;
            (customer.take(), answer["data"]["body"].clone())
        };
        for (order, encrypted, signed) in [
            (json!({}), encrypts, false),
            (json!({"encrypted": false, "signed": true}), false, true),
            (json!({"encrypted": true, "signed": true}), true, true),
        ] {
            let (events, body) = posted(order).await;
            let (headers, sent) = events.first().expect("an event");
            assert_eq!(headers.contains_key("is-encrypted"), encrypted);
            assert_eq!(headers.contains_key("signed"), encrypted);
            assert_eq!(headers.contains_key("x-airudder-sign"), signed);
            assert_eq!(sent == body.to_string().as_bytes(), !encrypted);
        }
        // Each copy is confirmed or comes again for itself, and all are the same bytes although each message has an IV of its own.
        customer.answer(&[200, 500]);
        let (mut copies, _) = posted(json!({"encrypted": true, "repeat": 3})).await;
        assert_eq!(copies.len(), 3);
        api.advance(60).await;
        copies.extend(customer.take());
        assert!(copies.len() == 4 && copies.iter().all(|copy| *copy == copies[0]));
        for wrong in [0, 1001] {
            let order = json!({"kind": "call.finished", "url": customer.url, "repeat": wrong});
            assert_eq!(api.post("/_emulator/events", &order).await.0, 400);
        }
    }
}

/// Without anybody moving the clock: a fast one brings the events by itself.
#[tokio::test]
async fn time_passes_by_itself() {
    let customer = Receiver::start().await;
    let api = Api::start(Settings {
        speed: 10_000.0,
        events_to: receiver(&customer.url).ok(),
        ..settings()
    })
    .await;
    api.create(&[ANSWERS]).await;
    let both = async {
        while customer.received.lock().expect("a lock").events.len() < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    // Only so that a failure ends: it takes milliseconds.
    tokio::time::timeout(Duration::from_mins(1), both).await.expect("two events");
    assert_eq!(customer.take_bodies()[1]["answered"], 1);
}
