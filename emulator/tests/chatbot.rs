//! The Chatbot API over real sockets.

#![allow(clippy::expect_used, reason = "a test may fail")]

mod chat;
mod common;

use std::collections::BTreeSet;

use chat::{Chat, assert_follows_contract, hmac, user_message};
use common::{Receiver, read, send};
use http::Method;
use serde_json::{Value, json};

const ASKS_FOR_AGENT: &str = "+6281230000001";
const FAILS: &str = "+6281230000004";
const SAYS_GOODBYE: &str = "+6281230000005";

fn text(text: &str) -> Value {
    json!([{"content": {"type": "text", "text": text}}])
}

#[tokio::test]
async fn a_user_talks_with_the_robot_and_then_with_an_agent() {
    let chat = Chat::start().await;
    chat.user_writes("s-1", "menu").await;
    let messages = chat.messages("s-1").await;
    let seen: Vec<_> = messages
        .iter()
        .map(|message| (&message["sender_type"], &message["content"]["type"]))
        .collect();
    assert_eq!(seen, [(&json!("user"), &json!("text")), (&json!("robot"), &json!("interactive"))]);
    assert_eq!(
        messages[0]["timestamp"],
        chat.events().await[0].1["messages"][0]["timestamp"].as_i64().expect("seconds") - 2
    );

    let refused = chat
        .refused("message/send", json!({"call_id": "s-1", "messages": text("hi")}))
        .await;
    assert_eq!(refused, (400, "call_id: no agent has the session".to_owned()));
    chat.user_writes("s-1", "an agent please").await;
    let transfer = json!({"call_id": "s-1", "result": "success", "seat_id": "2041"});
    chat.call("transfer_result", "session/transfer_result", transfer.clone()).await;
    chat.call("transfer_result", "session/transfer_result", transfer).await;
    let sent = chat
        .call(
            "send_message",
            "message/send",
            json!({"call_id": "s-1", "messages": text("Hello, I am Budi.")}),
        )
        .await;
    chat.user_writes("s-1", "hello Budi").await;
    chat.0.advance(60).await;
    let messages = chat.messages("s-1").await;
    let notice = json!({"type": "conversation.start", "from_seat_id": "0", "to_seat_id": "2041"});
    assert_eq!(messages[4]["content"]["system"], notice);
    assert_eq!(
        (&messages[5]["msg_id"], &messages[5]["seat_id"], &messages[5]["status"]),
        (&sent["msg_ids"][0], &json!("2041"), &json!("read"))
    );
    let sessions = chat.call("sessions", "session/list", json!({})).await;
    assert_eq!(
        (
            &sessions["total"],
            &sessions["sessions"][0]["status"],
            &sessions["sessions"][0]["unread"]
        ),
        (&json!(1), &json!("agent"), &json!(3))
    );
    chat.call("mark_read", "session/read", json!({"call_id": "s-1"})).await;
    chat.call("end_session", "session/close", json!({"call_id": "s-1"})).await;
    chat.call("end_session", "session/close", json!({"call_id": "s-1"})).await;
    let session = chat.call("sessions", "session/list", json!({})).await["sessions"][0].clone();
    assert_eq!(
        (&session["status"], &session["unread"], &session["session_end_reason"]),
        (&json!("closed"), &json!(0), &json!("agent"))
    );
    let refused = chat.refused("bot/message", user_message("s-1", "5003", "hello?")).await;
    assert_eq!(refused, (400, "call_id: the session has ended".to_owned()));
    let kinds: Vec<_> = chat.events().await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(
        kinds,
        [
            "chatbot.bot_reply",
            "chatbot.bot_reply",
            "chatbot.bot_transfer_request",
            "chatbot.user_message_to_agent",
            "chatbot.agent_message_status",
            "chatbot.agent_message_status",
            "chatbot.bot_session_ended",
            "chatbot.session_report",
        ]
    );
}

#[tokio::test]
async fn a_huawei_session_that_finds_no_agent_goes_on_with_the_robot() {
    let chat = Chat::start().await;
    chat.call(
        "huawei_user_message",
        "channel/huawei/message",
        user_message("h-1", "5002", "agent"),
    )
    .await;
    chat.0.advance(3).await;
    let path = "channel/huawei/transfer_result";
    let refused = chat
        .refused("session/transfer_result", json!({"call_id": "h-1", "result": "failed"}))
        .await;
    assert_eq!(refused.0, 400);
    for _ in 0..2 {
        chat.call("huawei_transfer_result", path, json!({"call_id": "h-1", "result": "failed"}))
            .await;
    }
    chat.call("huawei_user_message", "channel/huawei/message", user_message("h-1", "5002", "bye"))
        .await;
    chat.0.advance(3).await;
    let events = chat.events().await;
    let kinds: Vec<_> = events.iter().map(|(kind, _)| kind.trim_start_matches("chatbot.")).collect();
    assert_eq!(
        kinds,
        [
            "huawei_bot_reply",
            "huawei_transfer_request",
            "huawei_bot_reply",
            "huawei_bot_reply",
            "huawei_session_ended",
            "session_report"
        ]
    );
    assert_eq!(
        (&events[4].1["session_end_reason"], &events[4].1["channel"]),
        (&json!("robot"), &json!("HuaWei"))
    );
    for body in [
        user_message("h-2", "5003", "x"),
        user_message("h-2", "5999", "x"),
        user_message("h-2", "5004", "x"),
    ] {
        let refused = chat.refused("channel/huawei/message", body).await;
        assert!(refused.0 == 400 && refused.1.starts_with("channel"), "{refused:?}");
    }
}

#[tokio::test]
async fn templates_reach_people_who_answer() {
    let chat = Chat::start().await;
    let receivers = json!([
        {"phone_number": ASKS_FOR_AGENT, "variables": {"name": "Ani"}}, {"phone_number": FAILS, "variables": {"name": "Budi"}},
        {"phone_number": SAYS_GOODBYE, "variables": {"name": "Citra"}},
    ]);
    let order = json!({"template_id": "3001", "language": "en", "receivers": receivers, "variables": {"order": "A-7"}});
    let batch = chat.call("send_template", "template/send", order).await;
    let results = |page: u32| json!({"batch_id": batch["batch_id"], "page": page, "size": 2});
    let first = chat.call("template_results", "template/result", results(1)).await;
    assert_eq!((&first["total"], &first["results"][0]["status"]), (&json!(3), &json!("waiting")));
    chat.0.advance(10).await;
    let first = chat.call("template_results", "template/result", results(1)).await;
    assert_eq!(
        (&first["results"][0]["status"], &first["results"][1]["status"]),
        (&json!("delivered"), &json!("failed"))
    );
    chat.0.advance(600).await;
    let second = chat.call("template_results", "template/result", results(2)).await;
    assert_eq!(
        (second["results"].as_array().map(Vec::len), &second["results"][0]["status"]),
        (Some(1), &json!("read"))
    );

    let sessions = chat.call("sessions", "session/list", json!({})).await;
    let states: Vec<_> = sessions["sessions"]
        .as_array()
        .expect("sessions")
        .iter()
        .map(|session| &session["status"])
        .collect();
    assert_eq!(states, ["closed", "waiting"]);
    let call_id = sessions["sessions"][1]["call_id"].as_str().expect("an id");
    let messages = chat.messages(call_id).await;
    assert_eq!(
        messages[0]["content"]["template"]["content"]["body"],
        "Hello Ani, your order A-7 is on its way."
    );
    assert_eq!(
        (&messages[1]["content"]["type"], &messages[1]["reply"]["msg_id"]),
        (&json!("button"), &messages[0]["msg_id"])
    );
    let transfer = json!({"call_id": call_id, "result": "success", "seat_id": "2041"});
    chat.call("transfer_result", "session/transfer_result", transfer).await;
    chat.call(
        "send_message",
        "message/send",
        json!({"call_id": call_id, "messages": text("How can I help?")}),
    )
    .await;
    chat.0.advance(60).await;
    let last = chat.messages(call_id).await.pop().expect("a message");
    assert_eq!(
        (&last["sender_type"], &last["reply"]["content"]["text"]),
        (&json!("user"), &json!("How can I help?"))
    );

    let single = json!({"template_id": "3002", "language": "id", "receiver": SAYS_GOODBYE, "variables": {"name": "Citra"}});
    chat.call("send_single_template", "template/send_single", single.clone()).await;
    for (change, message) in [
        (
            json!({"template_id": "3003"}),
            "template_id: this template is pending, only approved ones can be sent",
        ),
        (json!({"language": "en"}), "language: the template is in another language"),
        (json!({"variables": {}}), "variables: the template's variable name has no value"),
    ] {
        let mut wrong = single.clone();
        for (name, value) in change.as_object().expect("a change") {
            wrong[name] = value.clone();
        }
        assert_eq!(chat.refused("template/send_single", wrong).await, (400, message.to_owned()));
    }
    let unknown = chat.refused("template/result", json!({"batch_id": "none"})).await;
    assert_eq!(unknown, (404, "batch_id: there is no such batch".to_owned()));
}

#[tokio::test]
async fn every_event_of_the_contract_is_posted_and_follows_it() {
    let chat = Chat::start().await;
    for (path, operation, channel_id, call_id) in [
        ("bot/message", "bot_user_message", "5003", "s-1"),
        ("channel/huawei/message", "huawei_user_message", "5002", "h-1"),
    ] {
        for words in ["agent", "bye"] {
            chat.call(operation, path, user_message(call_id, channel_id, words)).await;
            chat.0.advance(3).await;
        }
    }
    chat.call("end_session", "session/close", json!({"call_id": "s-1"})).await;
    chat.call("end_session", "session/close", json!({"call_id": "h-1"})).await;
    let single = json!({"template_id": "3001", "language": "en", "receiver": ASKS_FOR_AGENT, "variables": {"name": "Ani", "order": "A"}});
    chat.call("send_single_template", "template/send_single", single).await;
    chat.0.advance(600).await;
    let session = chat.call("sessions", "session/list", json!({})).await["sessions"][0].clone();
    let call_id = &session["call_id"];
    let transfer = json!({"call_id": call_id, "result": "success", "seat_id": "2041"});
    chat.call("transfer_result", "session/transfer_result", transfer).await;
    chat.call(
        "send_message",
        "message/send",
        json!({"call_id": call_id, "messages": text("Hello")}),
    )
    .await;
    chat.0.advance(600).await;
    chat.call("end_session", "session/close", json!({"call_id": call_id})).await;
    let mut kinds = BTreeSet::new();
    for (kind, body) in chat.events().await {
        assert_follows_contract(&kind, &body);
        kinds.insert(kind);
    }
    let known = [
        "agent_message_status",
        "bot_reply",
        "bot_session_ended",
        "bot_transfer_request",
        "channel_message",
        "channel_message_status",
        "huawei_bot_reply",
        "huawei_session_ended",
        "huawei_transfer_request",
        "session_ended",
        "session_report",
        "template_response",
        "template_result",
        "transfer_request",
        "user_message",
        "user_message_to_agent",
    ];
    assert_eq!(kinds, known.map(|kind| format!("chatbot.{kind}")).into());
}

#[tokio::test]
async fn messages_are_paged_from_the_newest() {
    let chat = Chat::start().await;
    for words in ["one", "two", "three"] {
        chat.user_writes("s-1", words).await;
    }
    let mut seen = Vec::new();
    let mut last = String::new();
    loop {
        let page = json!({"call_id": "s-1", "last_msg_id": last, "size": 4, "type": "single"});
        let page = chat.call("messages", "session/messages", page).await["messages"].clone();
        let Some(message) = page.as_array().and_then(|page| page.last()) else {
            break;
        };
        last = message["msg_id"].as_str().expect("an id").to_owned();
        seen.extend(page.as_array().into_iter().flatten().cloned());
    }
    seen.reverse();
    assert_eq!((seen.len(), &seen), (6, &chat.messages("s-1").await));
    for (wrong, status) in [
        (json!({"call_id": "none"}), 404),
        (json!({"call_id": "s-1", "last_msg_id": "none"}), 404),
        (json!({"call_id": "s-1", "type": "double"}), 400),
        (json!({"call_id": "s-1", "size": 0}), 400),
    ] {
        assert_eq!(chat.refused("session/messages", wrong).await.0, status);
    }
    assert_eq!(
        chat.refused("session/read", json!({"call_id": "s-1", "msg_id": "none"})).await.0,
        404
    );
}

#[tokio::test]
async fn what_came_before_is_not_taken_twice() {
    let chat = Chat::start().await;
    let mut message = user_message("s-1", "5003", "hello");
    message["messages"][0]["msg_id"] = json!("m-1");
    message["messages"][0]["timestamp"] = json!(1_772_000_000);
    for _ in 0..2 {
        chat.call("bot_user_message", "bot/message", message.clone()).await;
    }
    let messages = chat.messages("s-1").await;
    assert_eq!(messages.len(), 1);
    assert_eq!(
        (&messages[0]["msg_id"], &messages[0]["timestamp"]),
        (&json!("m-1"), &json!(1_772_000_000))
    );
    message["user"]["id"] = json!("u-2");
    assert_eq!(chat.refused("bot/message", message).await.0, 400);
}

#[tokio::test]
async fn files_come_back_byte_by_byte() {
    let chat = Chat::start().await;
    let bytes = b"\x89PNG\r\n\x1a\n not really".to_vec();
    let multipart = |fields: &[(&str, &str)], file: &[u8]| {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
        }
        body.extend(b"--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"photo.png\"\r\nContent-Type: image/png\r\n\r\n");
        body.extend(file);
        body.extend(b"\r\n--cut--\r\n");
        body
    };
    let post = |body: Vec<u8>| {
        let request = chat.0.client.post(chat.0.url("/api/v1/file/upload"));
        let request = request
            .header("X-AIRudder-Sign-Key", "0".repeat(32))
            .header("X-AIRudder-Sign", hmac(&body));
        request.header("Content-Type", "multipart/form-data; boundary=cut").body(body)
    };
    let (status, answer) = read(send(post(multipart(&[("channel_id", "5001"), ("type", "image")], &bytes))).await).await;
    assert_eq!(status, 200, "{answer}");
    assert_follows_contract("chatbot.upload_file", &answer);
    assert_eq!(
        (&answer["data"]["name"], &answer["data"]["size"]),
        (&json!("photo.png"), &json!(bytes.len()))
    );
    let link = answer["data"]["origin_url"].as_str().expect("a link");
    let file = send(chat.0.client.get(link)).await;
    assert_eq!(file.headers()["content-type"], "image/png");
    assert_eq!(file.bytes().await.expect("a file"), bytes);
    for (fields, file) in [
        ([("channel_id", "5999")].as_slice(), bytes.as_slice()),
        (&[("type", "video")], &bytes),
        (&[], b""),
    ] {
        let (status, answer) = read(send(post(multipart(fields, file))).await).await;
        assert_eq!((status, &answer["code"]), (400, &json!(400)), "{answer}");
    }
    assert_eq!(send(chat.0.client.get(chat.0.url("/files/none"))).await.status(), 404);

    let place = json!({"latitude": -6.175, "longitude": 106.827});
    let map = chat.call("upload_map_thumbnail", "file/map_thumbnail", place).await;
    let picture = send(chat.0.client.get(map["origin_url"].as_str().expect("a link")))
        .await
        .bytes()
        .await
        .expect("a picture");
    assert_eq!(
        (picture.len(), &picture[..4]),
        (
            map["size"].as_u64().map_or(0, |size| usize::try_from(size).expect("small")),
            b"\x89PNG".as_slice()
        )
    );
    assert_eq!(
        chat.refused("file/map_thumbnail", json!({"latitude": 91, "longitude": 0})).await.0,
        400
    );
}

#[tokio::test]
async fn the_company_shows_what_it_has() {
    let chat = Chat::start().await;
    let channels = chat.call("channels", "company/channels", json!({})).await;
    assert_eq!(channels["channels"].as_array().map(Vec::len), Some(4));
    chat.call("company", "company/info", json!({})).await;
    let accounts = chat.call("waba_accounts", "waba/accounts", json!({})).await;
    assert_eq!(accounts["accounts"][0]["channel_id"], channels["channels"][0]["channel_id"]);
    let page = chat.call("templates", "template/list", json!({"page": 2, "size": 3})).await;
    assert_eq!((&page["total"], &page["templates"][0]["template_id"]), (&json!(4), &json!("3001")));
    let template = chat.call("template", "template/detail", json!({"template_id": "3001"})).await;
    assert_eq!(template["variables"], json!(["name", "order"]));
    assert_eq!(chat.refused("template/detail", json!({"template_id": "1"})).await.0, 404);
    chat.0.advance(7 * 3600).await;
    let waybill = chat
        .call("track_waybill", "logistics/track", json!({"waybill_number": "AR0000000001"}))
        .await;
    assert_eq!(waybill["status"], "delivered");
    assert_eq!(chat.refused("logistics/track", json!({"waybill_number": "1"})).await.0, 404);
}

#[tokio::test]
async fn only_signed_requests_are_let_in() {
    let chat = Chat::start().await;
    let unsigned = chat.0.client.post(chat.0.url("/api/v1/company/info")).body("{}");
    assert_eq!(send(unsigned).await.status(), 401);
    let with_token = chat.0.request(Method::POST, "/api/v1/company/info").body("{}");
    let (status, answer) = read(send(with_token).await).await;
    assert_eq!(
        (status, &answer["message"]),
        (401, &json!("the header X-AIRudder-Sign-Key is missing"))
    );
}

#[tokio::test]
async fn the_report_of_a_session_waits_for_its_other_events() {
    let chat = Chat::start().await;
    let receiver = Receiver::start().await;
    let order = chat.0.client.put(chat.0.url("/_emulator/events"));
    send(order.body(json!({"url": receiver.url}).to_string())).await;
    // The robot's goodbye is not taken at first.
    receiver.answer(&[500]);
    chat.user_writes("s-1", "bye").await;
    let kinds = |receiver: &Receiver| -> Vec<_> {
        receiver
            .take_bodies()
            .iter()
            .map(|body| body["session_end_reason"].clone())
            .collect()
    };
    assert_eq!(kinds(&receiver), [Value::Null, json!("robot")]);
    chat.0.advance(60).await;
    let bodies = receiver.take();
    let last = bodies.last().expect("an event");
    assert_eq!(
        (bodies.len(), last.0["x-airudder-sign"].to_str().expect("a sign")),
        (2, hmac(&last.1).as_str())
    );
    assert_eq!(serde_json::from_slice::<Value>(&last.1).expect("JSON")["talk_round"], 1);
}
