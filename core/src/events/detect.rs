//! The kind of an event.

use super::fields::Fields;
use super::traits::Detect;
use crate::error::Error;
use crate::generated::events::{DETECT, EventKind, WRAPPERS};
use crate::schema::same_letters;

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

/// The payload of an event that comes in the `body` of an object, and the kind that the `type` of that object names.
pub(super) fn unwrapped<'a>(fields: &Fields<'a>) -> Option<(EventKind, &'a str)> {
    let named = fields.get("type")?;
    let (_, kind) = WRAPPERS.iter().find(|(wrapper, _)| named == **wrapper)?;
    let body = fields.json("body")?.trim_ascii_start();
    body.starts_with('{').then_some((*kind, body))
}

/// The kind whose fields a payload has.
pub(super) fn detect(fields: &Fields<'_>) -> Option<EventKind> {
    let has = |name: &&str| fields.names().any(|other| is_name(other, name));
    let fits = |Detect { present, absent }: &Detect| present.iter().all(has) && !absent.iter().any(has);
    DETECT.iter().find(|(_, detect)| fits(detect)).map(|(kind, _)| *kind)
}

/// The kind that a payload names.
pub(super) fn named(fields: &Fields<'_>) -> Option<EventKind> {
    let mut names = ["event", "type"].iter();
    names.find_map(|name| fields.get(name)?.as_str().and_then(EventKind::from_name))
}

/// Whether a field has this name, regardless of case and `_`. Kinds differ in nothing but `callid` and `call_id`, so a field that has exactly the name
/// of one kind never has that of another.
fn is_name(field: &str, name: &str) -> bool {
    let is_exactly_another = || {
        DETECT
            .iter()
            .any(|(_, Detect { present, absent })| present.contains(&field) || absent.contains(&field))
    };
    field == name || (same_letters(field, name) && !is_exactly_another())
}

/// The name of a kind.
pub(super) fn name(kind: Option<EventKind>) -> &'static str {
    kind.map_or("unknown", EventKind::as_str)
}
