//! Fields of JSON objects as text.

use serde_json::Value;

/// A field as text, empty when it is absent or null.
#[must_use]
pub fn text(body: &Value, name: &str) -> String {
    optional(body, name).unwrap_or_default()
}

/// A field as text, if it is there and not null.
#[must_use]
pub fn optional(body: &Value, name: &str) -> Option<String> {
    let value = body.get(name)?;
    (!value.is_null()).then(|| as_text(value))
}

/// A value as text: ids and amounts come as text or as numbers.
#[must_use]
pub fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
