//! Python values as JSON.
//!
//! What they mean, core decides; here it only matters that nothing is lost and that a value which JSON does not have is named by its place.

use std::collections::BTreeMap;

use airudder::model::{Kind, Shape};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDate, PyDateTime, PyDict, PyFloat, PyInt, PyMapping, PySequence, PyString, PyTzInfoAccess,
};
use serde_json::{Map, Number, Value};

use crate::errors::invalid_request;

/// How deep a value may be nested. A list that contains itself has no end.
const DEEPEST: usize = 64;

/// A value that JSON does not have. It never holds the value itself.
struct Refused {
    /// Where, as in `details[3].arrears`.
    place: String,
    what: &'static str,
}

impl Refused {
    fn new(what: &'static str) -> Self {
        Self {
            place: String::new(),
            what,
        }
    }

    fn in_field(mut self, name: &str) -> Self {
        // A key may be a phone number as well as a field's name.
        let is_name = name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        let dot = if self.place.is_empty() || self.place.starts_with('[') {
            ""
        } else {
            "."
        };
        self.place = format!("{}{dot}{}", if is_name { name } else { "…" }, self.place);
        self
    }

    fn at(mut self, index: usize) -> Self {
        let dot = if self.place.is_empty() || self.place.starts_with('[') {
            ""
        } else {
            "."
        };
        self.place = format!("[{index}]{dot}{}", self.place);
        self
    }

    fn raise(self, py: Python<'_>) -> PyErr {
        invalid_request(py, &format!("`{}` {}.", self.place, self.what))
    }
}

/// The fields of a mapping; none when it is `None`.
pub fn object(name: &str, mapping: Option<&Bound<'_, PyAny>>) -> PyResult<Map<String, Value>> {
    let Some(mapping) = mapping else { return Ok(Map::new()) };
    match json(mapping, 0) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Refused::new("must be a mapping").in_field(name).raise(mapping.py())),
        Err(refused) => Err(refused.in_field(name).raise(mapping.py())),
    }
}

/// The arguments of an operation, by name.
pub fn arguments(arguments: &Bound<'_, PyDict>) -> PyResult<Map<String, Value>> {
    entries(arguments.iter(), 0).map_err(|refused| refused.raise(arguments.py()))
}

/// Any value.
pub fn value(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Value> {
    json(value, 0).map_err(|refused| refused.in_field(name).raise(value.py()))
}

/// A mapping of text to text.
pub fn texts(name: &str, mapping: Option<&Bound<'_, PyAny>>) -> PyResult<BTreeMap<String, String>> {
    let Some(mapping) = mapping else { return Ok(BTreeMap::new()) };
    let texts = object(name, Some(mapping))?.into_iter().map(|(key, value)| match value {
        Value::String(text) => Ok((key, text)),
        _ => Err(Refused::new("must be text").in_field(&key).in_field(name).raise(mapping.py())),
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
        (Kind::List(item), Value::Array(items)) => items.into_iter().map(|value| wire_value(item, value)).collect(),
        (Kind::Map(item), Value::Object(entries)) => {
            let entries = entries.into_iter().map(|(name, value)| Ok((name, wire_value(item, value)?)));
            entries.collect::<Result<_, _>>().map(Value::Object)
        }
        (_, value) => Ok(value),
    }
}

fn json(value: &Bound<'_, PyAny>, depth: usize) -> Result<Value, Refused> {
    if depth > DEEPEST {
        return Err(Refused::new("is nested too deep"));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return text
            .to_str()
            .map(Value::from)
            .map_err(|_| Refused::new("holds a lone surrogate, which UTF-8 does not have"));
    }
    if value.is_none() {
        return Ok(Value::Null);
    }
    if let Ok(truth) = value.cast::<PyBool>() {
        return Ok(Value::Bool(truth.is_true()));
    }
    if value.is_instance_of::<PyInt>() {
        let number = value
            .extract::<i64>()
            .map(Number::from)
            .or_else(|_| value.extract::<u64>().map(Number::from));
        return number.map(Value::Number).map_err(|_| Refused::new("is larger than 64 bits"));
    }
    if let Ok(float) = value.cast::<PyFloat>() {
        return Number::from_f64(float.value())
            .map(Value::Number)
            .ok_or_else(|| Refused::new("must be a finite number"));
    }
    if let Ok(dict) = value.cast::<PyDict>() {
        return entries(dict.iter(), depth + 1).map(Value::Object);
    }
    if value.is_instance_of::<PyBytes>() || value.is_instance_of::<PyByteArray>() {
        return Err(Refused::new("is bytes; decode it to text"));
    }
    if let Ok(sequence) = value.cast::<PySequence>() {
        return list(sequence, depth + 1);
    }
    scalar(value).unwrap_or_else(|| {
        let mapping = value
            .cast::<PyMapping>()
            .map_err(|_| Refused::new("must be text, a number, True or False, a list or a mapping"))?;
        let dict = PyDict::new(value.py());
        dict.update(mapping).map_err(|_| Refused::new("cannot be read as a mapping"))?;
        entries(dict.iter(), depth + 1).map(Value::Object)
    })
}

fn list(sequence: &Bound<'_, PySequence>, depth: usize) -> Result<Value, Refused> {
    let items = sequence.try_iter().map_err(|_| Refused::new("cannot be read as a list"))?;
    let values = items.enumerate().map(|(index, item)| {
        let item = item.map_err(|_| Refused::new("cannot be read").at(index))?;
        json(&item, depth).map_err(|refused| refused.at(index))
    });
    values.collect::<Result<_, _>>().map(Value::Array)
}

fn entries<'py>(items: impl Iterator<Item = (Bound<'py, PyAny>, Bound<'py, PyAny>)>, depth: usize) -> Result<Map<String, Value>, Refused> {
    let entries = items.map(|(key, value)| {
        let key: String = key.extract().map_err(|_| Refused::new("has a key that is no text"))?;
        let value = json(&value, depth).map_err(|refused| refused.in_field(&key))?;
        Ok((key, value))
    });
    entries.collect()
}

/// Days, times and decimal numbers as the text that AI Rudder takes; nothing when the value is none of them.
fn scalar(value: &Bound<'_, PyAny>) -> Option<Result<Value, Refused>> {
    let py = value.py();
    let text = if let Ok(time) = value.cast::<PyDateTime>() {
        if time.get_tzinfo().is_some() {
            return Some(Err(Refused::new(
                "has a time zone, and AI Rudder takes times in the time zone of the account, which is not known here; convert it and remove its tzinfo",
            )));
        }
        value.call_method1(intern!(py, "isoformat"), (" ", "seconds"))
    } else if value.is_instance_of::<PyDate>() {
        value.call_method0(intern!(py, "isoformat"))
    } else if is_decimal(value) {
        match value.call_method0(intern!(py, "is_finite")).and_then(|finite| finite.is_truthy()) {
            Ok(true) => value.call_method1(intern!(py, "__format__"), ("f",)),
            _ => return Some(Err(Refused::new("must be a finite number"))),
        }
    } else {
        return None;
    };
    Some(
        text.and_then(|text| text.extract())
            .map(Value::String)
            .map_err(|_| Refused::new("cannot be written as text")),
    )
}

fn is_decimal(value: &Bound<'_, PyAny>) -> bool {
    let py = value.py();
    let class = py
        .import(intern!(py, "decimal"))
        .and_then(|module| module.getattr(intern!(py, "Decimal")));
    class.and_then(|class| value.is_instance(&class)).unwrap_or(false)
}
