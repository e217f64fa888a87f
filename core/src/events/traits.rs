//! What the contract says of the kinds of events.

use std::fmt;

use serde_json::Value;

use crate::schema::Shape;

/// An event of a kind that this version does not know.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct UnknownEvent {
    /// The whole payload.
    pub data: Value,
}

impl UnknownEvent {
    pub(super) const fn new(data: Value) -> Self {
        Self { data }
    }
}

impl fmt::Debug for UnknownEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnknownEvent([json])")
    }
}

/// The fields by which a kind is detected.
pub(crate) struct Detect {
    pub(crate) present: &'static [&'static str],
    pub(crate) absent: &'static [&'static str],
}

/// What the contract says of a kind beside its fields.
pub(crate) struct Traits {
    /// Its fields.
    pub(crate) shape: &'static Shape,
    /// Whether it must be signed.
    pub(crate) signed: bool,
    /// The fields that identify an event of the kind. If there are none, all fields do.
    pub(crate) identity: &'static [&'static str],
    /// The field with the time at which it was made, in Unix seconds.
    pub(crate) timestamp: Option<&'static str>,
    /// A payload as AI Rudder might post it.
    pub(crate) sample: &'static str,
}
