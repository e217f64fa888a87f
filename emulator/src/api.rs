//! The API itself: one way for every request from the wire to the answer.

use std::sync::Arc;

use axum::body::{self, Body};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::Value;

use crate::contract::{Access, Asked, Choice, Operation, Payload, Route};
use crate::crypto::{self, Encryption, IS_ENCRYPTED, OpenError, SIGNED};
use crate::envelope::{self, Envelope, Refusal};
use crate::families;
use crate::faults::{Fault, Struck};
use crate::form::Form;
use crate::journal::{self, Entry};
use crate::keyring::Keys;
use crate::recordings::{self, RecordingError};
use crate::request::{Answer, Call};
use crate::strike;
use crate::world::Shared;

const MIB: usize = 1024 * 1024;
/// Longer bodies are refused.
const MAX_BODY: usize = 16 * MIB;
/// Longer forms are refused; they carry files.
const MAX_FORM: usize = 64 * MIB;

/// A request in clear.
#[derive(Debug)]
struct Plain {
    query: String,
    payload: Payload,
    /// What it was encrypted with, if it was.
    keys: Option<Arc<Keys>>,
}

/// Answers a request.
pub async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let form_type = content_type.filter(|value| Form::is(value)).map(str::to_owned);
    let limit = if form_type.is_some() { MAX_FORM } else { MAX_BODY };
    let envelope = Envelope::of(parts.uri.path());
    let refuse = |refusal: &Refusal| envelope::json_response(refusal.status, &envelope.refusal(refusal));
    let Ok(body) = body::to_bytes(body, limit).await else {
        return refuse(&Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the body did not arrive whole or has more than {} MiB", limit / MIB),
        ));
    };
    let keys = shared.world().keys.all();
    let plain = read(&parts, body.clone(), form_type.as_deref(), &keys).await;
    let route = shared.contract.route(&parts.method, parts.uri.path());
    let choice = match (&route, plain.as_ref()) {
        (Route::Operations(candidates), Ok(plain)) => Some(shared.contract.choose(candidates, &plain.query, &plain.payload)),
        (Route::Operations(candidates), Err(refusal)) => Some(Choice {
            operations: candidates.clone(),
            asked: Err(refusal.clone()),
        }),
        _ => None,
    };
    let number = {
        let mut world = shared.world();
        let entry = entry(&parts, &body, &plain, choice.as_ref(), world.clock.text(world.clock.now()));
        world.journal.push(entry)
    };
    let response = match (route, choice) {
        (Route::OtherMethod(methods), _) => other_method(envelope, &methods),
        (_, Some(choice)) => {
            answer(
                &shared,
                Received {
                    parts: &parts,
                    body: &body,
                    plain: plain.ok(),
                },
                choice,
            )
            .await
        }
        _ => refuse(&Refusal::not_found("there is no such path")),
    };
    let status = response.status();
    tracing::info!(method = %parts.method, path = parts.uri.path(), status = status.as_u16());
    shared.world().journal.answered(number, status.as_u16());
    response
}

/// A request, as it came and in clear; not in clear when it could not be read.
struct Received<'a> {
    parts: &'a Parts,
    body: &'a [u8],
    plain: Option<Plain>,
}

fn entry(parts: &Parts, body: &[u8], plain: &Result<Plain, Refusal>, choice: Option<&Choice<'_>>, at: String) -> Entry {
    let operations = choice.into_iter().flat_map(|choice| &choice.operations);
    Entry {
        at,
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        operations: operations.map(|operation| operation.id.clone()).collect(),
        encrypted: parts.headers.contains_key(IS_ENCRYPTED),
        query: match plain {
            Ok(plain) => plain.query.clone(),
            Err(_) => parts.uri.query().unwrap_or_default().to_owned(),
        },
        headers: journal::headers_view(&parts.headers),
        body: match plain {
            Ok(Plain {
                payload: Payload::Form(form),
                ..
            }) => form.view(),
            Ok(Plain {
                payload: Payload::Bytes(bytes),
                ..
            }) => journal::body_view(bytes),
            Err(_) => journal::body_view(body),
        },
        status: None,
    }
}

async fn answer(shared: &Shared, received: Received<'_>, choice: Choice<'_>) -> Response {
    let parts = received.parts;
    let encrypted = parts.headers.contains_key(IS_ENCRYPTED);
    let ids: Vec<_> = choice.operations.iter().map(|operation| operation.id.as_str()).collect();
    let struck = shared.world().faults.strike(&ids, encrypted);
    let Some(Struck { fault, carry_out }) = struck else {
        return carry_out_and_answer(shared, received, choice).await;
    };
    if let Fault::Slow { seconds } = fault {
        strike::slow(seconds).await;
    }
    if fault == (Fault::TokenRefused {}) {
        shared.world().tokens.revoke(&parts.headers);
    }
    let response = if carry_out {
        Some(carry_out_and_answer(shared, received, choice).await)
    } else {
        None
    };
    strike::strike(fault, Envelope::of(parts.uri.path()), response).await
}

async fn carry_out_and_answer(shared: &Shared, received: Received<'_>, choice: Choice<'_>) -> Response {
    let parts = received.parts;
    let envelope = Envelope::of(parts.uri.path());
    // An encrypted request that cannot be read is answered in clear: who sent it may have another key.
    let keys = received.plain.as_ref().and_then(|plain| plain.keys.clone());
    let encryption = keys.as_ref().and_then(|keys| keys.encryption.as_ref());
    let result = carry_out(shared, received, choice);
    shared.changed();
    match result {
        Ok(Answer::Json(data)) => sealed(StatusCode::OK, &envelope.success(&data), encryption),
        Ok(Answer::Recording(recording)) => {
            let name = recording.file_name();
            download("audio/wav", &name, move || recording.wav()).await
        }
        Ok(Answer::Archive(name, list)) => {
            let name = format!("{name}.zip");
            download("application/zip", &name, move || recordings::archive(&list)).await
        }
        Err(refusal) => sealed(refusal.status, &envelope.refusal(&refusal), encryption),
    }
}

fn carry_out(shared: &Shared, received: Received<'_>, choice: Choice<'_>) -> Result<Answer, Refusal> {
    let mut world = shared.world();
    let now = world.clock.now();
    let Some(Operation { id, access, .. }) = choice.operations.first() else {
        return Err(Refusal::not_found("there is no such path"));
    };
    match access {
        Access::Token => world.tokens.check(&received.parts.headers, now)?,
        Access::Sign => world.keys.check_sign(&received.parts.headers, received.body)?,
        Access::Credentials => {}
    }
    let Asked { query, body } = choice.asked?;
    let handler = families::handler(id).ok_or_else(|| {
        Refusal::new(
            StatusCode::NOT_IMPLEMENTED,
            format!("the contract has {id}, the emulator does not play it"),
        )
    })?;
    handler(&mut Call {
        operation: id,
        world: &mut world,
        settings: &shared.settings,
        query,
        body,
        file: match received.plain {
            Some(Plain {
                payload: Payload::Form(form),
                ..
            }) => form.files.into_iter().next(),
            _ => None,
        },
    })
}

/// Reads a request: takes its encryption off and its form apart.
async fn read(parts: &Parts, body: Bytes, form_type: Option<&str>, keys: &[Arc<Keys>]) -> Result<Plain, Refusal> {
    let (query, body, keys) = open(parts, body, keys)?;
    let payload = match form_type {
        Some(form_type) => Payload::Form(Form::read(form_type, body).await?),
        None => Payload::Bytes(body),
    };
    Ok(Plain { query, payload, keys })
}

/// Takes the encryption off, by the key that fits.
fn open(parts: &Parts, body: Bytes, keys: &[Arc<Keys>]) -> Result<(String, Bytes, Option<Arc<Keys>>), Refusal> {
    let Some(flag) = parts.headers.get(IS_ENCRYPTED) else {
        let query = parts.uri.query().unwrap_or_default();
        return Ok((query.to_owned(), body, None));
    };
    if flag != "1" {
        return Err(Refusal::bad_request("the header Is-Encrypted must be 1"));
    }
    let mut refusal = Refusal::bad_request("the request is encrypted and no key is agreed for this account");
    for keys in keys {
        let Some(encryption) = &keys.encryption else { continue };
        match open_with(encryption, parts, body.clone()) {
            Ok((query, body)) => return Ok((query, body, Some(keys.clone()))),
            Err(error) => refusal = error,
        }
    }
    Err(refusal)
}

/// In a GET the raw query is the ciphertext, otherwise the body is.
fn open_with(encryption: &Encryption, parts: &Parts, body: Bytes) -> Result<(String, Bytes), Refusal> {
    let query = parts.uri.query().unwrap_or_default();
    let signed = parts
        .headers
        .get(SIGNED)
        .and_then(|signed| signed.to_str().ok())
        .unwrap_or_default();
    let refuse = |error: OpenError| Refusal::bad_request(error.to_string());
    if parts.method != Method::GET {
        let body = encryption.open(&body, signed).map_err(refuse)?;
        return Ok((query.to_owned(), body.into()));
    }
    if query.is_empty() && signed == crypto::sign(b"") {
        // A request without parameters may leave the query away.
        return Ok((String::new(), body));
    }
    let query = encryption.open(query.as_bytes(), signed).map_err(refuse)?;
    let query = String::from_utf8(query).map_err(|_| refuse(OpenError))?;
    Ok((query, body))
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

fn other_method(envelope: Envelope, methods: &[&Method]) -> Response {
    let methods: Vec<_> = methods.iter().map(|method| method.as_str()).collect();
    let methods = methods.join(", ");
    let refusal = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, format!("this path takes {methods}"));
    let mut response = envelope::json_response(refusal.status, &envelope.refusal(&refusal));
    if let Ok(allow) = HeaderValue::from_str(&methods) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}
