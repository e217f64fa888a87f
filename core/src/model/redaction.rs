//! What a payload says of people is redacted in texts that may quote it.

use serde_json::{Map, Value};

use crate::redact::Redactor;
use crate::schema::{Field, Kind, Shape};

/// Redacts the values of fields that are marked sensitive, and of those beyond the contract, since they may be anything.
pub(crate) fn hide_fields(fields: &Map<String, Value>, shape: Option<&'static Shape>, message: &mut Redactor<'_>) {
    for (name, value) in fields {
        let field = shape.and_then(|shape| shape.fields.iter().find(|field| field.wire == name));
        match (field, value) {
            (None, value) => hide_texts(value, message),
            (Some(field), value) if field.sensitive => hide_texts(value, message),
            (Some(field), Value::Array(list)) => {
                let item = if let Kind::List(item) = field.kind { item.shape() } else { None };
                for value in list {
                    match (value, item) {
                        (Value::Object(fields), Some(_)) => hide_fields(fields, item, message),
                        (value, _) => keep_id(field, value, message),
                    }
                }
            }
            (Some(field), Value::Object(inner)) => {
                if let Some(shape) = field.kind.shape() {
                    hide_fields(inner, Some(shape), message);
                }
            }
            (Some(field), value) => keep_id(field, value, message),
        }
    }
}

/// The id of a robot or task may have as many digits as a phone number. A free text that is not sensitive may hold one all the same.
fn keep_id(field: &Field, value: &Value, message: &mut Redactor<'_>) {
    if field.name.ends_with("id") || field.name.ends_with("ids") {
        match value {
            Value::String(text) => message.open(text),
            Value::Number(number) => message.open(&number.to_string()),
            _ => {}
        }
    }
}

/// Redacts every text and number.
pub(crate) fn hide_texts(value: &Value, message: &mut Redactor<'_>) {
    match value {
        Value::String(text) => message.personal(text),
        Value::Array(list) => list.iter().for_each(|value| hide_texts(value, message)),
        Value::Object(map) => map.values().for_each(|value| hide_texts(value, message)),
        Value::Number(number) => message.personal(&number.to_string()),
        Value::Null | Value::Bool(_) => {}
    }
}
