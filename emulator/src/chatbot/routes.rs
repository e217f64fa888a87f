//! The `chatbot.*` operations. Requests arrive here checked against the contract; what the contract cannot say is checked here.

use serde_json::{Value, json};

use super::company::{self, Kind};
use super::talking::Draft;
use super::{content, map, templates, views, waybills};
use crate::envelope::Refusal;
use crate::fields::{optional, text};
use crate::form::Upload;
use crate::request::{Answer, Call, Handler};

type Result = std::result::Result<Answer, Refusal>;

/// The handler of a `chatbot.*` operation.
#[must_use]
pub fn handler(name: &str) -> Option<Handler> {
    Some(match name {
        "bot_user_message" => bot_user_message,
        "huawei_user_message" => huawei_user_message,
        "huawei_transfer_result" => huawei_transfer_result,
        "waba_accounts" => |_| Ok(Answer::Json(company::waba_accounts())),
        "templates" => templates,
        "template" => |call| Ok(Answer::Json(templates::find(&call.field("template_id"))?.view())),
        "send_template" => send_template,
        "send_single_template" => send_single_template,
        "template_results" => template_results,
        "transfer_result" => transfer_result,
        "sessions" => sessions,
        "messages" => messages,
        "mark_read" => mark_read,
        "send_message" => send_message,
        "end_session" => end_session,
        "upload_file" => upload_file,
        "upload_map_thumbnail" => upload_map_thumbnail,
        "channels" => |_| Ok(Answer::Json(company::channels())),
        "company" => |_| Ok(Answer::Json(company::info())),
        "track_waybill" => |call| waybills::track(&call.field("waybill_number"), call.now(), &call.world.clock).map(Answer::Json),
        _ => return None,
    })
}

fn bot_user_message(call: &mut Call<'_>) -> Result {
    let channel = company::channel(&call.field("channel_id"))?;
    if channel.kind == Kind::Huawei {
        return Err(Refusal::bad_request(
            "channel_id: messages of the HuaWei channel go to chatbot.huawei_user_message",
        ));
    }
    if optional(&call.body, "channel").is_some_and(|kind| kind != channel.kind.name()) {
        return Err(Refusal::bad_request(
            "channel: is not the kind of the channel that channel_id names",
        ));
    }
    user_message(call, channel)
}

fn huawei_user_message(call: &mut Call<'_>) -> Result {
    let channel = company::channel(&call.field("channel_id"))?;
    if channel.kind != Kind::Huawei {
        return Err(Refusal::bad_request("channel_id: is no HuaWei channel"));
    }
    user_message(call, channel)
}

fn user_message(call: &mut Call<'_>, channel: &'static company::Channel) -> Result {
    let user = call.body["user"].clone();
    if text(&user, "id").is_empty() {
        return Err(Refusal::bad_request("user.id: is missing or empty"));
    }
    let drafts = drafts(call, content::From::User)?;
    let (call_id, now) = (call.field("call_id"), call.now());
    let world = &mut *call.world;
    world.chatbot.user_wrote(&call_id, channel, user, drafts, now, &world.clock)?;
    Ok(told(call))
}

fn huawei_transfer_result(call: &mut Call<'_>) -> Result {
    let kind = call
        .world
        .chatbot
        .session(&call.field("call_id"))
        .map(super::sessions::Session::kind);
    if kind.is_some_and(|kind| kind != Kind::Huawei) {
        return Err(Refusal::bad_request("call_id: the session goes over another channel"));
    }
    // The HuaWei channel has seats of its own, whose ids are not told.
    transferred(call, Some("huawei"))
}

fn transfer_result(call: &mut Call<'_>) -> Result {
    let kind = call
        .world
        .chatbot
        .session(&call.field("call_id"))
        .map(super::sessions::Session::kind);
    if kind == Some(Kind::Huawei) {
        return Err(Refusal::bad_request(
            "call_id: a session of the HuaWei channel goes to chatbot.huawei_transfer_result",
        ));
    }
    let seat_id = optional(&call.body, "seat_id").filter(|seat_id| !seat_id.is_empty());
    transferred(call, seat_id.as_deref())
}

fn transferred(call: &mut Call<'_>, seat_id: Option<&str>) -> Result {
    let seat_id = match (call.field("result").as_str(), seat_id) {
        ("success", None) => return Err(Refusal::bad_request("seat_id: is missing, and an agent took the session over")),
        ("success", seat_id) => seat_id,
        ("failed", _) => None,
        _ => return Err(Refusal::bad_request("result: must be success or failed")),
    };
    let (call_id, now) = (call.field("call_id"), call.now());
    let world = &mut *call.world;
    world.chatbot.transferred(&call_id, seat_id, now, &world.clock)?;
    Ok(told(call))
}

#[allow(clippy::unnecessary_wraps, reason = "every handler may refuse")]
fn templates(call: &mut Call<'_>) -> Result {
    let all = templates::all();
    let shown: Vec<_> = call.page("page", "size").of(all).map(templates::Template::view).collect();
    Ok(Answer::Json(json!({"templates": shown, "total": all.len()})))
}

fn send_template(call: &mut Call<'_>) -> Result {
    let template = templates::sendable(&call.field("template_id"), &call.field("language"))?;
    let common = &call.body["variables"];
    let receivers = call.body["receivers"].as_array().into_iter().flatten().enumerate();
    let receivers = receivers.map(|(index, receiver)| {
        let field = format!("receivers[{index}].variables");
        let values = template.values(common, &receiver["variables"], &field)?;
        Ok((text(receiver, "phone_number"), values))
    });
    let receivers = receivers.collect::<std::result::Result<Vec<_>, Refusal>>()?;
    let now = call.now();
    let batch = call.world.chatbot.send_template(template, receivers, now);
    Ok(Answer::Json(json!({"batch_id": batch.id})))
}

fn send_single_template(call: &mut Call<'_>) -> Result {
    let template = templates::sendable(&call.field("template_id"), &call.field("language"))?;
    let values = template.values(&call.body["variables"], &Value::Null, "variables")?;
    let (receiver, now) = (call.field("receiver"), call.now());
    let batch = call.world.chatbot.send_template(template, vec![(receiver, values)], now);
    let message = batch.messages.first().map(|message| &message.id);
    Ok(Answer::Json(json!({"batch_id": batch.id, "msg_id": message})))
}

fn template_results(call: &mut Call<'_>) -> Result {
    let batch = call.world.chatbot.batch(&call.field("batch_id"));
    let batch = batch.ok_or_else(|| Refusal::not_found("batch_id: there is no such batch"))?;
    let page = call.page("page", "size").of(&batch.messages);
    let shown: Vec<_> = page.map(|message| batch.result(message, &call.world.clock)).collect();
    Ok(Answer::Json(json!({"results": shown, "total": batch.messages.len()})))
}

#[allow(clippy::unnecessary_wraps, reason = "every handler may refuse")]
fn sessions(call: &mut Call<'_>) -> Result {
    let all = call.world.chatbot.sessions();
    let page = call.page("page", "size").of(all.iter().rev());
    let shown: Vec<_> = page.map(|session| views::session(session, &call.world.clock)).collect();
    Ok(Answer::Json(json!({"sessions": shown, "total": all.len()})))
}

fn messages(call: &mut Call<'_>) -> Result {
    if optional(&call.body, "type").is_some_and(|wanted| wanted != "single") {
        return Err(Refusal::bad_request("type: must be single, or absent"));
    }
    let session = call.world.chatbot.session(&call.field("call_id"));
    let session = session.ok_or_else(|| Refusal::not_found("call_id: there is no such session"))?;
    let before = session.before(&call.field("last_msg_id"))?;
    let page = call.page("", "size").of(before);
    let shown: Vec<_> = page.map(|message| views::message(session, message)).collect();
    Ok(Answer::Json(json!({"messages": shown})))
}

fn mark_read(call: &mut Call<'_>) -> Result {
    let (call_id, msg_id) = (call.field("call_id"), optional(&call.body, "msg_id"));
    call.world.chatbot.mark_read(&call_id, msg_id.as_deref())?;
    Ok(Answer::done())
}

fn send_message(call: &mut Call<'_>) -> Result {
    let drafts = drafts(call, content::From::Agent)?;
    let (call_id, now) = (call.field("call_id"), call.now());
    let world = &mut *call.world;
    let ids = world.chatbot.agent_sends(&call_id, drafts, now, &world.clock)?;
    told(call);
    Ok(Answer::Json(json!({"msg_ids": ids})))
}

fn end_session(call: &mut Call<'_>) -> Result {
    let (call_id, now) = (call.field("call_id"), call.now());
    let world = &mut *call.world;
    world.chatbot.end(&call_id, now, &world.clock)?;
    Ok(told(call))
}

fn upload_file(call: &mut Call<'_>) -> Result {
    let wanted = optional(&call.body, "type");
    if let Some(channel_id) = optional(&call.body, "channel_id") {
        company::channel(&channel_id)?;
    }
    let upload = call.file.take().ok_or_else(|| Refusal::bad_request("file: is missing"))?;
    call.world.chatbot.keep(upload, wanted.as_deref()).map(Answer::Json)
}

fn upload_map_thumbnail(call: &mut Call<'_>) -> Result {
    let degrees = |name: &str| call.body[name].as_f64().unwrap_or_default();
    let picture = map::png(degrees("latitude"), degrees("longitude"));
    let upload = Upload {
        field: "file".to_owned(),
        name: "map.png".to_owned(),
        content_type: "image/png".to_owned(),
        bytes: picture.into(),
    };
    call.world.chatbot.keep(upload, None).map(Answer::Json)
}

/// The messages of a request.
fn drafts(call: &Call<'_>, from: content::From) -> std::result::Result<Vec<Draft>, Refusal> {
    let messages = call.body["messages"].as_array().into_iter().flatten().enumerate();
    let drafts = messages.map(|(index, message)| {
        content::check(&message["content"], from, &format!("messages[{index}].content"))?;
        Ok(Draft {
            id: optional(message, "msg_id").filter(|id| !id.is_empty()),
            timestamp: message["timestamp"].as_i64(),
            content: message["content"].clone(),
        })
    });
    drafts.collect()
}

/// Passes the events of what a request did on.
fn told(call: &mut Call<'_>) -> Answer {
    for news in call.world.chatbot.take_news() {
        call.world.outbox.push(news);
    }
    Answer::done()
}
