//! Events, as they are handed to the user.

use super::authenticated::Authenticated;
use super::traits::UnknownEvent;
use crate::generated::events::{EventData, EventKind, parse};
use crate::json::{Budget, ReadError, read_value};

/// An event that AI Rudder posted.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// Its kind, such as `call.finished`; `unknown` if it could not be detected.
    pub kind: String,
    /// Its payload.
    pub data: EventData,
    /// What proves that it is AI Rudder's.
    pub authenticated: Authenticated,
    key: String,
}

impl Event {
    pub(super) fn new(kind: &str, data: EventData, authenticated: Authenticated, key: String) -> Self {
        Self {
            kind: kind.to_owned(),
            data,
            authenticated,
            key,
        }
    }

    /// Returns 64 hexadecimal digits that identify the event: the same for each redelivery and for no other event. They show nothing of the payload.
    ///
    /// AI Rudder sends an event again if its arrival is not confirmed. An event whose key was handled already is such a duplicate.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    pub(super) fn into_key(self) -> String {
        self.key
    }
}

/// Reads a payload into its typed data.
pub(super) fn read(kind: Option<EventKind>, payload: &str, budget: Budget) -> Result<EventData, ReadError> {
    match kind {
        Some(kind) => parse(kind, payload, budget),
        None => read_value(payload, budget).map(|data| EventData::Unknown(UnknownEvent::new(data))),
    }
}
