//! Events as Kotlin sees them.

use airudder::events::EventText;
use airudder::{Error, Events, Unsigned};

use crate::client::NativeClient;
use crate::failure::{NativeError, guard};
use crate::json::Kotlin;

/// An event that was opened.
#[derive(uniffi::Record)]
#[allow(missing_debug_implementations)] // holds people's data
pub struct OpenedEvent {
    pub kind: String,
    /// JSON text.
    pub data: String,
    pub key: String,
    pub authenticated: String,
}

impl From<EventText<Kotlin>> for OpenedEvent {
    fn from(event: EventText<Kotlin>) -> Self {
        let EventText {
            kind,
            data,
            key,
            authenticated,
            ..
        } = event;
        Self {
            kind,
            data: data.json,
            key,
            authenticated: authenticated.as_str().to_owned(),
        }
    }
}

/// A header of a request; the same name may come twice.
#[derive(uniffi::Record)]
#[allow(missing_debug_implementations)] // holds secrets
pub struct Header {
    pub name: String,
    pub value: String,
}

/// A body and the headers that belong to it.
#[derive(uniffi::Record)]
#[allow(missing_debug_implementations)] // holds people's data
pub struct EncryptedEvent {
    pub body: Vec<u8>,
    pub headers: Vec<Header>,
}

#[uniffi::export]
#[allow(clippy::needless_pass_by_value)] // `UniFFI` hands over what it made
impl NativeClient {
    pub fn unwrap(&self, body: Vec<u8>, headers: Vec<Header>, kind: Option<String>) -> Result<OpenedEvent, NativeError> {
        guard(|| {
            let (events, headers) = (self.client.events(), pairs(headers));
            let sign = self.sign(&events, events.to_sign(&body, &headers))?;
            let event = events.unwrap_text(&body, &headers, kind.as_deref(), sign.as_deref())?;
            Ok(event.into())
        })
    }

    pub fn sample_event(&self, kind: String) -> Result<Vec<u8>, NativeError> {
        guard(|| self.client.events().sample_of(&kind))
    }

    pub fn sign_event(&self, body: Vec<u8>) -> Result<Vec<Header>, NativeError> {
        guard(|| {
            let events = self.client.events();
            match self.sign(&events, events.to_sign_for_test(&body))? {
                Some(sign) => Ok(records(events.signed_headers(sign))),
                None => events.sign(&body).map(records),
            }
        })
    }

    pub fn encrypt_event(&self, body: Vec<u8>) -> Result<EncryptedEvent, NativeError> {
        guard(|| {
            let (body, headers) = self.client.events().encrypt(&body)?;
            let headers = records(headers);
            Ok(EncryptedEvent { body, headers })
        })
    }
}

impl NativeClient {
    /// The signature of the client's own signer, on the caller's thread: core is synchronous here.
    fn sign(&self, events: &Events, unsigned: Option<Unsigned>) -> Result<Option<String>, Error> {
        let (Some(signer), Some(unsigned)) = (&self.signer, unsigned) else {
            return Ok(None);
        };
        let sign = signer.sign((&unsigned).into());
        sign.map(Some).map_err(|failure| events.signer_failed(&failure.to_string()))
    }
}

pub(crate) fn pairs(headers: Vec<Header>) -> Vec<(String, String)> {
    headers.into_iter().map(|header| (header.name, header.value)).collect()
}

fn records(headers: Vec<(String, String)>) -> Vec<Header> {
    headers.into_iter().map(|(name, value)| Header { name, value }).collect()
}
