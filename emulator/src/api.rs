//! The API itself: one way for every request from the wire to the answer.

use std::sync::Arc;

use axum::body::{self, Body};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};

use crate::contract::{Operation, Route};
use crate::crypto::{self, Encryption, IS_ENCRYPTED, OpenError, SIGNED};
use crate::envelope::{self, Refusal};
use crate::faults::{Fault, Struck};
use crate::journal::{self, Entry};
use crate::recordings::{self, Recording, RecordingError};
use crate::strike;
use crate::tasks::routes;
use crate::world::Shared;

/// Longer bodies are refused.
pub const MAX_BODY: usize = 16 * 1024 * 1024;

/// What a request is answered with when it is carried out.
#[derive(Debug)]
pub enum Answer {
    /// Data for the envelope.
    Json(Value),
    /// A recording.
    Recording(Recording),
    /// The recordings of the task with this id.
    Archive(String, Vec<Recording>),
}

/// A request in clear.
#[derive(Debug)]
struct Plain {
    query: String,
    body: Bytes,
}

/// Answers a request.
pub async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = body::to_bytes(body, MAX_BODY).await else {
        return Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the body did not arrive whole or has more than 16 MiB",
        )
        .into_response();
    };
    let encrypted = parts.headers.contains_key(IS_ENCRYPTED);
    let plain = open(&parts, body.clone(), shared.settings.encryption.as_ref());
    let route = shared.contract.route(&parts.method, parts.uri.path());
    let number = {
        let mut world = shared.world();
        let entry = Entry {
            at: world.clock.text(world.clock.now()),
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            operation: match route {
                Route::Operation(operation) => Some(operation.id.clone()),
                _ => None,
            },
            encrypted,
            query: match &plain {
                Ok(plain) => plain.query.clone(),
                Err(_) => parts.uri.query().unwrap_or_default().to_owned(),
            },
            headers: journal::headers_view(&parts.headers),
            body: journal::body_view(plain.as_ref().map_or(&body, |plain| &plain.body)),
            status: None,
        };
        world.journal.push(entry)
    };
    let response = match route {
        Route::Operation(operation) => answer(&shared, operation, &parts, plain).await,
        Route::OtherMethod(methods) => other_method(&methods),
        Route::Unknown => Refusal::not_found("there is no such path").into_response(),
    };
    let status = response.status();
    tracing::info!(method = %parts.method, path = parts.uri.path(), status = status.as_u16());
    shared.world().journal.answered(number, status.as_u16());
    response
}

async fn answer(shared: &Shared, operation: &Operation, parts: &Parts, plain: Result<Plain, Refusal>) -> Response {
    let encrypted = parts.headers.contains_key(IS_ENCRYPTED);
    let struck = shared.world().faults.strike(&operation.id, encrypted);
    let Some(Struck { fault, carry_out }) = struck else {
        return carry_out_and_answer(shared, operation, parts, plain).await;
    };
    if let Fault::Slow { seconds } = fault {
        strike::slow(seconds).await;
    }
    if fault == (Fault::TokenRefused {}) {
        shared.world().tokens.revoke(&parts.headers);
    }
    let response = if carry_out {
        Some(carry_out_and_answer(shared, operation, parts, plain).await)
    } else {
        None
    };
    strike::strike(fault, response).await
}

async fn carry_out_and_answer(shared: &Shared, operation: &Operation, parts: &Parts, plain: Result<Plain, Refusal>) -> Response {
    // An encrypted request that cannot be read is answered in clear: who sent it may have another key.
    let encryption = shared
        .settings
        .encryption
        .as_ref()
        .filter(|_| plain.is_ok() && parts.headers.contains_key(IS_ENCRYPTED));
    let result = carry_out(shared, operation, parts, plain);
    shared.changed();
    match result {
        Ok(Answer::Json(data)) => sealed(StatusCode::OK, &envelope::success(&data), encryption),
        Ok(Answer::Recording(recording)) => {
            let name = recording.file_name();
            download("audio/wav", &name, move || recording.wav()).await
        }
        Ok(Answer::Archive(task_id, list)) => {
            let name = format!("{task_id}.zip");
            download("application/zip", &name, move || recordings::archive(&list)).await
        }
        Err(refusal) => sealed(refusal.status, &refusal.envelope(), encryption),
    }
}

fn carry_out(shared: &Shared, operation: &Operation, parts: &Parts, plain: Result<Plain, Refusal>) -> Result<Answer, Refusal> {
    let mut world = shared.world();
    let now = world.clock.now();
    if !operation.signs_in {
        world.tokens.check(&parts.headers, now)?;
    }
    let plain = plain?;
    let query = shared.contract.check_query(operation, &plain.query)?;
    let body = shared.contract.check_body(operation, &plain.body)?;
    let recordings = shared.settings.recordings;
    match operation.id.as_str() {
        "auth.token" => {
            let known = shared.settings.credentials.as_ref();
            let token = world.tokens.issue(&body, known, now)?;
            Ok(Answer::Json(json!({"token": token})))
        }
        "tasks.create" => routes::create(&mut world, &body),
        "tasks.list" => Ok(routes::list(&world, &query)),
        "tasks.stop" => routes::stop(&mut world, &body),
        "tasks.cancel_call" => routes::cancel_call(&mut world, &body),
        "tasks.detail" => routes::detail(&world, &query),
        "tasks.robots" => Ok(routes::robots()),
        "tasks.call_by_id" => routes::call_by_id(&world, &query),
        "tasks.recording" => routes::recording(&world, &query, recordings),
        "tasks.recordings" => routes::recordings(&world, &query, recordings),
        other => Err(Refusal::new(
            StatusCode::NOT_IMPLEMENTED,
            format!("the contract has {other}, the emulator does not play it"),
        )),
    }
}

/// Takes the encryption off. In a GET the raw query is the ciphertext, otherwise the body is.
fn open(parts: &Parts, body: Bytes, encryption: Option<&Encryption>) -> Result<Plain, Refusal> {
    let query = parts.uri.query().unwrap_or_default();
    let Some(flag) = parts.headers.get(IS_ENCRYPTED) else {
        let query = query.to_owned();
        return Ok(Plain { query, body });
    };
    if flag != "1" {
        return Err(Refusal::bad_request("the header Is-Encrypted must be 1"));
    }
    let encryption = encryption.ok_or_else(|| Refusal::bad_request("the request is encrypted and no key is agreed for this account"))?;
    let signed = parts
        .headers
        .get(SIGNED)
        .and_then(|signed| signed.to_str().ok())
        .unwrap_or_default();
    let refuse = |error: OpenError| Refusal::bad_request(error.to_string());
    if parts.method != Method::GET {
        let body = encryption.open(&body, signed).map_err(refuse)?;
        let query = query.to_owned();
        return Ok(Plain { query, body: body.into() });
    }
    if query.is_empty() && signed == crypto::sign(b"") {
        // A request without parameters may leave the query away.
        return Ok(Plain {
            query: String::new(),
            body,
        });
    }
    let query = encryption.open(query.as_bytes(), signed).map_err(refuse)?;
    let query = String::from_utf8(query).map_err(|_| refuse(OpenError))?;
    Ok(Plain { query, body })
}

fn sealed(status: StatusCode, value: &Value, encryption: Option<&Encryption>) -> Response {
    let Some(encryption) = encryption else {
        return envelope::json_response(status, value);
    };
    let sealed = encryption.seal(value.to_string().as_bytes());
    let mut response = envelope::text_response(status, "application/json", sealed.text);
    let headers = response.headers_mut();
    headers.insert(IS_ENCRYPTED, HeaderValue::from_static("1"));
    if let Ok(signed) = HeaderValue::from_str(&sealed.signed) {
        headers.insert(SIGNED, signed);
    }
    response
}

/// A file as an answer. It is made on a thread of its own, as the minutes of sound in an archive take a while.
pub async fn download(
    content_type: &'static str,
    name: &str,
    make: impl FnOnce() -> Result<Vec<u8>, RecordingError> + Send + 'static,
) -> Response {
    let failed = |message: String| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, message).into_response();
    let bytes = match tokio::task::spawn_blocking(make).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) => return failed(error.to_string()),
        Err(error) => return failed(error.to_string()),
    };
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

fn other_method(methods: &[&Method]) -> Response {
    let methods: Vec<_> = methods.iter().map(|method| method.as_str()).collect();
    let methods = methods.join(", ");
    let mut response = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, format!("this path takes {methods}")).into_response();
    if let Ok(allow) = HeaderValue::from_str(&methods) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}
