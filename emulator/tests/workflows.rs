//! Workflows over HTTP: from the template to finished contacts.

#![allow(clippy::expect_used, reason = "a test may fail")]

mod common;

use airudder_emulator::contract::Contract;
use airudder_emulator::{RecordingsAs, Settings};
use common::{ANSWERS, Api, DOES_NOT_ANSWER, read, send, settings};
use http::Method;
use serde_json::{Map, Value, json};

const FAILS: &str = "+6281200000004";
const ANSWERS_LATER: &str = "+6281200000005";
const BASE: &str = "/service/cloud/workflow";
const NOBODY: &str = "+6281299999999";

/// An order of this template, which ends when its contacts are through.
fn order(template: u64, callees: &[&str]) -> Value {
    let contact = |(index, callee): (usize, &&str)| json!({"callee": callee, "case_id": format!("case-{index}"), "variables": {"name": "Budi", "due_date": "2026-03-10"}});
    json!({
        "workflow_template_id": template, "name": "March", "auto_finish": 1,
        "end_time": "2026-03-03 18:00:00+00:00", "details": callees.iter().enumerate().map(contact).collect::<Vec<_>>(),
    })
}

struct Workflows {
    api: Api,
    contract: Contract,
}

impl Workflows {
    async fn start() -> Self {
        Self {
            api: Api::start(settings()).await,
            contract: Contract::load().expect("the contract"),
        }
    }

    fn check(&self, id: &str, body: &Value) {
        let schema = self.contract.schema_of(id).expect("a schema");
        let errors: Vec<_> = schema.iter_errors(body).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{id}: {errors:?} in {body}");
    }

    /// The data of an answer that has to be a success and follow the contract.
    async fn post(&self, operation: &str, path: &str, body: Value) -> Value {
        let (status, answer) = self.api.post(&format!("{BASE}/{path}"), &body).await;
        assert_eq!(status, 200, "{answer}");
        self.check(operation, &answer);
        answer["data"].clone()
    }

    async fn get(&self, operation: &str, path: &str) -> Value {
        let (status, answer) = self.api.get(&format!("{BASE}/{path}")).await;
        assert_eq!(status, 200, "{answer}");
        self.check(operation, &answer);
        answer["data"].clone()
    }

    async fn refused(&self, path: &str, body: Value) -> (u16, String) {
        let (status, answer) = self.api.post(&format!("{BASE}/{path}"), &body).await;
        assert_eq!(answer["code"], status, "{answer}");
        (status, answer["message"].as_str().expect("a message").to_owned())
    }

    async fn create(&self, order: Value) -> String {
        let data = self.post("workflows.create", "createinstance", order).await;
        data["workflow_id"].as_str().expect("an id").to_owned()
    }

    /// The bodies of all events of a kind, oldest first.
    async fn events(&self, kind: &str) -> Vec<Value> {
        let events = self.api.data("/_emulator/events").await;
        let list = events["List"].as_array().expect("events").iter();
        let bodies: Vec<Value> = list
            .filter(|event| event["event"] == kind)
            .map(|event| event["body"].clone())
            .collect();
        for body in &bodies {
            self.check(kind, body);
        }
        bodies
    }

    async fn summary(&self) -> Value {
        self.get("workflows.list", "instances").await["list"][0].clone()
    }
}

/// The values of one field of all items.
fn column(items: &Value, field: &str) -> Vec<String> {
    let items = items.as_array().expect("a list").iter();
    items.map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn contacts_go_from_node_to_node() {
    let world = Workflows::start().await;
    let templates = world.get("workflows.templates", "templates").await;
    let made = column(&templates["list"], "create_time");
    assert!(made.is_sorted_by(|newer, older| newer > older) && made.len() >= 4, "{made:?}");
    let id = world.create(order(2001, &[ANSWERS, DOES_NOT_ANSWER, ANSWERS_LATER])).await;
    assert_eq!(world.summary().await["status"], "running");
    world.api.advance(120).await;
    // One is through by now; the others wait for the second call.
    let first = world.post("workflows.outbound_tasks", "tasklist", json!({"workflow_id": id})).await;
    assert_eq!(first["total"], 1);
    assert_eq!(world.summary().await["finished"], 1);
    world.api.advance(3 * 3600).await;
    let summary = world.summary().await;
    assert_eq!(
        (&summary["status"], &summary["finished"], &summary["total"]),
        (&json!("finished"), &json!(3), &json!(3))
    );

    let tasks = world
        .post(
            "workflows.outbound_tasks",
            "tasklist",
            json!({"workflow_id": id, "page": 2, "size": 1}),
        )
        .await;
    assert_eq!(
        (&tasks["total"], column(&tasks["list"], "nodetask_name")),
        (&json!(2), vec!["Second call".to_owned()])
    );
    let second = &tasks["list"][0]["task_id"];
    let ask = json!({"workflow_id": id, "task_id": second});
    let detail = world.post("workflows.task_details", "taskdetail", ask).await;
    let mut ends = column(&detail["calls"], "status");
    ends.sort();
    assert_eq!(ends, ["answered", "no_answer"]);
    let subtasks = world.get("workflows.subtasks", &format!("subtasks?workflow_id={id}")).await;
    assert_eq!(column(&subtasks["list"], "node_type"), ["call", "call", "api_push"]);
    assert_eq!(column(&subtasks["list"], "task_status"), ["finished"; 3]);

    // Each number once per node: the one that never answers has its result when its redials are used up.
    let calls = world.events("workflow.call_finished").await;
    assert_eq!(calls.len(), 5);
    let through = world.events("workflow.contact_finished").await;
    assert_eq!(
        through
            .iter()
            .map(|body| body["rows"].as_array().map_or(0, Vec::len))
            .sum::<usize>(),
        2 + 3 + 3
    );
    let status = world.events("workflow.status").await;
    assert_eq!(column(&json!(status), "status"), ["running", "finished"]);
    assert_eq!(column(&status[1]["actions"], "task_status"), ["finished", "finished", ""]);
}

#[tokio::test]
async fn calls_are_found_and_can_be_heard() {
    let world = Workflows::start().await;
    let id = world.create(order(2001, &[ANSWERS, ANSWERS_LATER])).await;
    world.api.advance(3 * 3600).await;
    let later = ANSWERS_LATER.replace('+', "%2B");
    let calls = world
        .get("workflows.find_calls", &format!("calls?callee={later}&workflow_id={id}"))
        .await;
    assert_eq!(column(&calls["list"], "status"), ["no_answer", "answered"]);
    let by_case = world
        .get("workflows.find_calls", &format!("calls?caseid=case-1&workflow_id={id}"))
        .await;
    assert_eq!(column(&by_case["list"], "callid"), column(&calls["list"], "callid"));
    let task = calls["list"][1]["taskid"].as_str().expect("a task");
    let of_task = world
        .get("workflows.find_calls", &format!("calls?caseid=case-1&taskid={task}"))
        .await;
    assert_eq!(of_task["list"].as_array().map(Vec::len), Some(1));
    let call_id = calls["list"][1]["callid"].as_str().expect("a call");
    let call = world.get("workflows.call_by_id", &format!("call?callid={call_id}")).await;
    assert_eq!(
        (&call["case_id"], &call["nodetask_name"]),
        (&json!("case-1"), &json!("Second call"))
    );

    let path = format!("{BASE}/recordings?workflow_id={id}&callee={later}");
    let archive = send(world.api.request(Method::GET, &path)).await;
    assert_eq!(
        (archive.status().as_u16(), &archive.headers()["content-type"]),
        (200, &http::HeaderValue::from_static("application/zip"))
    );
    let link = call["recording"].as_str().expect("a link");
    let sound = send(world.api.client.get(link)).await;
    let sound = sound.bytes().await.expect("sound");
    let seconds = call["talkduration"].as_u64().expect("seconds");
    assert_eq!((&sound[..4], sound.len() as u64), (b"RIFF".as_slice(), 44 + seconds * 16_000));

    for path in [
        format!("calls?workflow_id={id}"),
        "calls?caseid=case-1".to_owned(),
        format!("calls?caseid=case-1&taskid={id}"),
        "call?callid=nothing".to_owned(),
        format!("recordings?workflow_id={id}&callee=%2B6281299999999"),
        "recordings?workflow_id=nothing&callee=%2B6281299999999".to_owned(),
    ] {
        let (status, answer) = world.api.get(&format!("{BASE}/{path}")).await;
        assert!([400, 404].contains(&status), "{path}: {answer}");
    }
}

#[tokio::test]
async fn recordings_come_as_links_when_that_is_wanted() {
    let mut world = Workflows::start().await;
    world.api = Api::start(Settings {
        recordings: RecordingsAs::Links,
        ..settings()
    })
    .await;
    let id = world.create(order(2001, &[ANSWERS])).await;
    world.api.advance(3600).await;
    let callee = ANSWERS.replace('+', "%2B");
    let (_, answer) = world.api.get(&format!("{BASE}/recordings?workflow_id={id}&callee={callee}")).await;
    let link = answer["data"]["list"][0]["recording"].as_str().expect("a link");
    assert_eq!(send(world.api.client.get(link)).await.status(), 200);
}

#[tokio::test]
async fn what_is_wrong_is_refused() {
    let world = Workflows::start().await;
    let good = order(2001, &[ANSWERS]);
    let with = |field: &str, value: Value| {
        let mut order = good.clone();
        order[field] = value;
        order
    };
    let contact = good["details"][0].clone();
    for (order, message) in [
        (
            with("end_time", json!("2026-03-03 18:00:00")),
            "end_time: must be a time with its zone",
        ),
        (with("end_time", json!("2026-03-02 16:59:59+08:00")), "end_time: has passed"),
        (
            with("end_time", json!("2026-02-30 18:00:00+08:00")),
            "end_time: no calendar has this time",
        ),
        (
            with("workflow_template_id", json!(1)),
            "workflow_template_id: the account has no such template",
        ),
        (
            with("workflow_template_id", json!("2001")),
            "workflow_template_id: must be of type integer",
        ),
        (with("workflow_template_name", json!("Other")), "workflow_template_name: "),
        (with("name", json!("")), "name: must not be empty"),
        (with("details", json!([contact, contact])), "details[1]: the workflow has a contact"),
        (
            with("details", json!([{"callee": "0812"}])),
            "details[0].callee: must be a phone number",
        ),
        (
            with("details", json!(vec![contact; 10_001])),
            "details: must have 10000 entries at most",
        ),
    ] {
        let (status, text) = world.refused("createinstance", order).await;
        assert_eq!(status, 400, "{text}");
        assert!(text.starts_with(message), "{text}");
    }
    for path in ["uploaddetails", "updatedetails"] {
        let (status, _) = world
            .refused(path, json!({"workflow_id": "nothing", "details": [{"callee": ANSWERS}]}))
            .await;
        assert_eq!(status, 404, "{path}");
    }
    for path in ["stopinstance", "tasklist"] {
        assert_eq!(world.refused(path, json!({"workflow_id": "nothing"})).await.0, 404, "{path}");
    }
    let id = world.create(good.clone()).await;
    let cancel = json!({"workflow_id": id});
    assert_eq!(
        world.refused("canceldetail", cancel).await,
        (400, "one of callee, case_id has to be given".to_owned())
    );
    for (path, body) in [
        ("canceldetail", json!({"workflow_id": id, "callee": NOBODY})),
        ("updatedetails", json!({"workflow_id": id, "details": [{"callee": NOBODY}]})),
        ("taskdetail", json!({"workflow_id": id, "task_id": "nothing"})),
        ("apinoticeinfo", json!({"workflow_id": id, "node_id": "nothing", "callee": ANSWERS})),
    ] {
        assert_eq!(world.refused(path, body).await.0, 404, "{path}");
    }
    let find = json!({"callee": ANSWERS, "start_time": "2026-03-03 00:00:00", "end_time": "2026-03-02 00:00:00"});
    assert_eq!(world.refused("detailinstances", find).await.0, 400);
}

#[tokio::test]
async fn contacts_are_added_updated_cancelled_and_stopped() {
    let world = Workflows::start().await;
    let mut open = order(2001, &[DOES_NOT_ANSWER, ANSWERS_LATER]);
    open["auto_finish"] = json!(2);
    let id = world.create(open).await;
    world.api.advance(60).await;
    let details = json!([{"callee": ANSWERS, "case_id": "new"}]);
    world
        .post(
            "workflows.add_contacts",
            "uploaddetails",
            json!({"workflow_id": id, "details": details}),
        )
        .await;
    assert_eq!(
        world
            .refused("uploaddetails", json!({"workflow_id": id, "details": details}))
            .await
            .0,
        400
    );
    let details = json!([{"callee": ANSWERS_LATER, "case_id": "case-1", "variables": {"name": "Sari"}}]);
    world
        .post(
            "workflows.update_contacts",
            "updatedetails",
            json!({"workflow_id": id, "details": details}),
        )
        .await;
    world
        .post(
            "workflows.cancel_contact",
            "canceldetail",
            json!({"workflow_id": id, "case_id": "case-0"}),
        )
        .await;
    world.api.advance(2 * 3600).await;
    let through = world.events("workflow.contact_finished").await;
    assert_eq!(column(&json!(through), "case_id"), ["case-0", "new", "case-1"]);
    assert_eq!(
        through[0]["rows"].as_array().map(Vec::len),
        Some(1),
        "the cancelled one goes no further"
    );
    let pushes = world.events("workflow.api_push").await;
    assert_eq!(pushes[1]["callee"]["callee_name"], "Sari");
    let verify = json!({"workflow_id": id, "node_id": pushes[1]["node_id"], "callee": ANSWERS_LATER, "case_id": "case-1"});
    assert_eq!(world.post("workflows.verify_api_push", "apinoticeinfo", verify).await, pushes[1]);

    let span = json!({"case_id": "new", "start_time": "2026-03-02 09:01:00", "end_time": "2026-03-02 09:01:00"});
    let found = world.post("workflows.find", "detailinstances", span).await;
    assert_eq!(column(&found["list"], "workflow_id"), std::slice::from_ref(&id));
    let earlier = json!({"case_id": "new", "start_time": "2026-03-02 09:00:00", "end_time": "2026-03-02 09:00:59"});
    assert_eq!(world.post("workflows.find", "detailinstances", earlier).await["list"], json!([]));

    assert_eq!(world.summary().await["status"], "running", "auto_finish 2 keeps it open");
    for _ in 0..2 {
        world.post("workflows.stop", "stopinstance", json!({"workflow_id": id})).await;
    }
    assert_eq!(world.summary().await["status"], "stopped");
    assert_eq!(world.events("workflow.status").await.len(), 2);
    assert_eq!(
        world
            .refused("uploaddetails", json!({"workflow_id": id, "details": [{"callee": NOBODY}]}))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn the_end_time_ends_what_has_not_begun() {
    let world = Workflows::start().await;
    let mut short = order(2001, &[DOES_NOT_ANSWER]);
    short["end_time"] = json!("2026-03-02 17:30:00+08:00");
    short["auto_finish"] = json!(2);
    world.create(short).await;
    world.api.advance(29 * 60).await;
    assert_eq!(world.summary().await["finished"], 0);
    world.api.advance(60).await;
    let summary = world.summary().await;
    assert_eq!((&summary["status"], &summary["finished"]), (&json!("finished"), &json!(1)));
    assert_eq!(world.events("workflow.call_finished").await.len(), 1);
}

#[tokio::test]
async fn messages_are_sent_and_chats_held() {
    let world = Workflows::start().await;
    let id = world.create(order(2003, &[ANSWERS, DOES_NOT_ANSWER, FAILS])).await;
    world.api.advance(2 * 3600).await;
    let tasks = world.get("workflows.waba_tasks", &format!("wabatasks?workflow_id={id}")).await;
    let task = &tasks["list"][0];
    let counts = ["total", "sent", "delivered", "read", "failed"].map(|name| task[name].as_u64().expect("a number"));
    assert_eq!(counts, [3, 2, 2, 1, 1]);
    let task = task["waba_task_id"].as_str().expect("an id");
    let messages = world
        .get("workflows.waba_task_details", &format!("wabataskdetail?waba_task_id={task}"))
        .await;
    assert_eq!(column(&messages["list"], "status"), ["read", "delivered", "failed"]);
    let page = world
        .get(
            "workflows.waba_task_details",
            &format!("wabataskdetail?waba_task_id={task}&page=2&size=2"),
        )
        .await;
    assert_eq!((&page["total"], page["list"].as_array().map(Vec::len)), (&json!(3), Some(1)));
    let mut steps = column(&json!(world.events("workflow.waba_message_status").await), "status");
    steps.sort();
    assert_eq!(steps, ["delivered", "delivered", "failed", "read", "sent", "sent"]);
    let chats = world.events("workflow.chatbot_session_ended").await;
    let [chat] = chats.as_slice() else { panic!("{chats:?}") };
    assert_eq!((&chat["callee"], &chat["waba_task_id"]), (&json!(ANSWERS), &json!(task)));
    let said = chat["messages"].as_array().expect("messages");
    assert_eq!(said.len() as u64, 2 * chat["talk_round"].as_u64().expect("a number"));
    // Whom no message reached is called.
    assert_eq!(world.events("workflow.call_finished").await.len(), 2);
    let (status, _) = world.api.get(&format!("{BASE}/wabataskdetail?waba_task_id=nothing")).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn every_line_has_its_own_results() {
    let world = Workflows::start().await;
    let check = world.create(order(2002, &[ANSWERS, DOES_NOT_ANSWER])).await;
    world.api.advance(3600).await;
    let tasks = world
        .post("workflows.outbound_tasks", "tasklist", json!({"workflow_id": check}))
        .await;
    let ask = json!({"workflow_id": check, "task_id": tasks["list"][0]["task_id"]});
    let detail = world.post("workflows.info_check_task_details", "taskdetail", ask).await;
    let mut results = column(&detail["calls"], "checkresult");
    results.sort();
    assert!(["failed", "passed"].contains(&results[0].as_str()), "{results:?}");
    assert_eq!(results[1], "unreached");
    let calls = detail["calls"].as_array().expect("calls").iter();
    let asked: usize = calls.map(|call| call["answers"].as_object().map_or(0, Map::len)).sum();
    assert_eq!(asked, 2, "both variables of the one who answered");
    assert_eq!(world.events("workflow.info_check_call_finished").await.len(), 2);
    assert_eq!(world.events("workflow.call_finished").await.len(), 0);

    let lead = json!({"callee": ANSWERS, "name": "Budi", "email": "budi@example.com", "company": "Example Pay", "source": "fair"});
    let mut leads = order(2004, &[]);
    leads["details"] = json!([lead]);
    world.create(leads).await;
    world.api.advance(3600).await;
    let calls = world.events("leads.call_finished").await;
    assert_eq!((&calls[0]["name"], &calls[0]["source"]), (&json!("Budi"), &json!("fair")));
    assert_eq!(
        world.events("leads.api_push").await[0]["callee"]["callee_email"],
        "budi@example.com"
    );
}

#[tokio::test]
async fn the_predictive_dialler_tells_of_tasks_contacts_and_agents() {
    let world = Workflows::start().await;
    world.create(order(2005, &[ANSWERS, DOES_NOT_ANSWER])).await;
    world.api.advance(3600).await;
    let tasks = json!(world.events("predictive.task_status").await);
    assert_eq!(column(&tasks, "task_status"), ["running", "finished"]);
    let contacts = world.events("predictive.contact_status").await;
    let of = |callee: &str| {
        let steps = contacts.iter().filter(|body| body["callee"] == callee).cloned().collect();
        column(&Value::Array(steps), "contact_status")
    };
    assert_eq!(of(ANSWERS), ["dialing", "connected", "transferred", "finished"]);
    assert_eq!(of(DOES_NOT_ANSWER), ["dialing", "no_answer"]);
    let agents = json!(world.events("predictive.agent_status").await);
    assert_eq!(column(&agents, "agent_status"), ["talking", "online"]);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_workflow() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let world = Workflows::start().await;
        world.create(order(2003, &[NOBODY, "+6281277777777", ANSWERS])).await;
        world.api.advance(6 * 3600).await;
        let mut calls = world.events("workflow.call_finished").await;
        // A link of another run differs.
        for call in &mut calls {
            call["recording"].take();
        }
        runs.push((calls, world.events("workflow.chatbot_session_ended").await));
    }
    assert_eq!(runs[0], runs[1]);
    let (status, answer) = read(
        send(
            Workflows::start()
                .await
                .api
                .request(Method::GET, &format!("{BASE}/instances?page=0")),
        )
        .await,
    )
    .await;
    assert_eq!((status, &answer["message"]), (400, &json!("page: must be 1 or more")));
}
