//! An event for a language that makes its own objects.

use std::fmt;

use super::authenticated::Authenticated;
use super::event::Event;
use crate::generated::events::{EventData, EventKind};
use crate::model::{Answer as _, Budget, JsonText, Language, ReadError, Ref};

/// An [`Event`] whose data is JSON text, with the names of a [`Language`].
#[non_exhaustive]
pub struct EventText<L> {
    /// Its kind, such as `call.finished`; `unknown` if it could not be detected.
    pub kind: String,
    /// Its payload.
    pub data: JsonText<L>,
    /// What proves that it is AI Rudder's.
    pub authenticated: Authenticated,
    /// [`Event::key`]
    pub key: String,
}

impl<L> fmt::Debug for EventText<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventText")
            .field("kind", &self.kind)
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

impl<L: Language> From<Event> for EventText<L> {
    fn from(event: Event) -> Self {
        Self {
            data: written(&event.data),
            authenticated: event.authenticated,
            kind: event.kind.clone(),
            key: event.into_key(),
        }
    }
}

pub(super) fn read<L: Language>(kind: Option<EventKind>, body: &str, budget: Budget) -> Result<JsonText<L>, ReadError> {
    match kind {
        Some(kind) => JsonText::read(kind.traits().shape, body, budget),
        None => JsonText::copy(body, budget),
    }
}

fn written<L: Language>(data: &EventData) -> JsonText<L> {
    let unknown = match data {
        EventData::Unknown(unknown) => Some(Ref::Json(&unknown.data)),
        _ => None,
    };
    JsonText::of_ref(data.model().map(Ref::Model).or(unknown).unwrap_or(Ref::Absent))
}
