//! Arguments beside an operation's own: options, raw bodies, and the way back from `to_dict`.

use std::collections::BTreeMap;

use airudder::model::{Kind, ReadError, Shape, value_of};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::{Map, Value};

use crate::errors::invalid_request;
use crate::tokens::{PyTokens, shown};

/// The fields of a mapping; none when it is `None`.
pub fn object(name: &str, mapping: Option<&Bound<'_, PyAny>>) -> PyResult<Map<String, Value>> {
    let Some(mapping) = mapping else { return Ok(Map::new()) };
    match value(name, mapping)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(invalid_request(mapping.py(), &format!("`{name}` must be a mapping."))),
    }
}

/// The arguments of an operation, by name.
pub fn arguments(arguments: &Bound<'_, PyDict>) -> PyResult<Map<String, Value>> {
    match value("", arguments)? {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}

/// Any value.
pub fn value(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Value> {
    value_of(PyTokens::new(value)).map_err(|(error, tokens)| {
        let what = match error {
            ReadError::TooDeep => "is nested too deep".to_owned(),
            other => other.to_string(),
        };
        invalid_request(value.py(), &format!("`{}` {what}.", tokens.path(name)))
    })
}

/// A mapping of text to text.
pub fn texts(name: &str, mapping: Option<&Bound<'_, PyAny>>) -> PyResult<BTreeMap<String, String>> {
    let Some(mapping) = mapping else { return Ok(BTreeMap::new()) };
    let texts = object(name, Some(mapping))?.into_iter().map(|(key, value)| match value {
        Value::String(text) => Ok((key, text)),
        _ => Err(invalid_request(mapping.py(), &format!("`{name}.{}` must be text.", shown(&key)))),
    });
    texts.collect()
}

/// An answer's fields by their wire names, from their names in Python: the way back from `to_dict`.
pub fn wire(shape: &'static Shape, mut fields: Map<String, Value>) -> Result<Map<String, Value>, String> {
    let extra = fields.remove("extra");
    let mut wire = Map::new();
    for field in shape.fields {
        if let Some(value) = fields.remove(field.name) {
            wire.insert(field.wire.to_owned(), wire_value(&field.kind, value)?);
        }
    }
    if !fields.is_empty() {
        return Err(format!("some keys are no fields of {}", shape.name));
    }
    match extra {
        Some(Value::Object(extra)) => wire.extend(extra),
        Some(_) => return Err("`extra` must be a dict".to_owned()),
        None => {}
    }
    Ok(wire)
}

fn wire_value(kind: &'static Kind, value: Value) -> Result<Value, String> {
    match (kind, value) {
        (Kind::Model(shape), Value::Object(fields)) => wire(shape, fields).map(Value::Object),
        (Kind::Union(union), Value::Object(fields)) => wire(union.merged, fields).map(Value::Object),
        (Kind::List(item), Value::Array(items)) => items.into_iter().map(|value| wire_value(item, value)).collect(),
        (Kind::Map(item), Value::Object(entries)) => {
            let entries = entries.into_iter().map(|(name, value)| Ok((name, wire_value(item, value)?)));
            entries.collect::<Result<_, _>>().map(Value::Object)
        }
        (_, value) => Ok(value),
    }
}
