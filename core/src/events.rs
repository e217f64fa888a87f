//! Receives what AI Rudder posts: decrypts it, tells its kind, and makes it typed.

use std::fmt;

use serde_json::Value;

use crate::encryption::{ENCRYPTED, Encryption, SIGNED};
use crate::error::{Error, ErrorKind};
use crate::generated::events::{DETECT, parse};
pub use crate::generated::events::{EventData, EventKind};
use crate::model::Case;

const ID: &str = "events.unwrap";

/// Receives events with the encryption of a client, or of its own.
#[derive(Clone, Debug)]
pub struct Events {
    encryption: Option<Encryption>,
    names: Case,
}

/// An event that AI Rudder posted.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// Its kind, such as `call.finished`; `unknown` when nothing tells.
    pub kind: String,
    /// What it says.
    pub data: EventData,
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

impl Events {
    pub(crate) fn new(encryption: Option<Encryption>, names: Case) -> Self {
        Self { encryption, names }
    }

    /// Opens an event: decrypts the body when the header `Is-Encrypted: 1` says so, checks `Signed`, and reads it.
    ///
    /// `body` is what came over the wire, untouched; `headers` are the request's. The kind is the one given (`"call.finished"`), or the one that
    /// the body itself names in `event` or `type`, or the one whose fields it has; what cannot be told comes as [`EventData::Unknown`].
    ///
    /// That events are encrypted like answers is assumed, for AI Rudder's page on it could not be read.
    ///
    /// ```
    /// let client = airudder::Client::new(airudder::Settings {
    ///     base_url: Some("http://127.0.0.1:8181".into()),
    ///     ..Default::default()
    /// })?;
    /// let event = client.events().unwrap(br#"{"callid": "c1", "talkduration": 12}"#, &[], None)?;
    /// assert_eq!(event.kind, "call.finished");
    /// # Ok::<(), airudder::Error>(())
    /// ```
    pub fn unwrap(&self, body: &[u8], headers: &[(String, String)], kind: Option<&str>) -> Result<Event, Error> {
        self.open(body, headers, kind).map_err(|error| error.of(ID).in_names(self.names))
    }

    fn open(&self, body: &[u8], headers: &[(String, String)], kind: Option<&str>) -> Result<Event, Error> {
        let kind = kind.map(known).transpose()?;
        let header = |name: &str| {
            headers
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.trim())
        };
        if header(ENCRYPTED) != Some("1") {
            return read(body, kind);
        }
        let Some(encryption) = &self.encryption else {
            return Err(Error::new(
                ErrorKind::Decryption,
                "the event is encrypted and the client has no `encryption_key`",
            ));
        };
        let Some(signed) = header(SIGNED) else {
            return Err(Error::new(
                ErrorKind::Decryption,
                "the event is encrypted and the header `Signed` is missing; pass all headers of the request",
            ));
        };
        read(&encryption.open(body, signed)?, kind)
    }
}

fn known(kind: &str) -> Result<EventKind, Error> {
    EventKind::from_name(kind).ok_or_else(|| {
        let kinds: Vec<_> = EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
        Error::invalid_request(format!("`kind` must be one of {}", kinds.join(", ")))
    })
}

fn read(body: &[u8], kind: Option<EventKind>) -> Result<Event, Error> {
    let unreadable = |error: serde_json::Error| {
        Error::new(
            ErrorKind::InvalidResponse,
            format!(
                "the event's body is no JSON object, seen at line {} column {}",
                error.line(),
                error.column()
            ),
        )
    };
    let fields: serde_json::Map<String, Value> = serde_json::from_slice(body).map_err(unreadable)?;
    let Some(kind) = kind.or_else(|| detect(&fields)) else {
        return Ok(Event {
            kind: "unknown".to_owned(),
            data: EventData::Unknown(UnknownEvent {
                data: Value::Object(fields),
            }),
        });
    };
    let data = parse(kind, body).map_err(unreadable)?;
    Ok(Event {
        kind: kind.as_str().to_owned(),
        data,
    })
}

fn detect(fields: &serde_json::Map<String, Value>) -> Option<EventKind> {
    let named = ["event", "type"]
        .iter()
        .find_map(|name| fields.get(*name)?.as_str().and_then(EventKind::from_name));
    named.or_else(|| {
        let fits = |row: &&Detect| {
            row.present.iter().all(|name| fields.contains_key(*name)) && !row.absent.iter().any(|name| fields.contains_key(*name))
        };
        DETECT.iter().find(fits).map(|row| row.kind)
    })
}
