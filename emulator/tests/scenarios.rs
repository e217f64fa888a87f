//! Every kind of event comes of something that happens in the emulator, and is repeated until it is confirmed.

#![allow(clippy::expect_used, reason = "a test may fail")]

mod chat;
mod common;

use std::collections::{BTreeMap, BTreeSet};

use airudder_emulator::Settings;
use airudder_emulator::contract::Contract;
use airudder_emulator::settings::receiver;
use chat::{Chat, assert_follows_contract, user_message};
use common::{ANSWERS, Api, BUSY, DOES_NOT_ANSWER, Receiver, settings, task};
use jiff::civil::DateTime;
use serde_json::{Value, json};

const ASKS_FOR_AGENT: &str = "+6281230000001";

/// Something that happens, as the README's table of events has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scenario {
    Task,
    Plan,
    Reminder,
    Check,
    WhatsApp,
    Leads,
    Agents,
    Inbound,
    Boberdoo,
    Doucet,
    Templates,
    Huawei,
    Web,
}

/// Each with the kinds that come of it.
const SCENARIOS: [(Scenario, &[&str]); 13] = [
    (Scenario::Task, &["call.finished", "task.finished"]),
    (Scenario::Plan, &["call.finished", "plan.finished", "task.finished"]),
    (
        Scenario::Reminder,
        &[
            "workflow.api_push",
            "workflow.call_finished",
            "workflow.contact_finished",
            "workflow.status",
        ],
    ),
    (
        Scenario::Check,
        &[
            "workflow.api_push",
            "workflow.contact_finished",
            "workflow.info_check_call_finished",
            "workflow.status",
        ],
    ),
    (
        Scenario::WhatsApp,
        &[
            "workflow.call_finished",
            "workflow.chatbot_session_ended",
            "workflow.contact_finished",
            "workflow.status",
            "workflow.waba_message_status",
        ],
    ),
    (
        Scenario::Leads,
        &[
            "leads.api_push",
            "leads.call_finished",
            "workflow.contact_finished",
            "workflow.status",
        ],
    ),
    (
        Scenario::Agents,
        &[
            "predictive.agent_status",
            "predictive.contact_status",
            "predictive.task_status",
            "workflow.call_finished",
            "workflow.contact_finished",
            "workflow.status",
        ],
    ),
    (Scenario::Inbound, &["inbound.call_ended", "inbound.transferred"]),
    (
        Scenario::Boberdoo,
        &["api_store.boberdoo_push", "inbound.call_ended", "inbound.transferred"],
    ),
    (
        Scenario::Doucet,
        &["api_store.doucet_ping", "inbound.call_ended", "inbound.transferred"],
    ),
    (
        Scenario::Templates,
        &[
            "chatbot.agent_message_status",
            "chatbot.channel_message",
            "chatbot.channel_message_status",
            "chatbot.session_ended",
            "chatbot.session_report",
            "chatbot.template_response",
            "chatbot.template_result",
            "chatbot.transfer_request",
            "chatbot.user_message",
            "chatbot.user_message_to_agent",
        ],
    ),
    (
        Scenario::Huawei,
        &[
            "chatbot.huawei_bot_reply",
            "chatbot.huawei_session_ended",
            "chatbot.huawei_transfer_request",
            "chatbot.session_report",
        ],
    ),
    (
        Scenario::Web,
        &[
            "chatbot.bot_reply",
            "chatbot.bot_session_ended",
            "chatbot.bot_transfer_request",
            "chatbot.session_report",
        ],
    ),
];

impl Scenario {
    async fn play(self, chat: &Chat) {
        match self {
            Self::Task => drop(chat.0.create(&[ANSWERS, BUSY]).await),
            Self::Plan => {
                let mut order = task(&[ANSWERS]);
                (order["PlanName"], order["StrategyID"]) = (order["TaskName"].take(), json!("302"));
                post(&chat.0, "/service/cloud/plan", &order).await;
            }
            Self::Reminder => workflow(&chat.0, 2001).await,
            Self::Check => workflow(&chat.0, 2002).await,
            Self::WhatsApp => workflow(&chat.0, 2003).await,
            Self::Leads => workflow(&chat.0, 2004).await,
            Self::Agents => workflow(&chat.0, 2005).await,
            Self::Inbound => inbound(&chat.0, "+62215000001").await,
            Self::Boberdoo => inbound(&chat.0, "+62215000002").await,
            Self::Doucet => inbound(&chat.0, "+62215000003").await,
            Self::Templates => whatsapp_session(chat).await,
            Self::Huawei => {
                let path = "channel/huawei/message";
                chat.call("huawei_user_message", path, user_message("h-1", "5002", "agent")).await;
                chat.0.advance(3).await;
                let nobody = json!({"call_id": "h-1", "result": "failed"});
                chat.call("huawei_transfer_result", "channel/huawei/transfer_result", nobody).await;
                chat.call("huawei_user_message", path, user_message("h-1", "5002", "bye")).await;
            }
            Self::Web => {
                chat.user_writes("s-1", "agent").await;
                let nobody = json!({"call_id": "s-1", "result": "failed"});
                chat.call("transfer_result", "session/transfer_result", nobody).await;
                chat.user_writes("s-1", "bye").await;
            }
        }
        chat.0.advance(4 * 3600).await;
    }
}

async fn post(api: &Api, path: &str, body: &Value) {
    let (status, answer) = api.post(path, body).await;
    assert_eq!(status, 200, "{answer}");
}

async fn workflow(api: &Api, template: u64) {
    let details = [ANSWERS, DOES_NOT_ANSWER].map(|callee| json!({"callee": callee, "variables": {"name": "Budi"}}));
    let order = json!({
        "workflow_template_id": template, "name": "March", "auto_finish": 1, "end_time": "2026-03-03 18:00:00+00:00",
        "details": details,
    });
    post(api, "/service/cloud/workflow/createinstance", &order).await;
}

async fn inbound(api: &Api, callee: &str) {
    let learned = json!({"first_name": "Ani", "state": "TX", "zip": "75001", "age": "66", "reason": "invoice"});
    let order = json!({"caller": "+6281230000001", "callee": callee, "transfer_after": 30, "variables": learned});
    post(api, "/_emulator/inbound", &order).await;
}

/// A template message is answered, an agent takes over, writes and ends the session.
async fn whatsapp_session(chat: &Chat) {
    let receivers = json!([{"phone_number": ASKS_FOR_AGENT, "variables": {"name": "Ani"}}]);
    let order = json!({"template_id": "3001", "language": "en", "receivers": receivers, "variables": {"order": "A-7"}});
    chat.call("send_template", "template/send", order).await;
    chat.0.advance(600).await;
    let sessions = chat.call("sessions", "session/list", json!({})).await;
    let call_id = &sessions["sessions"][0]["call_id"];
    let agent = json!({"call_id": call_id, "result": "success", "seat_id": "2041"});
    chat.call("transfer_result", "session/transfer_result", agent).await;
    let messages = json!([{"content": {"type": "text", "text": "How can I help?"}}]);
    let message = json!({"call_id": call_id, "messages": messages});
    chat.call("send_message", "message/send", message).await;
    chat.0.advance(60).await;
    chat.call("end_session", "session/close", json!({"call_id": call_id})).await;
}

/// Each kind comes to a path of its own: the bodies do not all say what they are.
async fn start() -> (Chat, Receiver) {
    let customer = Receiver::start().await;
    let settings = Settings {
        events_to: receiver(&format!("{}/{{kind}}", customer.url)).ok(),
        ..settings()
    };
    (Chat(Api::start(settings).await), customer)
}

/// Kinds and bodies of what came since the last time.
fn received(customer: &Receiver) -> Vec<(String, Value)> {
    let paths = customer.take_paths();
    let kinds = paths.iter().map(|path| path.trim_start_matches("/events/").to_owned());
    kinds.zip(customer.take_bodies()).collect()
}

#[tokio::test]
async fn every_kind_comes_of_something_that_happens() {
    let contract = Contract::load().expect("a contract");
    let mut missing: BTreeSet<_> = contract.events().collect();
    assert_eq!(missing.len(), 35);
    for (scenario, expected) in SCENARIOS {
        let (chat, customer) = start().await;
        scenario.play(&chat).await;
        let events = received(&customer);
        for (kind, body) in &events {
            assert_follows_contract(kind, body);
            missing.remove(kind.as_str());
        }
        let kinds: BTreeSet<_> = events.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds, expected.iter().copied().collect(), "{scenario:?}");
    }
    assert_eq!(missing, BTreeSet::new());
}

#[tokio::test]
async fn every_kind_comes_five_times_a_minute_apart_when_it_is_refused() {
    for (scenario, expected) in SCENARIOS {
        let (chat, customer) = start().await;
        customer.answer(&[500; 5_000]);
        scenario.play(&chat).await;
        let mut copies = BTreeMap::<_, usize>::new();
        for (kind, body) in received(&customer) {
            *copies.entry((kind, body.to_string())).or_default() += 1;
        }
        let kinds: BTreeSet<_> = copies.keys().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds, expected.iter().copied().collect(), "{scenario:?}");
        let log = chat.0.data("/_emulator/events").await;
        for event in log["List"].as_array().expect("events") {
            let (kind, body) = (event["event"].as_str().expect("a kind"), event["body"].to_string());
            assert_eq!(
                (copies.get(&(kind.to_owned(), body)), &event["state"]),
                (Some(&5), &json!("given_up")),
                "{kind}"
            );
            let times: Vec<DateTime> = event["attempts"].as_array().expect("attempts").iter().map(time).collect();
            assert!(
                times.len() == 5 && times.windows(2).all(|two| (two[1] - two[0]).get_minutes() == 1),
                "{kind}: {times:?}"
            );
        }
    }
}

fn time(attempt: &Value) -> DateTime {
    let text = attempt["at"].as_str().expect("a time");
    text.parse().expect("a time")
}

#[tokio::test]
async fn what_others_are_sent_is_what_the_robot_learned() {
    let (chat, customer) = start().await;
    for (line, kind, expected) in [
        (
            "+62215000002",
            "api_store.boberdoo_push",
            json!({
                "phone": "+6281230000001", "call_time": "2026-03-02 09:00:00", "first_name": "Ani", "state": "TX", "zip": "75001",
                "variables": {"age": "66", "reason": "invoice"},
            }),
        ),
        (
            "+62215000003",
            "api_store.doucet_ping",
            json!({"phone": "+6281230000001", "state": "TX", "zip": "75001", "age": 66, "transfer_to": "+62215000093"}),
        ),
    ] {
        inbound(&chat.0, line).await;
        chat.0.advance(60).await;
        let events = received(&customer);
        let place = |wanted: &str| events.iter().position(|(kind, _)| kind == wanted).expect("it came");
        let mut body = events[place(kind)].1.clone();
        let call_id = body.as_object_mut().expect("an object").remove("inbound_call_id");
        assert_eq!(
            (call_id.as_ref(), &body),
            (events[place("inbound.call_ended")].1.get("callid"), &expected)
        );
        assert_eq!(events[place("inbound.transferred")].1["callee"], line);
        let before = place("inbound.transferred") > place(kind);
        assert_eq!(before, kind == "api_store.doucet_ping");
    }
    let stranger = json!({"caller": "+6281230000001", "callee": "+62215000009"});
    assert_eq!(chat.0.post("/_emulator/inbound", &stranger).await.0, 400);
}

/// The table tells of each kind once, and of no other.
#[test]
fn the_readme_tells_what_posts_each_kind() {
    let (_, events) = include_str!("../README.md").split_once("\n## Events\n").expect("the events");
    let (events, _) = events.split_once("\n## ").expect("their end");
    let cells = events.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let told: Vec<_> = cells.flat_map(|cell| cell.split('`').filter(|word| word.contains('.'))).collect();
    let contract = Contract::load().expect("a contract");
    let kinds: BTreeSet<_> = contract.events().collect();
    assert_eq!((told.len(), told.into_iter().collect()), (kinds.len(), kinds));
}
