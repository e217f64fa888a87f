//! The control endpoints, faults above all.

#![allow(clippy::expect_used, reason = "a test may fail")]

mod common;

use airudder_emulator::{Encryption, Scheme, Settings};
use common::{ANSWERS, Api, read, send, settings, task};
use http::Method;
use serde_json::{Value, json};

const LIST: &str = "/service/cloud/list";
const CREATE: &str = "/service/cloud/task";

async fn total(api: &Api) -> u64 {
    api.data(LIST).await["Total"].as_u64().expect("a number")
}

#[tokio::test]
async fn an_error_comes_as_often_as_it_was_ordered() {
    let api = Api::start(settings()).await;
    let fault = json!({"kind": "status", "status": 429, "retry_after": 7});
    api.fault(json!({"operation": "tasks.list", "times": 2, "fault": fault})).await;
    assert_eq!(api.get("/service/cloud/robot").await.0, 200);
    for _ in 0..2 {
        let response = send(api.request(Method::GET, LIST)).await;
        assert_eq!(response.headers()["retry-after"], "7");
        let (status, answer) = read(response).await;
        assert_eq!((status, answer["code"].as_u64()), (429, Some(429)));
    }
    assert_eq!(api.get(LIST).await.0, 200);
}

#[tokio::test]
async fn an_error_can_look_like_a_success() {
    let api = Api::start(settings()).await;
    let fault = json!({"kind": "status", "status": 200, "code": 10023, "message": "no balance"});
    api.fault(json!({"fault": fault})).await;
    let answer = json!({"code": 10023, "status": "ERROR", "message": "no balance"});
    assert_eq!(api.get(LIST).await, (200, answer));
}

#[tokio::test]
async fn a_failed_request_takes_effect_only_if_that_was_ordered() {
    let api = Api::start(settings()).await;
    for (carry_out, tasks) in [(Value::Null, 0), (json!(false), 0), (json!(true), 1)] {
        let fault = json!({"kind": "status", "status": 502});
        api.fault(json!({"operation": "tasks.create", "carry_out": carry_out, "fault": fault}))
            .await;
        assert_eq!(api.post(CREATE, &task(&[ANSWERS])).await.0, 502);
        assert_eq!(total(&api).await, tasks);
    }
}

#[tokio::test]
async fn garbage_is_what_a_proxy_would_send() {
    let api = Api::start(settings()).await;
    api.fault(json!({"fault": {"kind": "garbage"}})).await;
    let response = send(api.request(Method::GET, LIST)).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (200, &"text/html".parse().expect("a value"))
    );
    assert!(response.text().await.expect("a body").starts_with("<!doctype html>"));
    let fault = json!({"kind": "garbage", "status": 503, "content_type": "application/json", "body": "{\"code\": 2"});
    api.fault(json!({"fault": fault})).await;
    assert_eq!(api.get(LIST).await, (503, json!("{\"code\": 2")));
}

#[tokio::test]
async fn a_cut_connection_gives_no_answer() {
    let api = Api::start(settings()).await;
    for (carry_out, tasks) in [(false, 0), (true, 1)] {
        api.fault(json!({"operation": "tasks.create", "carry_out": carry_out, "fault": {"kind": "cut"}}))
            .await;
        let request = api.request(Method::POST, CREATE).body(task(&[ANSWERS]).to_string());
        assert!(request.send().await.expect_err("no answer").is_request());
        assert_eq!(total(&api).await, tasks);
    }
}

#[tokio::test]
async fn a_truncated_answer_begins_well() {
    let api = Api::start(settings()).await;
    api.fault(json!({"operation": "tasks.create", "fault": {"kind": "truncate"}})).await;
    let request = api.request(Method::POST, CREATE).body(task(&[ANSWERS]).to_string());
    let mut response = send(request).await;
    assert_eq!(response.status(), 200);
    let length = response.content_length().expect("a length");
    let half = response.chunk().await.expect("half of it").expect("half of it");
    assert!(half.starts_with(b"{\"code\":200") && (half.len() as u64) < length);
    assert!(response.chunk().await.is_err());
    assert_eq!(total(&api).await, 1);
}

#[tokio::test]
async fn a_connection_that_hangs_has_taken_effect() {
    let api = Api::start(settings()).await;
    api.fault(json!({"operation": "tasks.create", "fault": {"kind": "hang"}})).await;
    let request = api.request(Method::POST, CREATE).body(task(&[ANSWERS]).to_string());
    let hanging = tokio::spawn(request.send());
    while total(&api).await == 0 {
        tokio::task::yield_now().await;
    }
    assert!(!hanging.is_finished());
    hanging.abort();
    let log = api.data("/_emulator/requests").await;
    let created = log["List"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|entry| entry["operation"] == "tasks.create");
    assert_eq!(created.expect("the request")["status"], Value::Null);
}

#[tokio::test]
async fn a_slow_answer_is_the_right_one() {
    let api = Api::start(settings()).await;
    api.fault(json!({"carry_out": false, "fault": {"kind": "slow", "seconds": 0.01}}))
        .await;
    assert_eq!(total(&api).await, 0);
    assert_eq!(api.data("/_emulator/faults").await["List"], json!([]));
}

#[tokio::test]
async fn a_token_that_is_refused_stays_refused() {
    let mut api = Api::start(settings()).await;
    api.fault(json!({"operation": "tasks.list", "fault": {"kind": "token_refused"}}))
        .await;
    for _ in 0..2 {
        let (status, answer) = api.get(LIST).await;
        assert_eq!((status, answer["code"].as_u64()), (401, Some(401)));
    }
    api.token = api.sign_in().await;
    assert_eq!(api.get(LIST).await.0, 200);
}

#[tokio::test]
async fn a_wrong_sign_is_for_encrypted_answers() {
    let encryption = Encryption::new(Scheme::AesEcb, "airudderredduria", None).expect("a key");
    let sealed = encryption.seal(b"");
    let api = Api::start(Settings {
        encryption: Some(encryption),
        ..settings()
    })
    .await;
    api.fault(json!({"fault": {"kind": "wrong_sign"}})).await;
    assert_eq!(api.get(LIST).await.0, 200);
    let request = api
        .request(Method::GET, LIST)
        .header("Is-Encrypted", "1")
        .header("Signed", &sealed.signed);
    let response = send(request).await;
    let sign = response.headers()["signed"].to_str().expect("text").to_owned();
    let text = response.text().await.expect("a body");
    let other = Encryption::new(Scheme::AesEcb, "airudderredduria", None).expect("a key");
    assert!(other.open(text.as_bytes(), &sign).is_err());
}

#[tokio::test]
async fn faults_can_be_looked_at_and_taken_back() {
    let api = Api::start(settings()).await;
    api.fault(json!({"operation": "tasks.list", "times": 3, "fault": {"kind": "cut"}}))
        .await;
    let faults = api.data("/_emulator/faults").await;
    assert_eq!(faults["List"][0]["times"], 3);
    assert_eq!(send(api.request(Method::DELETE, "/_emulator/faults")).await.status(), 200);
    assert_eq!(api.get(LIST).await.0, 200);
}

#[tokio::test]
async fn wrong_orders_are_refused() {
    let api = Api::start(settings()).await;
    for (path, body) in [
        ("/_emulator/faults", json!({"operation": "tasks.nothing", "fault": {"kind": "cut"}})),
        ("/_emulator/faults", json!({"fault": {"kind": "status", "status": 99}})),
        ("/_emulator/faults", json!({"fault": {"kind": "explode"}})),
        ("/_emulator/clock/advance", json!({"seconds": -1})),
        ("/_emulator/clock/advance", json!({"seconds": 1e300})),
        ("/_emulator/clock/advance", json!({"second": 1})),
        ("/_emulator/clock/advance", json!("soon")),
    ] {
        let (status, answer) = api.post(path, &body).await;
        assert_eq!((status, answer["code"].as_u64()), (400, Some(400)), "{body}: {answer}");
    }
    assert_eq!(api.data("/_emulator").await["now"], "2026-03-02 09:00:00");
}

#[tokio::test]
async fn the_log_tells_what_was_sent() {
    let api = Api::start(settings()).await;
    let request = api.request(Method::POST, &format!("{CREATE}?more=1"));
    let request = request.header("X-Trace", "7").body(task(&[ANSWERS]).to_string());
    assert_eq!(read(send(request).await).await.0, 200);
    api.get("/service/cloud/nothing").await;
    let log = api.data("/_emulator/requests").await;
    let list = log["List"].as_array().expect("a list");
    assert_eq!(list.len(), 3);
    assert_eq!(list[0]["body"], json!({"APPKey": "key", "APPSecret": "[redacted]"}));
    let created = &list[1];
    assert_eq!(created["at"], "2026-03-02 09:00:00");
    assert_eq!((&created["method"], &created["path"]), (&json!("POST"), &json!(CREATE)));
    assert_eq!((&created["operation"], &created["status"]), (&json!("tasks.create"), &json!(200)));
    assert_eq!((&created["query"], &created["encrypted"]), (&json!("more=1"), &json!(false)));
    assert_eq!(created["body"], task(&[ANSWERS]));
    assert_eq!(
        (&created["headers"]["x-trace"], &created["headers"]["authorization"]),
        (&json!("7"), &json!("[redacted]"))
    );
    assert_eq!((&list[2]["operation"], &list[2]["status"]), (&Value::Null, &json!(404)));
    assert!(!log.to_string().contains(&api.token));
    assert_eq!(send(api.request(Method::DELETE, "/_emulator/requests")).await.status(), 200);
    assert_eq!(api.data("/_emulator/requests").await["List"], json!([]));
}
