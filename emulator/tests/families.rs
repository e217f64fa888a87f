//! Operations that share a path, the business lines, leads that others push, and calls that people make.

#![allow(clippy::expect_used, reason = "a test may fail")]

mod common;

use airudder_emulator::Settings;
use airudder_emulator::contract::Contract;
use common::{ANSWERS, Api, DOES_NOT_ANSWER, Receiver, read, send, settings, task};
use http::Method;
use serde_json::{Value, json};

fn assert_follows_contract(id: &str, value: &Value) {
    let schema = Contract::load().and_then(|contract| contract.schema_of(id)).expect("a schema");
    let problems: Vec<_> = schema.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{id}: {problems:?}");
}

#[tokio::test]
async fn a_shared_path_answers_for_all_its_operations() {
    let api = Api::start(settings()).await;
    api.get("/service/cloud/robot").await;
    let (_, log) = api.get("/_emulator/requests").await;
    let entry = &log["data"]["List"][1];
    assert_eq!(
        (&entry["operation"], &entry["operations"]),
        (&json!("tasks.robots"), &json!(["tasks.robots", "didi.robots"]))
    );
    for operation in ["tasks.robots", "didi.robots"] {
        api.fault(json!({"operation": operation, "fault": {"kind": "status", "status": 503}}))
            .await;
        assert_eq!(api.get("/service/cloud/robot").await.0, 503, "{operation}");
    }
    // A list that names a plan is another operation's.
    api.fault(json!({"operation": "plans.tasks", "fault": {"kind": "status", "status": 503}}))
        .await;
    assert_eq!(api.get("/service/cloud/list").await.0, 200);
    assert_eq!(api.get("/service/cloud/list?PlanID=x").await.0, 503);
}

#[tokio::test]
async fn each_business_line_adds_its_own_to_a_call() {
    let api = Api::start(settings()).await;
    let collection = json!({"Mobile": ANSWERS, "Debtor": "Ani", "DueDate": "2026-03-30", "Arrears": 150});
    let telemarketing = json!({"Mobile": DOES_NOT_ANSWER, "Name": "Ani", "OrderID": "70012"});
    let info_check = json!({"Mobile": ANSWERS, "Name": "Ani", "IDNumber": "317", "Company": "Example Ltd"});
    for (robot, contact, fields) in [
        ("1001", collection, ["debtor", "duedate", "arrears"].as_slice()),
        ("1003", telemarketing, &["label", "name", "orderid"]),
        ("1005", info_check, &["checkresult", "answers"]),
    ] {
        let mut order = task(&[]);
        (order["RobotID"], order["Details"]) = (json!(robot), json!([contact]));
        let (status, created) = api.post("/service/cloud/task", &order).await;
        assert_eq!(status, 200, "{created}");
        let id = created["data"]["TaskID"].as_str().expect("an id");
        api.advance(600).await;
        let (_, detail) = api.get(&format!("/service/cloud/detail?TaskID={id}")).await;
        assert_follows_contract("tasks.detail", &detail);
        for field in fields {
            assert!(detail["data"]["calls"][0].get(field).is_some(), "{robot} {field}");
        }
    }
}

#[tokio::test]
async fn a_contact_follows_its_own_business_line() {
    let api = Api::start(settings()).await;
    let mut order = task(&[]);
    order["Details"] = json!([{"Mobile": ANSWERS, "Debtor": 5}, {"Mobile": ANSWERS, "IDNumber": "317", "Birthday": "long ago"}]);
    let (status, refused) = api.post("/service/cloud/task", &order).await;
    assert_eq!(
        (status, &refused["message"]),
        (
            400,
            &json!("Details[0].Debtor: must be of type string; Details[1].Birthday: must be a day as `YYYY-MM-DD`")
        )
    );
}

#[tokio::test]
async fn a_lead_is_phoned_at_once() {
    let receiver = Receiver::start().await;
    let api = Api::start(Settings {
        events_to: receiver.url.parse().ok(),
        ..settings()
    })
    .await;
    let lead = json!({"phone_number": ANSWERS, "name": "Ani", "case_id": 7, "state": "TX"});
    for (operation, path) in [
        ("flex_route.lendswift_push", "lendswift"),
        ("flex_route.sdr_push", "sdr"),
        ("flex_route.talmarket_push", "talmarket"),
        ("flex_route.outbound_call", "outbound"),
    ] {
        let path = format!("/service/cloud/flexroute/{path}");
        let (status, accepted) = api.post(&path, &lead).await;
        assert_eq!(status, 200, "{accepted}");
        assert_follows_contract(operation, &accepted);
        assert_eq!(api.post(&path, &lead).await.0, 409);
        api.advance(600).await;
        let call_id = accepted["data"]["call_id"].as_str().expect("an id");
        let call = api.data(&format!("/service/cloud/call?callid={call_id}")).await;
        assert_eq!(
            (&call["callee"], &call["caseid"], &call["name"], &call["variables"]["state"]),
            (&json!(ANSWERS), &json!("7"), &json!("Ani"), &json!("TX"))
        );
        let leads = api.data("/_emulator/leads").await;
        let last = leads["List"].as_array().and_then(|list| list.last()).expect("a lead");
        assert_eq!(
            (&last["pushed_by"], &last["lead_id"]),
            (&json!(operation), &accepted["data"]["lead_id"])
        );
        let told = receiver.take_bodies();
        assert_eq!((told.len(), &told[0]["callid"]), (2, &json!(call_id)));
    }
    let wrong = json!({"phone_number": "081"});
    assert_eq!(api.post("/service/cloud/flexroute/sdr", &wrong).await.0, 400);
}

#[tokio::test]
async fn a_call_that_somebody_makes_is_told_of() {
    let receiver = Receiver::start().await;
    let api = Api::start(Settings {
        events_to: receiver.url.parse().ok(),
        ..settings()
    })
    .await;
    let order = json!({"caller": "+6281230000001", "seconds": 90, "transfer_after": 30, "variables": {"reason": "invoice"}});
    let (status, answer) = api.post("/_emulator/inbound", &order).await;
    assert_eq!(status, 200, "{answer}");
    api.advance(30).await;
    let transferred = receiver.take_bodies();
    assert_eq!(transferred.len(), 1);
    assert_follows_contract("inbound.transferred", &transferred[0]);
    assert_eq!(transferred[0]["transfertime"], "2026-03-02 09:00:30");
    api.advance(60).await;
    let ended = receiver.take_bodies();
    assert_follows_contract("inbound.call_ended", &ended[0]);
    assert_eq!(
        (&ended[0]["callid"], &ended[0]["endtime"], &ended[0]["transferred"]),
        (&answer["data"]["callid"], &json!("2026-03-02 09:01:30"), &json!(true))
    );
    let link = ended[0]["recording"].as_str().expect("a link");
    assert_eq!(send(api.client.get(link)).await.status(), 200);

    for wrong in [
        json!({"caller": "081"}),
        json!({"caller": "+6281230000001", "seconds": 0}),
        json!({"caller": "+6281230000001", "transfer_after": 60}),
        json!({"caller": "+6281230000001", "agent": 1}),
    ] {
        assert_eq!(api.post("/_emulator/inbound", &wrong).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn any_event_can_be_posted() {
    let receiver = Receiver::start().await;
    let api = Api::start(settings()).await;
    let order = json!({"kind": "api_store.doucet_ping", "url": receiver.url, "data": {"state": "OH", "zip": null}});
    let (status, answer) = api.post("/_emulator/events", &order).await;
    assert_eq!(status, 200, "{answer}");
    api.advance(0).await;
    let posted = receiver.take_bodies();
    assert_eq!(posted, [answer["data"]["body"].clone()]);
    assert_eq!((&posted[0]["state"], posted[0].get("zip")), (&json!("OH"), None));

    let order = json!({"kind": "chatbot.session_ended", "url": receiver.url});
    assert_eq!(api.post("/_emulator/events", &order).await.0, 200);
    api.advance(0).await;
    let signed = receiver.take();
    let (headers, _) = signed.first().expect("an event");
    assert_eq!(headers["x-airudder-sign-key"], "0".repeat(32));
    assert_eq!(headers["x-airudder-sign"].len(), 64);

    for wrong in [
        json!({"kind": "nothing.happened", "url": receiver.url}),
        json!({"kind": "call.finished"}),
        json!({"kind": "call.finished", "url": "ftp://x"}),
    ] {
        assert_eq!(api.post("/_emulator/events", &wrong).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_form_may_be_larger_than_other_bodies_and_has_its_end() {
    const MIB: usize = 1024 * 1024;
    let api = Api::start(settings()).await;
    let upload = async |size: usize| {
        let body = vec![b' '; size];
        let request = api
            .request(Method::POST, "/api/v1/file/upload")
            .header("Content-Type", "multipart/form-data; boundary=cut")
            .body(body);
        read(send(request).await).await
    };
    // Read to its end, and then refused for want of a sign.
    assert_eq!(upload(17 * MIB).await.0, 401);
    let (status, refused) = upload(64 * MIB + 1024).await;
    assert_eq!((status, &refused["code"]), (413, &json!(413)));
    assert_eq!(refused["request_id"].as_str().map(str::len), Some(32));
}
