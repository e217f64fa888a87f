//! Plans, in rounds.

#![allow(clippy::expect_used, reason = "a test may fail")]

mod common;

use airudder_emulator::contract::Contract;
use airudder_emulator::{RecordingsAs, Settings};
use common::{ANSWERS, Api, DOES_NOT_ANSWER, Receiver, read, send, settings, task};
use http::Method;
use serde_json::{Value, json};

/// Answers when it is called for the second time.
const ANSWERS_LATER: &str = "+6281200000005";
const STRATEGY: &str = "302";
const HALF_AN_HOUR: u32 = 1800;

fn order(mobiles: &[&str]) -> Value {
    let mut order = task(mobiles);
    order["PlanName"] = order["TaskName"].take();
    order["StrategyID"] = json!(STRATEGY);
    order
}

async fn create(api: &Api, order: &Value) -> String {
    let (status, answer) = api.post("/service/cloud/plan", order).await;
    assert_eq!(status, 200, "{answer}");
    answer["data"]["PlanID"].as_str().expect("an id").to_owned()
}

async fn rounds(api: &Api, plan: &str) -> Vec<Value> {
    let data = api.data(&format!("/service/cloud/plan/rounds?PlanID={plan}")).await;
    data["List"].as_array().expect("rounds").clone()
}

async fn plan(api: &Api, plan: &str) -> Value {
    api.data(&format!("/service/cloud/plan/status?PlanID={plan}")).await
}

#[tokio::test]
async fn a_round_phones_whom_the_one_before_missed() {
    let api = Api::start(settings()).await;
    let id = create(&api, &order(&[ANSWERS, DOES_NOT_ANSWER])).await;
    api.advance(600).await;
    let first = rounds(&api, &id).await;
    assert_eq!(first.len(), 1);
    assert_eq!(
        (&first[0]["Status"], &first[0]["Total"], &first[0]["Answered"]),
        (&json!("finished"), &json!(2), &json!(1))
    );
    let between = plan(&api, &id).await;
    assert_eq!((&between["Status"], &between["Round"]), (&json!("running"), &json!(1)));
    api.advance(HALF_AN_HOUR).await;
    let both = rounds(&api, &id).await;
    assert_eq!((&both[1]["Total"], &both[1]["Answered"]), (&json!(1), &json!(0)));
    // Half an hour after the end of the first, which took as long as nobody answered.
    assert_eq!(both[1]["StartTime"].as_str().map(|time| &time[..14]), Some("2026-03-02 09:"));
    let end = plan(&api, &id).await;
    assert_eq!(
        (&end["Status"], &end["Round"], &end["Rounds"], &end["Total"], &end["Answered"]),
        (&json!("finished"), &json!(2), &json!(2), &json!(2), &json!(1))
    );
    assert!(end["EndTime"].is_string());

    let page = |query: &str| format!("/service/cloud/list?PlanID={id}{query}");
    let tasks = api.data(&page("&Type=plan")).await;
    assert_eq!((&tasks["Total"], &tasks["List"][0]["TaskID"]), (&json!(2), &both[1]["TaskID"]));
    assert_eq!(tasks["List"][0]["PlanID"], id);
    let second = api.data(&page("&Number=1&Page=2")).await;
    assert_eq!(second["List"][0]["TaskID"], both[0]["TaskID"]);
    assert_eq!(api.data("/service/cloud/list").await["Total"], 0);
}

#[tokio::test]
async fn a_plan_ends_when_everybody_was_reached() {
    let api = Api::start(settings()).await;
    let mut order = order(&[ANSWERS]);
    order["ScheduleStartTime"] = json!("2026-03-02 10:00:00");
    let id = create(&api, &order).await;
    assert_eq!(plan(&api, &id).await["Status"], "waiting");
    api.advance(2 * 3600).await;
    assert_eq!(rounds(&api, &id).await.len(), 1);
    assert_eq!(plan(&api, &id).await["Status"], "finished");
}

#[tokio::test]
async fn no_round_begins_after_the_schedule() {
    let api = Api::start(settings()).await;
    let mut order = order(&[DOES_NOT_ANSWER]);
    order["ScheduleEndTime"] = json!("2026-03-02 09:20:00");
    let id = create(&api, &order).await;
    api.advance(9 * 3600).await;
    assert_eq!(rounds(&api, &id).await.len(), 1);
    assert_eq!(plan(&api, &id).await["Status"], "finished");
}

#[tokio::test]
async fn stopping_a_round_stops_the_plan() {
    let api = Api::start(settings()).await;
    let mut order = order(&[DOES_NOT_ANSWER]);
    order["ScheduleStartTime"] = json!("2026-03-02 10:00:00");
    let id = create(&api, &order).await;
    let task_id = rounds(&api, &id).await[0]["TaskID"].clone();
    let stop = json!({"Action": "Stop", "TaskID": task_id});
    assert_eq!(api.post("/service/cloud/operation", &stop).await.0, 200);
    api.advance(9 * 3600).await;
    assert_eq!(rounds(&api, &id).await.len(), 1);
    assert_eq!(plan(&api, &id).await["Status"], "stopped");
}

#[tokio::test]
async fn a_number_that_is_cancelled_is_in_no_later_round() {
    let api = Api::start(settings()).await;
    let id = create(&api, &order(&[DOES_NOT_ANSWER, "+6281300000002"])).await;
    api.advance(600).await;
    let cancel = |number: &str| json!({"PlanID": id, "CalleeNumber": number});
    let path = "/service/cloud/plan/cancelphonecall";
    assert_eq!(api.post(path, &cancel(DOES_NOT_ANSWER)).await.0, 200);
    api.advance(2 * HALF_AN_HOUR).await;
    let list = rounds(&api, &id).await;
    assert_eq!((list.len(), &list[1]["Total"]), (2, &json!(1)));
    let (status, refused) = api.post(path, &cancel("+6281299999999")).await;
    assert_eq!(
        (status, &refused["message"]),
        (404, &json!("CalleeNumber: the plan has no such number"))
    );
}

#[tokio::test]
async fn a_number_has_the_recordings_of_all_rounds() {
    let api = Api::start(settings()).await;
    let id = create(&api, &order(&[ANSWERS_LATER])).await;
    let path = format!("/service/cloud/plan/recordings?PlanID={id}&Callee=%2B6281200000005");
    api.advance(600).await;
    let (status, refused) = api.get(&path).await;
    assert_eq!((status, refused["code"].as_u64()), (404, Some(404)));
    api.advance(HALF_AN_HOUR).await;
    assert_eq!(plan(&api, &id).await["Answered"], 1);
    let response = send(api.request(Method::GET, &path)).await;
    assert_eq!(response.headers()["content-type"], "application/zip");
    let name = response.headers()["content-disposition"].to_str().expect("a name").to_owned();
    assert!(name.contains(&id), "{name}");
    assert_eq!(read(response).await.0, 200);
}

#[tokio::test]
async fn recordings_can_be_links() {
    let api = Api::start(Settings {
        recordings: RecordingsAs::Links,
        ..settings()
    })
    .await;
    let id = create(&api, &order(&[ANSWERS])).await;
    api.advance(600).await;
    let data = api
        .data(&format!("/service/cloud/plan/recordings?PlanID={id}&Callee=%2B6281200000001"))
        .await;
    let link = data["List"][0]["recording"].as_str().expect("a link");
    assert_eq!(send(api.client.get(link)).await.status(), 200);
}

#[tokio::test]
async fn the_end_of_a_plan_is_told_last() {
    let receiver = Receiver::start().await;
    let api = Api::start(Settings {
        events_to: receiver.url.parse().ok(),
        ..settings()
    })
    .await;
    let id = create(&api, &order(&[DOES_NOT_ANSWER])).await;
    api.advance(9 * 3600).await;
    let contract = Contract::load().expect("the contract");
    let bodies = receiver.take_bodies();
    let kinds = ["call.finished", "task.finished", "call.finished", "task.finished", "plan.finished"];
    assert_eq!(bodies.len(), kinds.len());
    for (body, kind) in bodies.iter().zip(kinds) {
        let schema = contract.schema_of(kind).expect("a schema");
        assert!(schema.is_valid(body), "{kind}: {body}");
        assert_eq!(body.get("planid").is_some(), kind == "plan.finished");
    }
    assert_eq!((&bodies[4]["planid"], &bodies[4]["rounds"]), (&json!(id), &json!(2)));
}

#[tokio::test]
async fn a_plan_that_cannot_be_carried_out_is_refused() {
    let api = Api::start(settings()).await;
    let refused = async |change: fn(&mut Value)| {
        let mut order = order(&[ANSWERS]);
        change(&mut order);
        let (status, answer) = api.post("/service/cloud/plan", &order).await;
        assert_eq!(status, 400, "{answer}");
        answer["message"].as_str().expect("a message").to_owned()
    };
    assert_eq!(
        refused(|order| order["StrategyID"] = json!(303)).await,
        "StrategyID: this strategy is disabled"
    );
    assert!(refused(|order| order["StrategyID"] = json!("9")).await.contains("no such strategy"));
    assert!(
        refused(|order| order["PlanName"] = json!(""))
            .await
            .contains("PlanName: must not be empty")
    );
    assert!(refused(|order| order["RobotID"] = json!("9")).await.contains("no such robot"));
    for path in [
        "/service/cloud/plan/status?PlanID=nothing",
        "/service/cloud/plan/rounds?PlanID=nothing",
        "/service/cloud/list?PlanID=nothing",
        "/service/cloud/plan/recordings?PlanID=nothing&Callee=%2B6281200000001",
    ] {
        assert_eq!(api.get(path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn answers_about_plans_follow_the_contract() {
    let api = Api::start(settings()).await;
    let contract = Contract::load().expect("the contract");
    let id = create(&api, &order(&[ANSWERS])).await;
    api.advance(600).await;
    for (operation, path) in [
        ("plans.strategies", "/service/cloud/strategy".to_owned()),
        ("plans.status", format!("/service/cloud/plan/status?PlanID={id}")),
        ("plans.rounds", format!("/service/cloud/plan/rounds?PlanID={id}")),
        ("plans.tasks", format!("/service/cloud/list?PlanID={id}")),
        ("didi.robots", "/service/cloud/robot".to_owned()),
        ("didi.robot_detail", "/service/cloud/robot/detail?RobotID=1005".to_owned()),
    ] {
        let (status, answer) = api.get(&path).await;
        let schema = contract.schema_of(operation).expect("a schema");
        let problems: Vec<_> = schema.iter_errors(&answer).map(|error| error.to_string()).collect();
        assert!(status == 200 && problems.is_empty(), "{operation}: {problems:?}");
    }
    assert_eq!(api.get("/service/cloud/robot/detail?RobotID=7").await.0, 404);
}
