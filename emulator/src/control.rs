//! What tests steer the emulator by, under `/_emulator`.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use url::Url;

use crate::crypto::Encryption;
use crate::envelope::{Envelope, Refusal, json_response};
use crate::events::News;
use crate::events::parcel::{Parcel, is_signed};
use crate::faults::Order;
use crate::inbound;
use crate::keyring::{Keys, Rotation};
use crate::settings::receiver;
use crate::world::Shared;

/// Further than any test needs, and near enough for every calendar.
const FARTHEST_SECONDS: f64 = 10.0 * 366.0 * 24.0 * 3600.0;
/// How long to wait, in real time, for what is due to happen.
const PATIENCE: Duration = Duration::from_mins(1);

/// More copies of an event than any receiver has to be tested with.
const MOST_COPIES: usize = 1000;

type Result = std::result::Result<Value, Refusal>;

/// The control endpoints.
pub fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/_emulator", get(state))
        .route("/_emulator/clock/advance", post(advance))
        .route("/_emulator/events", get(events).put(set_events).post(post_event))
        .route("/_emulator/inbound", post(inbound_call))
        .route("/_emulator/keys", post(rotate))
        .route("/_emulator/leads", get(leads))
        .route("/_emulator/tokens/revoke", post(revoke))
        .route("/_emulator/requests", get(requests).delete(forget_requests))
        .route("/_emulator/faults", get(faults).post(order_fault).delete(clear_faults))
        .route("/_emulator/settle", post(settle))
}

async fn state(State(shared): State<Arc<Shared>>) -> Response {
    let world = shared.world();
    respond(Ok(json!({
        "now": world.clock.text(world.clock.now()),
        "speed": world.clock.speed(),
        "seed": shared.settings.seed,
        "tasks": world.tasks.all().len(),
        "plans": world.plans.all().len(),
        "events": world.outbox.events().len(),
        "events_to": world.outbox.url().map(Url::as_str),
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: f64,
    #[serde(default)]
    wait: bool,
}

async fn advance(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let order: Advance = match read(&body) {
        Ok(order) => order,
        Err(refusal) => return refusal.into_response(),
    };
    if !(0.0..=FARTHEST_SECONDS).contains(&order.seconds) {
        return Refusal::bad_request(format!("seconds: must be from 0 to {FARTHEST_SECONDS}")).into_response();
    }
    shared.world().clock.advance(Duration::from_secs_f64(order.seconds));
    shared.changed();
    if order.wait {
        return settle(State(shared)).await;
    }
    respond(Ok(now(&shared)))
}

async fn settle(State(shared): State<Arc<Shared>>) -> Response {
    respond(
        tokio::time::timeout(PATIENCE, shared.settle())
            .await
            .map(|()| now(&shared))
            .map_err(|_| {
                Refusal::new(
                    StatusCode::GATEWAY_TIMEOUT,
                    "events are still being posted; is the receiver the one that waits for this?",
                )
            }),
    )
}

fn now(shared: &Shared) -> Value {
    let world = shared.world();
    json!({"now": world.clock.text(world.clock.now())})
}

async fn events(State(shared): State<Arc<Shared>>) -> Response {
    let world = shared.world();
    let list: Vec<_> = world.outbox.events().iter().map(|event| event.view(&world.clock)).collect();
    respond(Ok(json!({"url": world.outbox.url().map(Url::as_str), "List": list})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetEvents {
    url: Option<String>,
}

async fn set_events(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    respond(read(&body).and_then(|order: SetEvents| {
        let url = url(order.url.as_deref())?;
        let view = json!({"url": url.as_ref().map(Url::as_str)});
        shared.world().outbox.set_url(url);
        shared.changed();
        Ok(view)
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PostEvent {
    kind: String,
    url: Option<String>,
    /// Fields in place of those that are made up; null leaves one out.
    #[serde(default)]
    data: Map<String, Value>,
    /// Whether it is encrypted; as all events are when absent.
    encrypted: Option<bool>,
    /// Whether it is signed although its kind is not by itself.
    #[serde(default)]
    signed: bool,
    /// How many copies of it are posted.
    #[serde(default = "once")]
    repeat: usize,
}

fn once() -> usize {
    1
}

async fn post_event(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    respond(read(&body).and_then(|order: PostEvent| {
        if !(1..=MOST_COPIES).contains(&order.repeat) {
            return Err(Refusal::bad_request(format!("repeat: must be from 1 to {MOST_COPIES}")));
        }
        let to = url(order.url.as_deref())?;
        let body = shared
            .contract
            .sample_event_with(&order.kind, order.data)
            .ok_or_else(|| Refusal::bad_request("kind: the contract has no such event"))?;
        let signed = order.signed || is_signed(&order.kind);
        let parcel = Arc::new(pack(&shared.world().keys.newest(), &body, order.encrypted, signed)?);
        let mut world = shared.world();
        if to.is_none() && world.outbox.url().is_none() {
            return Err(Refusal::bad_request("url: is missing, and no URL is set for events"));
        }
        let now = world.clock.now();
        for _ in 0..order.repeat {
            let mut news = News::new(&order.kind, Vec::new(), body.clone(), now);
            news.to.clone_from(&to);
            news.parcel = Some(parcel.clone());
            world.outbox.push(news);
        }
        drop(world);
        shared.changed();
        Ok(json!({"body": body}))
    }))
}

/// Packs an event once for all its copies, so that they are the same bytes.
fn pack(keys: &Keys, body: &Value, encrypted: Option<bool>, signed: bool) -> std::result::Result<Parcel, Refusal> {
    let sign = signed.then_some(&keys.sign);
    let encryption = keys.encryption.as_ref();
    if encrypted == Some(true) && encryption.is_none() {
        let documented = Encryption::documented().map_err(|error| Refusal::bad_request(error.to_string()))?;
        return Ok(Parcel::new(body, Some(&documented), sign));
    }
    Ok(Parcel::new(body, encryption.filter(|_| encrypted != Some(false)), sign))
}

fn url(text: Option<&str>) -> std::result::Result<Option<Url>, Refusal> {
    text.map(receiver)
        .transpose()
        .map_err(|error| Refusal::bad_request(format!("url: {error}")))
}

async fn inbound_call(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let result = read(&body).and_then(|order: inbound::Order| {
        let mut world = shared.world();
        let now = world.clock.now();
        let id = world.inbound.call(order, now)?;
        Ok(json!({"callid": id}))
    });
    shared.changed();
    respond(result)
}

async fn rotate(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    respond(read(&body).and_then(|rotation: Rotation| {
        let rotated = shared.world().keys.rotate(rotation);
        rotated.map_err(|error| Refusal::bad_request(format!("encryption_key: {error}")))?;
        Ok(json!({}))
    }))
}

async fn leads(State(shared): State<Arc<Shared>>) -> Response {
    respond(Ok(json!({"List": shared.world().leads.view()})))
}

async fn revoke(State(shared): State<Arc<Shared>>) -> Response {
    let revoked = {
        let mut world = shared.world();
        let now = world.clock.now();
        world.tokens.revoke_all(now)
    };
    respond(Ok(json!({"revoked": revoked})))
}

async fn requests(State(shared): State<Arc<Shared>>) -> Response {
    respond(Ok(json!({"List": shared.world().journal.view()})))
}

async fn forget_requests(State(shared): State<Arc<Shared>>) -> Response {
    shared.world().journal.clear();
    respond(Ok(json!({})))
}

async fn faults(State(shared): State<Arc<Shared>>) -> Response {
    respond(Ok(json!({"List": shared.world().faults.orders()})))
}

async fn order_fault(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    respond(read(&body).and_then(|order: Order| {
        let known = shared.contract.operations();
        if let Some(wanted) = &order.operation
            && !known.iter().any(|operation| operation.id == *wanted)
        {
            return Err(Refusal::bad_request("operation: the contract has no such operation"));
        }
        if let Some(mistake) = order.mistake() {
            return Err(Refusal::bad_request(mistake));
        }
        shared.world().faults.add(order);
        Ok(json!({}))
    }))
}

async fn clear_faults(State(shared): State<Arc<Shared>>) -> Response {
    shared.world().faults.clear();
    respond(Ok(json!({})))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> std::result::Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::bad_request(error.to_string()))
}

fn respond(result: Result) -> Response {
    match result {
        Ok(data) => json_response(StatusCode::OK, &Envelope::Cloud.success(&data)),
        Err(refusal) => refusal.into_response(),
    }
}
