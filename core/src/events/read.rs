//! From the plain body to the typed event.

use std::borrow::{Borrow, Cow};
use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{Detect, Event, EventData, EventKind, UnknownEvent, identity};
use crate::error::Error;
use crate::generated::events::{DETECT, parse};

/// A body whose kind is told.
pub(super) struct Reading<'a> {
    body: &'a [u8],
    pub(super) kind: Option<EventKind>,
    pub(super) fields: Fields<'a>,
}

/// The fields of a body, each still as its JSON: most are only read once the kind is known, as what they are then.
pub(super) struct Fields<'a>(HashMap<Name<'a>, &'a RawValue>);

#[derive(Deserialize, PartialEq, Eq, Hash)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl Borrow<str> for Name<'_> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'a> Fields<'a> {
    pub(super) fn read(body: &'a [u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(body).map(Self)
    }

    pub(super) fn get(&self, name: &str) -> Option<Value> {
        serde_json::from_str(self.0.get(name)?.get()).ok()
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// All of them, as one object.
    pub(super) fn whole(&self) -> Result<Value, serde_json::Error> {
        let read = |json: &RawValue| serde_json::from_str::<Value>(json.get());
        let fields = self.0.iter().map(|(name, json)| Ok((name.0.clone().into_owned(), read(json)?)));
        fields.collect::<Result<Map<_, _>, _>>().map(Value::Object)
    }
}

/// The kind of this name.
pub(super) fn known(kind: &str) -> Result<EventKind, Error> {
    EventKind::from_name(kind).ok_or_else(|| {
        let kinds: Vec<_> = EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
        Error::event(
            "unknown_kind",
            format!(
                "`kind` is none that this version knows; leave it out, or give one of {}",
                kinds.join(", ")
            ),
        )
    })
}

/// Reads a body as JSON, and tells its kind if nobody has.
pub(super) fn fields(body: &[u8], kind: Option<EventKind>) -> Result<Reading<'_>, Error> {
    let fields = Fields::read(body).map_err(|error| unreadable(&error))?;
    let kind = kind.or_else(|| detect(&fields));
    Ok(Reading { body, kind, fields })
}

impl Reading<'_> {
    pub(super) fn event(self) -> Result<Event, Error> {
        let data = match self.kind {
            Some(kind) => parse(kind, self.body),
            None => serde_json::from_slice(self.body).map(|data| EventData::Unknown(UnknownEvent { data })),
        };
        let data = data.map_err(|error| unreadable(&error))?;
        let key = identity::key(self.kind, &self.fields).map_err(|error| unreadable(&error))?;
        let kind = self.kind.map_or("unknown", EventKind::as_str).to_owned();
        Ok(Event { kind, data, key })
    }
}

/// Where the reading ended, and never what stands there.
fn unreadable(error: &serde_json::Error) -> Error {
    Error::event(
        "not_json",
        format!(
            "its body cannot be read as a JSON object, seen at line {} column {}; pass the raw body of the request untouched, with all its headers",
            error.line(),
            error.column()
        ),
    )
}

fn detect(fields: &Fields<'_>) -> Option<EventKind> {
    let named = ["event", "type"]
        .iter()
        .find_map(|name| fields.get(name)?.as_str().and_then(EventKind::from_name));
    named.or_else(|| {
        let fits = |row: &&Detect| row.present.iter().all(|name| fields.has(name)) && !row.absent.iter().any(|name| fields.has(name));
        DETECT.iter().find(fits).map(|row| row.kind)
    })
}
