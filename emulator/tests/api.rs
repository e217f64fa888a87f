//! The API over real sockets.

#![allow(clippy::expect_used, reason = "a test may fail")]

mod common;

use std::time::Duration;

use airudder_emulator::contract::Contract;
use airudder_emulator::{Credentials, Settings};
use common::{ANSWERS, Api, BUSY, DOES_NOT_ANSWER, read, send, settings, task};
use http::Method;
use serde_json::{Value, json};

fn assert_follows_contract(id: &str, value: &Value) {
    let schema = Contract::load().and_then(|contract| contract.schema_of(id)).expect("a schema");
    let problems: Vec<_> = schema.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{id}: {problems:?}");
}

#[tokio::test]
async fn every_json_answer_follows_the_contract() {
    let api = Api::start(settings()).await;
    let credentials = json!({"APPKey": "key", "APPSecret": "secret"});
    let answer = |path, body: Value| {
        let api = &api;
        async move { api.post(path, &body).await.1 }
    };
    assert_follows_contract("auth.token", &answer("/service/cloud/auth", credentials).await);
    let created = answer("/service/cloud/task", task(&[ANSWERS, BUSY])).await;
    assert_follows_contract("tasks.create", &created);
    let id = created["data"]["TaskID"].as_str().expect("an id");
    assert!(id.len() == 32 && id.chars().all(|digit| matches!(digit, '0'..='9' | 'a'..='f')));
    api.advance(600).await;
    let detail = api.get(&format!("/service/cloud/detail?TaskID={id}")).await.1;
    assert_follows_contract("tasks.detail", &detail);
    let call_id = detail["data"]["calls"][0]["callid"].as_str().expect("an id");
    for (id, path) in [
        ("tasks.list", "/service/cloud/list".to_owned()),
        ("tasks.robots", "/service/cloud/robot".to_owned()),
        ("tasks.call_by_id", format!("/service/cloud/call?callid={call_id}")),
    ] {
        let (status, answer) = api.get(&path).await;
        assert_eq!(status, 200, "{answer}");
        assert_follows_contract(id, &answer);
    }
    let stop = json!({"Action": "Stop", "TaskID": id});
    assert_follows_contract("tasks.stop", &answer("/service/cloud/operation", stop).await);
    let cancel = json!({"TaskID": id, "CalleeNumber": ANSWERS});
    let cancelled = answer("/service/cloud/cancelphonecall", cancel).await;
    assert_follows_contract("tasks.cancel_call", &cancelled);
}

#[tokio::test]
async fn a_call_has_the_fields_of_the_contract() {
    let api = Api::start(settings()).await;
    let mut order = task(&[ANSWERS]);
    order["Details"][0] = json!({"Mobile": ANSWERS, "CaseID": 7, "Debtor": "Ani", "Arrears": 12.5, "plan": "gold", "none": null});
    let (_, created) = api.post("/service/cloud/task", &order).await;
    let id = created["data"]["TaskID"].as_str().expect("an id");
    api.advance(600).await;
    let detail = api.detail(id).await;
    let call = &detail["calls"][0];
    let names: Vec<_> = call.as_object().expect("a call").keys().map(String::as_str).collect();
    let known = [
        "callid",
        "taskid",
        "taskname",
        "callee",
        "caseid",
        "robotid",
        "caller",
        "status",
        "calltime",
        "endtime",
        "ringduration",
        "talkduration",
        "talkround",
        "answertime",
        "intention",
        "hangup",
        "recording",
        "variables",
        "debtor",
        "arrears",
    ];
    assert_eq!(names, known);
    assert_eq!(call["taskid"], id);
    assert_eq!((&call["callee"], &call["caseid"]), (&json!(ANSWERS), &json!("7")));
    assert_eq!(call["calltime"], "2026-03-02 09:00:00");
    assert_eq!(call["variables"], json!({"Debtor": "Ani", "Arrears": "12.5", "plan": "gold"}));
    let by_id = api
        .data(&format!("/service/cloud/call?callid={}", call["callid"].as_str().expect("an id")))
        .await;
    assert_eq!(&by_id, call);
}

#[tokio::test]
async fn a_task_lives_through_its_states() {
    let api = Api::start(settings()).await;
    let mut order = task(&[ANSWERS, DOES_NOT_ANSWER]);
    order["ScheduleStartTime"] = json!("2026-03-02 10:00:00");
    order["RepeatNumber"] = json!(1);
    order["RepeatInterval"] = json!(10);
    let (_, created) = api.post("/service/cloud/task", &order).await;
    let id = created["data"]["TaskID"].as_str().expect("an id");
    assert_eq!(api.detail(id).await["status"], "waiting");
    api.advance(3600).await;
    let running = api.detail(id).await;
    assert_eq!((&running["status"], &running["finished"]), (&json!("running"), &json!(0)));
    api.advance(120).await;
    let running = api.detail(id).await;
    assert_eq!((&running["status"], &running["finished"]), (&json!("running"), &json!(1)));
    assert_eq!(running["calls"][0]["status"], "answered");
    api.advance(3600).await;
    let finished = api.detail(id).await;
    assert_eq!((&finished["status"], &finished["finished"]), (&json!("finished"), &json!(2)));
    assert_eq!(finished["calls"][1]["status"], "no_answer");
    assert_eq!(finished["calls"][1]["calltime"], "2026-03-02 10:10:30");
}

#[tokio::test]
async fn the_same_seed_gives_the_same_calls() {
    let run = |seed| async move {
        let api = Api::start(Settings { seed, ..settings() }).await;
        let mobiles: Vec<_> = (0..20).map(|number| format!("+62812345678{number:02}")).collect();
        let id = api.create(&mobiles.iter().map(String::as_str).collect::<Vec<_>>()).await;
        api.advance(3600).await;
        let mut detail = api.detail(&id).await;
        for call in detail["calls"].as_array_mut().expect("calls") {
            // Names the port, which is another each time.
            call["recording"].take();
        }
        detail
    };
    let first = run(1).await;
    assert_eq!(first, run(1).await);
    assert_ne!(first, run(2).await);
}

#[tokio::test]
async fn a_list_has_pages_newest_first() {
    let api = Api::start(settings()).await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.insert(0, api.create(&[ANSWERS]).await);
    }
    let mut other = task(&[ANSWERS]);
    other["Type"] = json!("plan");
    assert_eq!(api.post("/service/cloud/task", &other).await.0, 200);
    let page = |query: &'static str| {
        let api = &api;
        async move {
            let data = api.data(&format!("/service/cloud/list{query}")).await;
            let list = data["List"].as_array().expect("a list");
            let ids: Vec<_> = list.iter().map(|task| task["TaskID"].as_str().expect("an id").to_owned()).collect();
            (ids, data["Total"].as_u64().expect("a number"))
        }
    };
    assert_eq!(page("").await, (ids.clone(), 5));
    assert_eq!(page("?Number=2").await, (ids[0..2].to_vec(), 5));
    assert_eq!(page("?Number=2&Page=3&Type=normal").await, (ids[4..].to_vec(), 5));
    assert_eq!(page("?Number=2&Page=4").await, (vec![], 5));
    assert_eq!(page("?Number=9223372036854775807&Page=9223372036854775807").await, (vec![], 5));
    assert_eq!(page("?Type=plan").await.1, 1);
}

#[tokio::test]
async fn stopping_and_cancelling_keep_calls_from_being_made() {
    let api = Api::start(settings()).await;
    let mut order = task(&[ANSWERS, BUSY]);
    order["ScheduleStartTime"] = json!("2026-03-02 12:00:00");
    let (_, created) = api.post("/service/cloud/task", &order).await;
    let id = created["data"]["TaskID"].as_str().expect("an id");
    let cancel = |number: &'static str| {
        let api = &api;
        async move {
            api.post("/service/cloud/cancelphonecall", &json!({"TaskID": id, "CalleeNumber": number}))
                .await
        }
    };
    assert_eq!(cancel(ANSWERS).await.0, 200);
    let (status, refused) = cancel("+6281299999999").await;
    assert_eq!((status, refused["code"].as_u64()), (404, Some(404)));
    let detail = api.detail(id).await;
    assert_eq!(
        (&detail["finished"], &detail["calls"][0]["status"]),
        (&json!(1), &json!("cancelled"))
    );

    let stop = json!({"Action": "Stop", "TaskID": id});
    for _ in 0..2 {
        assert_eq!(api.post("/service/cloud/operation", &stop).await.0, 200);
    }
    api.advance(9 * 3600).await;
    let detail = api.detail(id).await;
    assert_eq!(
        (&detail["status"], &detail["calls"][1]["status"]),
        (&json!("stopped"), &json!("cancelled"))
    );
    assert_eq!(detail["calls"][1].get("calltime"), None);
}

#[tokio::test]
async fn tokens_end_and_several_are_valid() {
    let mut api = Api::start(Settings {
        token_lifetime: Duration::from_mins(1),
        ..settings()
    })
    .await;
    let first = api.token.clone();
    api.advance(30).await;
    let second = api.sign_in().await;
    assert_eq!(api.get("/service/cloud/robot").await.0, 200);
    api.advance(30).await;
    let (status, refused) = api.get("/service/cloud/robot").await;
    assert_eq!((status, refused["code"].as_u64()), (401, Some(401)));
    assert_eq!(refused["message"], "the token has expired");
    api.token = second;
    assert_eq!(api.get("/service/cloud/robot").await.0, 200);
    assert_ne!(first, api.token);
    let (_, revoked) = api.post("/_emulator/tokens/revoke", &Value::Null).await;
    assert_eq!(revoked["data"]["revoked"], 1);
    assert_eq!(api.get("/service/cloud/robot").await.0, 401);
}

#[tokio::test]
async fn only_the_account_that_is_set_may_sign_in() {
    let credentials = Credentials {
        app_key: "key".into(),
        app_secret: "secret".into(),
    };
    let api = Api::start(Settings {
        credentials: Some(credentials),
        ..settings()
    })
    .await;
    let wrong = json!({"APPKey": "key", "APPSecret": "wrong"});
    let (status, refused) = api.post("/service/cloud/auth", &wrong).await;
    assert_eq!((status, refused["code"].as_u64()), (401, Some(401)));
    let empty = json!({"APPKey": "", "APPSecret": "secret"});
    let (status, refused) = api.post("/service/cloud/auth", &empty).await;
    assert_eq!((status, &refused["message"]), (400, &json!("APPKey: must not be empty")));
}

#[tokio::test]
async fn what_ai_rudder_would_refuse_is_refused_and_the_field_is_named() {
    let api = Api::start(settings()).await;
    let refused = |change: fn(&mut Value)| {
        let api = &api;
        async move {
            let mut order = task(&[ANSWERS, BUSY]);
            change(&mut order);
            let (status, answer) = api.post("/service/cloud/task", &order).await;
            assert_eq!((status, answer["code"].as_u64()), (400, Some(400)), "{answer}");
            answer["message"].as_str().expect("a message").to_owned()
        }
    };
    assert_eq!(
        refused(|order| order["Details"][1]["Mobile"] = json!("6281200000003")).await,
        "Details[1].Mobile: must be a phone number in E.164, with the leading `+`"
    );
    assert_eq!(
        refused(|order| order["Details"] = json!([])).await,
        "Details: must have 1 or more entries"
    );
    assert_eq!(
        refused(|order| order["ScheduleEndTime"] = json!("2026-02-30 18:00:00")).await,
        "ScheduleEndTime: no calendar has this time"
    );
    assert_eq!(
        refused(|order| order["ScheduleEndTime"] = json!("2026-03-02 09:00:00")).await,
        "ScheduleEndTime: has passed; the account's clock shows 2026-03-02 09:00:00"
    );
    assert_eq!(
        refused(|order| order["ScheduleStartTime"] = json!("2026-03-02 19:00:00")).await,
        "ScheduleEndTime: must be later than ScheduleStartTime"
    );
    assert_eq!(
        refused(|order| order["RobotID"] = json!(5)).await,
        "RobotID: the account has no such robot; tasks.robots lists those that it has"
    );
    assert_eq!(
        refused(|order| order["RobotID"] = json!("1004")).await,
        "RobotID: this robot is disabled"
    );
    assert_eq!(
        refused(|order| order["Details"][0]["RobotID"] = json!("5")).await,
        "Details[0].RobotID: the account has no such robot; tasks.robots lists those that it has"
    );
    assert_eq!(
        refused(|order| order["RepeatNumber"] = json!(101)).await,
        "RepeatNumber: must be 100 at most"
    );
    assert_eq!(api.data("/service/cloud/list").await["Total"], 0);
}

#[tokio::test]
async fn what_does_not_exist_is_told_in_the_envelope() {
    let api = Api::start(settings()).await;
    for path in [
        "/service/cloud/nothing",
        "/service/cloud/detail?TaskID=nothing",
        "/service/cloud/call?callid=nothing",
        "/service/cloud/case?TaskID=nothing&Callee=%2B6281200000001",
        "/service/cloud/recording?TaskID=nothing",
    ] {
        let (status, answer) = api.get(path).await;
        assert_eq!((status, answer["code"].as_u64()), (404, Some(404)), "{path}: {answer}");
    }
    let response = send(api.request(Method::DELETE, "/service/cloud/detail")).await;
    assert_eq!(response.headers()["allow"], "GET");
    assert_eq!(read(response).await.0, 405);
    let huge = vec![b' '; 17 * 1024 * 1024];
    let (status, _) = read(send(api.request(Method::POST, "/service/cloud/task").body(huge)).await).await;
    assert_eq!(status, 413);
}

#[tokio::test]
async fn a_long_robot_id_comes_whole_and_is_taken() {
    let api = Api::start(settings()).await;
    let text = send(api.request(Method::GET, "/service/cloud/robot"))
        .await
        .text()
        .await
        .expect("a body");
    assert!(text.contains("9007199254740993"), "{text}");
    for id in [json!(9_007_199_254_740_993_u64), json!("9007199254740993")] {
        let mut order = task(&[ANSWERS]);
        order["RobotID"] = id;
        assert_eq!(api.post("/service/cloud/task", &order).await.0, 200);
    }
    let list = api.data("/service/cloud/list").await;
    assert_eq!(list["List"][0]["RobotID"], "9007199254740993");
}
