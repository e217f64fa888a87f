//! The payload of a delivery, kept for what a failed handler says of it.

use std::fmt;

use serde_json::Value;

use super::event;
use crate::generated::events::{EventData, EventKind};
use crate::json::{Budget, ReadError, read_value};
use crate::model::{hide_fields, hide_texts};
use crate::redact::clean;

pub(super) struct Payload {
    kind: Option<EventKind>,
    text: Box<str>,
}

impl Payload {
    /// Reads a payload, and keeps its text.
    pub(super) fn read(kind: Option<EventKind>, text: &str, budget: Budget) -> Result<(EventData, Self), ReadError> {
        let data = event::read(kind, text, budget)?;
        Ok((data, Self { kind, text: text.into() }))
    }

    /// Returns a text in which everything is redacted that the payload says of people.
    pub(super) fn redacted(&self, text: &str) -> String {
        let budget = Budget::for_bytes(self.text.len() as u64, None);
        clean(text, |message| match (read_value(&self.text, budget), self.kind) {
            (Ok(Value::Object(fields)), Some(kind)) => hide_fields(&fields, Some(kind.traits().shape), message),
            (Ok(value), _) => hide_texts(&value, message),
            (Err(_), _) => {}
        })
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Payload").field("kind", &self.kind).finish_non_exhaustive()
    }
}
