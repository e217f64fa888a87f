//! From the plain body to the typed event.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{Detect, Event, EventData, EventKind, UnknownEvent, identity};
use crate::error::Error;
use crate::generated::events::{DETECT, parse};
use crate::json::Cursor;
use crate::model::{Budget, ReadError, utf8};

/// Reads what a body of a kind says.
pub(super) type ReadData<D> = fn(Option<EventKind>, &str, Budget) -> Result<D, ReadError>;

/// An event as whatever its data was read as.
pub(super) struct Opened<D> {
    pub(super) kind: Option<EventKind>,
    pub(super) data: D,
    pub(super) key: String,
}

/// A body whose kind is told.
pub(super) struct Reading<'a> {
    body: &'a [u8],
    pub(super) kind: Option<EventKind>,
    pub(super) fields: Fields<'a>,
}

/// The fields of a body in their order, each still as its JSON: most are only read once the kind is known, as what they are then.
pub(super) struct Fields<'a>(Vec<(Cow<'a, str>, &'a str)>);

impl<'a> Fields<'a> {
    /// Finds the fields of JSON that is an object, and perhaps some in what is none: whether it is JSON at all is seen when it is read as its kind.
    pub(super) fn find(body: &'a [u8]) -> Option<Self> {
        let mut cursor = Cursor::new(std::str::from_utf8(body).ok()?);
        let mut fields = Vec::with_capacity(USUAL);
        let mut is_open = cursor.enter(b'{', b'}')?;

        while is_open {
            let name = cursor.name()?.decode();
            fields.push((name, cursor.skip()?));
            is_open = cursor.is_more(b'}')?;
        }
        cursor.is_at_end().then_some(Self(fields))
    }

    /// The JSON of a field; that of its last copy when it comes twice.
    fn json(&self, name: &str) -> Option<&'a str> {
        let mut fields = self.0.iter().rev();
        fields.find(|(other, _)| other == name).map(|(_, json)| *json)
    }

    pub(super) fn get(&self, name: &str) -> Option<Value> {
        serde_json::from_str(self.json(name)?).ok()
    }

    fn has(&self, name: &str) -> bool {
        self.json(name).is_some()
    }

    /// All of them, as one object.
    pub(super) fn whole(&self) -> Result<Value, serde_json::Error> {
        let fields = self
            .0
            .iter()
            .map(|(name, json)| Ok((name.clone().into_owned(), serde_json::from_str(json)?)));
        fields.collect::<Result<Map<_, _>, _>>().map(Value::Object)
    }
}

/// How many fields an event mostly has.
const USUAL: usize = 24;

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

/// Finds the fields of a body, and tells its kind if nobody has.
pub(super) fn fields(body: &[u8], kind: Option<EventKind>) -> Result<Reading<'_>, Error> {
    let Some(fields) = Fields::find(body) else {
        check(body)?;
        return Err(Error::internal("an event's fields cannot be found"));
    };
    let kind = kind.or_else(|| detect(&fields));
    Ok(Reading { body, kind, fields })
}

impl Reading<'_> {
    /// Reads what it says. That it is no JSON object at all is told at once; what else is wrong with it, after what its headers lack.
    pub(super) fn data<D>(&self, read: ReadData<D>) -> Result<Result<D, ReadError>, Error> {
        let data = utf8(self.body).and_then(|body| read(self.kind, body, Budget::for_bytes(self.body.len() as u64, None)));
        if data.is_err() {
            check(self.body)?;
        }
        Ok(data)
    }

    pub(super) fn opened<D>(self, data: Result<D, ReadError>) -> Result<Opened<D>, Error> {
        let data = data.map_err(|_| Error::event("not_json", "its body cannot be read"))?;
        let key = identity::key(self.kind, &self.fields).map_err(|error| unreadable(&error))?;
        Ok(Opened {
            kind: self.kind,
            data,
            key,
        })
    }
}

impl From<Opened<EventData>> for Event {
    fn from(Opened { kind, data, key }: Opened<EventData>) -> Self {
        let kind = name(kind).to_owned();
        Self { kind, data, key }
    }
}

pub(super) fn name(kind: Option<EventKind>) -> &'static str {
    kind.map_or("unknown", EventKind::as_str)
}

pub(super) fn data(kind: Option<EventKind>, body: &str, budget: Budget) -> Result<EventData, ReadError> {
    match kind {
        Some(kind) => parse(kind, body, budget),
        None => crate::json::Source::json(body, budget)
            .value()
            .map(|data| EventData::Unknown(UnknownEvent { data })),
    }
}

/// Whether a body is a JSON object.
fn check(body: &[u8]) -> Result<(), Error> {
    let fields: Result<HashMap<Name<'_>, &RawValue>, _> = serde_json::from_slice(body);
    fields.map(drop).map_err(|error| unreadable(&error))
}

#[derive(Deserialize, PartialEq, Eq, Hash)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

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
