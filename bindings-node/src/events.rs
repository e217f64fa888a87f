//! Opens events, and makes deliveries for tests.

use airudder::events::EventText;
use airudder::{Error, Unsigned};
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::call::JavaScript;
use crate::client::NativeClient;
use crate::failure::{Failure, Outcome, guarded_now};
use crate::options::read;
use crate::signer::{Answered, RequestToSign, answered_now};
use crate::text::{Text, text};

/// An encrypted body, and its headers as JSON.
#[napi(object, object_from_js = false)]
#[allow(missing_debug_implementations)] // holds people's data
pub struct EncryptedEvent {
    pub body: Buffer,
    pub headers: String,
}

#[napi]
impl NativeClient {
    /// Reads an event from the body and the [headers](pairs) of a request. `signed` is the signer's answer to [`to_sign`](Self::to_sign).
    #[napi]
    pub fn unwrap(&self, body: &[u8], headers: String, kind: Option<String>, signed: Option<Answered>) -> Text {
        let outcome = guarded_now(|| {
            let headers = pairs(&headers)?;
            let event = answered_now(signed, || self.0.events().unwrap_text(body, &headers, kind.as_deref(), None))?;
            Ok(to_json(&event))
        });
        text(outcome)
    }

    /// The request that the signer signs for an event. `None` if no signature is needed.
    #[napi]
    pub fn to_sign(&self, body: &[u8], headers: String) -> Outcome<Option<RequestToSign>> {
        guarded_now(|| {
            let headers = pairs(&headers)?;
            Ok(asked(self.0.events().to_sign(body, &headers)))
        })
    }

    /// The failure of a body that is not bytes.
    #[napi]
    pub fn not_raw(&self, what: String) -> Failure {
        Failure::from(&self.0.events().not_raw(&what))
    }

    /// An event of this kind, as AI Rudder might post it.
    #[napi]
    pub fn sample_event(&self, kind: String) -> Outcome<Buffer> {
        guarded_now(|| self.0.events().sample_of(&kind).map(Buffer::from))
    }

    /// The request that the signer signs for a delivery of a test. `None` without a signer.
    #[napi]
    pub fn to_sign_for_test(&self, body: &[u8]) -> Outcome<Option<RequestToSign>> {
        guarded_now(|| Ok(asked(self.0.events().to_sign_for_test(body))))
    }

    /// The headers of a signed body, as JSON.
    #[napi]
    pub fn sign_event(&self, body: &[u8], signed: Option<Answered>) -> Outcome<String> {
        guarded_now(|| answered_now(signed, || self.0.events().sign(body)).map(to_object))
    }

    /// The body encrypted.
    #[napi]
    pub fn encrypt_event(&self, body: &[u8]) -> Outcome<EncryptedEvent> {
        guarded_now(|| {
            let (body, headers) = self.0.events().encrypt(body)?;
            Ok(EncryptedEvent {
                body: body.into(),
                headers: to_object(headers),
            })
        })
    }
}

fn asked(unsigned: Option<Unsigned>) -> Option<RequestToSign> {
    unsigned.as_ref().map(RequestToSign::from)
}

fn to_object(headers: Vec<(String, String)>) -> String {
    let headers: Map<_, _> = headers.into_iter().map(|(name, value)| (name, value.into())).collect();
    Value::Object(headers).to_string()
}

/// Headers from a JSON array of names and values in turn.
pub(crate) fn pairs(json: &str) -> Result<Vec<(String, String)>, Error> {
    let mut texts = read::<Vec<String>>(json)?.into_iter();
    Ok(std::iter::from_fn(|| texts.next().zip(texts.next())).collect())
}

pub fn to_json(event: &EventText<JavaScript>) -> String {
    // Neither a key nor a kind has anything to escape.
    let EventText {
        kind,
        data,
        key,
        authenticated,
        ..
    } = event;
    let authenticated = authenticated.as_str();
    format!(
        r#"{{"kind":"{kind}","data":{},"key":"{key}","authenticated":"{authenticated}"}}"#,
        data.json
    )
}
