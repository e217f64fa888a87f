//! What makes two deliveries the same event.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::authenticated::Authenticated;
use super::detect::name;
use super::fields::Fields;
use crate::crypto::hexadecimal;
use crate::generated::events::EventKind;
use crate::json::ReadError;

/// The key of an event: a digest of its kind and of the fields that identify it. If one of those is missing, all fields count: taking a redelivery
/// for a second event makes a handler run twice, but taking a second event for a redelivery would lose it.
///
/// An event that nothing proves has a key of its own: a forged one must not make the real one its duplicate.
pub(super) fn key(kind: Option<EventKind>, fields: &Fields<'_>, authenticated: Authenticated) -> Result<String, ReadError> {
    let mut digest = Sha256::new();
    digest.update(name(kind));
    if authenticated != Authenticated::Nothing {
        digest.update("\nauthenticated");
    }
    let names = kind.map_or(&[][..], |kind| kind.traits().identity);
    let values: Option<Vec<_>> = names.iter().map(|name| fields.get(name).and_then(canonical)).collect();
    match values {
        Some(values) if !values.is_empty() => {
            for value in values {
                // With its length, so that what stands in one field is never taken for a part of the next.
                digest.update(format!("\n{}:", value.len()));
                digest.update(value);
            }
        }
        _ => {
            let mut whole = fields.whole()?;
            whole.sort_all_objects();
            digest.update("\n{");
            digest.update(whole.to_string());
        }
    }
    Ok(hexadecimal(&digest.finalize()))
}

/// The same text for the same value, whether it came as text or as a number; none for what says nothing.
fn canonical(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text).filter(|text| !text.is_empty()),
        mut other => {
            other.sort_all_objects();
            Some(other.to_string())
        }
    }
}
