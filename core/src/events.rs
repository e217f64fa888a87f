//! Receives what AI Rudder posts: checks it, decrypts it, tells its kind, and makes it typed.

#[cfg(feature = "axum")]
mod axum;
mod headers;
mod identity;
mod memory;
mod read;
mod receiver;
mod reply;
mod router;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod testing;
mod text;
mod verify;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::encryption::{ENCRYPTED, Encryption, SIGNED};
use crate::error::Error;
pub use crate::generated::events::{EventData, EventKind};
use crate::model::{Case, Language, Shape};
use crate::signing::{Signing, Unsigned};
use headers::Headers;
pub use memory::MemoryStore;
use read::{Opened, ReadData};
pub use receiver::{Delivery, Receiver, Taken};
pub use reply::{Reply, Settled};
pub use router::EventRouter;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;
pub use store::{Begun, Store, StoreError};
pub use text::EventText;

const ID: &str = "events.unwrap";
const SIGN: &str = "x-airudder-sign";
const SIGN_KEY: &str = "x-airudder-sign-key";

/// Receives events with the encryption and the sign of a client.
///
/// Who posts to a public URL may be anybody. [`unwrap`](Self::unwrap) takes at most `max_event_bytes`, in time and memory that grow with the body
/// and not faster, and fails with errors of one kind only: [`ErrorKind::Event`](crate::ErrorKind::Event), whose
/// [`reason`](crate::Error::reason) says what was wrong.
#[derive(Clone)]
pub struct Events(Arc<Rules>);

/// What the settings say of events.
pub(crate) struct Rules {
    pub(crate) encryption: Option<Encryption>,
    pub(crate) signing: Arc<Signing>,
    pub(crate) verify: bool,
    pub(crate) max_bytes: usize,
    pub(crate) max_age: Option<Duration>,
    pub(crate) names: Case,
}

/// An event that AI Rudder posted.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// Its kind, such as `call.finished`; `unknown` when nothing tells.
    pub kind: String,
    /// What it says.
    pub data: EventData,
    key: String,
}

impl Event {
    /// What is the same for every copy of this event and for no other event: 64 hexadecimal digits, which show nothing of what it says.
    ///
    /// AI Rudder sends an event again when it does not hear that it arrived. A key that was handled already is such a copy.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// An event of a kind that this version does not know.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct UnknownEvent {
    /// All that came.
    pub data: Value,
}

impl fmt::Debug for UnknownEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnknownEvent([json])")
    }
}

/// A row of the table that tells an event's kind by its fields.
pub(crate) struct Detect {
    pub(crate) kind: EventKind,
    pub(crate) present: &'static [&'static str],
    pub(crate) absent: &'static [&'static str],
}

/// What the contract says of a kind beside its fields.
pub(crate) struct Traits {
    /// Its fields.
    pub(crate) shape: &'static Shape,
    /// Whether it has to be signed.
    pub(crate) signed: bool,
    /// The fields that tell one event of the kind from another; without any, all of them do.
    pub(crate) identity: &'static [&'static str],
    /// The field that says when it was made, in Unix seconds.
    pub(crate) timestamp: Option<&'static str>,
    /// A body as AI Rudder might post it.
    pub(crate) sample: &'static str,
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events")
            .field("encryption", &self.0.encryption)
            .field("verify", &self.0.verify)
            .field("max_bytes", &self.0.max_bytes)
            .field("max_age", &self.0.max_age)
            .finish_non_exhaustive()
    }
}

impl Events {
    pub(crate) fn new(rules: Rules) -> Self {
        Self(Arc::new(rules))
    }

    /// The largest body that is taken: the setting `max_event_bytes`.
    #[must_use]
    pub fn max_bytes(&self) -> usize {
        self.0.max_bytes
    }

    /// Opens an event: checks `X-AIRudder-Sign`, decrypts the body when the header `Is-Encrypted: 1` says so, checks `Signed`, and reads it.
    ///
    /// `body` is what came over the wire, untouched; `headers` are all of the request's. The kind is the one given (`"call.finished"`), or the one
    /// that the body itself names in `event` or `type`, or the one whose fields it has; what cannot be told comes as [`EventData::Unknown`].
    ///
    /// The sign is checked where there is one, and has to be there for the kinds that AI Rudder documents it for. Give the kind, for who sends a
    /// forged event chooses what a kind that is not given is told by.
    ///
    /// That events are encrypted like answers and signed like requests is assumed, for AI Rudder's pages on it could not be read.
    ///
    /// ```
    /// let client = airudder::Client::new(airudder::Settings {
    ///     base_url: Some("http://127.0.0.1:8181".into()),
    ///     ..Default::default()
    /// })?;
    /// let event = client.events().unwrap(br#"{"callid": "c1", "talkduration": 12}"#, &[], None)?;
    /// assert_eq!(event.kind, "call.finished");
    ///
    /// let error = client.events().unwrap(b"hello", &[], None).unwrap_err();
    /// assert_eq!(error.reason(), Some("not_json"));
    /// # Ok::<(), airudder::Error>(())
    /// ```
    pub fn unwrap(&self, body: &[u8], headers: &[(String, String)], kind: Option<&str>) -> Result<Event, Error> {
        self.unwrap_expecting(body, headers, kind, None)
    }

    /// The same with a sign that was computed elsewhere, for a `signer` that has to wait for something: ask it with what
    /// [`to_sign`](Self::to_sign) gives.
    pub fn unwrap_expecting(
        &self,
        body: &[u8],
        headers: &[(String, String)],
        kind: Option<&str>,
        expected_sign: Option<&str>,
    ) -> Result<Event, Error> {
        let opened = self.open(body, &Headers(headers), kind, expected_sign, read::data);
        opened.map(Event::from).map_err(|error| self.told(error))
    }

    /// The same with the data as JSON text, for a language that makes its own objects of it: that takes no model in between.
    pub fn unwrap_text<L: Language>(
        &self,
        body: &[u8],
        headers: &[(String, String)],
        kind: Option<&str>,
        expected_sign: Option<&str>,
    ) -> Result<EventText<L>, Error> {
        let opened = self.open(body, &Headers(headers), kind, expected_sign, text::data);
        opened.map(EventText::from).map_err(|error| self.told(error))
    }

    /// What the client's `signer` is to be asked for this event; none when no sign is checked, or when no signer is needed for it.
    #[must_use]
    pub fn to_sign(&self, body: &[u8], headers: &[(String, String)]) -> Option<Unsigned> {
        let headers = Headers(headers);
        let is_checked = self.0.verify && self.0.signing.signer.is_some() && body.len() <= self.0.max_bytes;
        let is_signed = is_checked && matches!(headers.one(SIGN), Ok(Some(_)));
        is_signed.then(|| self.unsigned(body, &headers))
    }

    /// The error for a body that a framework has parsed already, or for text where bytes were meant. `what` says what was given: `a dict`.
    #[doc(hidden)]
    #[must_use]
    pub fn not_raw(&self, what: &str) -> Error {
        self.told(Error::event(
            "not_raw",
            format!(
                "`body` is {what}, and the sign and the encryption hold for the very bytes that came; pass the raw body of the request, as bytes, \
                 from before any framework has parsed it"
            ),
        ))
    }

    fn told(&self, error: Error) -> Error {
        error.of(ID).in_names(self.0.names)
    }

    fn open<D>(
        &self,
        body: &[u8],
        headers: &Headers<'_>,
        kind: Option<&str>,
        expected_sign: Option<&str>,
        read_data: ReadData<D>,
    ) -> Result<Opened<D>, Error> {
        if body.len() > self.0.max_bytes {
            return Err(Error::event(
                "too_large",
                format!(
                    "it has {} bytes and `max_event_bytes` is {}; raise it if AI Rudder really sends such events",
                    body.len(),
                    self.0.max_bytes
                ),
            ));
        }
        let kind = kind.map(read::known).transpose()?;
        let encrypted = headers.one(ENCRYPTED)? == Some("1");
        let signed = headers.one(SIGNED)?;
        let is_proven = self.verify(body, headers, expected_sign)?;
        let plaintext = if encrypted { Some(self.decrypt(body, signed)?) } else { None };
        let reading = read::fields(plaintext.as_deref().unwrap_or(body), kind)?;
        let data = reading.data(read_data)?;
        if reading.kind.is_some_and(|kind| kind.traits().signed) && self.0.verify && !is_proven {
            return Err(Error::event(
                "missing_header",
                "the header `X-AIRudder-Sign` is missing, which events of this kind carry; pass all headers of the request, and let no proxy drop any",
            ));
        }
        self.check_age(&reading)?;
        reading.opened(data)
    }

    fn decrypt(&self, body: &[u8], signed: Option<&str>) -> Result<Vec<u8>, Error> {
        let Some(encryption) = &self.0.encryption else {
            return Err(Error::event(
                "no_key",
                "it is encrypted and the client has no `encryption_key`; set it to the key agreed with AI Rudder",
            ));
        };
        let Some(signed) = signed else {
            return Err(Error::event(
                "missing_header",
                "it is encrypted and the header `Signed` is missing; pass all headers of the request, and let no proxy drop any",
            ));
        };
        encryption.open(body, signed).map_err(|_| {
            Error::event(
                "decryption",
                "it cannot be decrypted or its digest does not match; check the encryption key and scheme against those agreed with AI Rudder",
            )
        })
    }
}
