//! From the plain body to the typed event.

use serde_json::{Map, Value};

use super::{Detect, Event, EventData, EventKind, UnknownEvent, identity};
use crate::error::Error;
use crate::generated::events::{DETECT, parse};

/// A body whose kind is told.
pub(super) struct Reading<'a> {
    body: &'a [u8],
    pub(super) kind: Option<EventKind>,
    pub(super) fields: Map<String, Value>,
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
    let fields: Map<String, Value> = serde_json::from_slice(body).map_err(|error| unreadable(&error))?;
    let kind = kind.or_else(|| detect(&fields));
    Ok(Reading { body, kind, fields })
}

impl Reading<'_> {
    pub(super) fn event(self) -> Result<Event, Error> {
        let key = identity::key(self.kind, &self.fields);
        let Some(kind) = self.kind else {
            let data = Value::Object(self.fields);
            return Ok(Event {
                kind: "unknown".to_owned(),
                data: EventData::Unknown(UnknownEvent { data }),
                key,
            });
        };
        Ok(Event {
            kind: kind.as_str().to_owned(),
            data: parse(kind, self.body).map_err(|error| unreadable(&error))?,
            key,
        })
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

fn detect(fields: &Map<String, Value>) -> Option<EventKind> {
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
