//! Python values for serde to read, so that core takes them over one by one, and nothing stands in between.
//!
//! What they mean, core decides; here it only matters that nothing is lost and that a value which JSON does not have is named by its place.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use airudder::Case;
use airudder::model::{Kind, Shape, to_value};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::iter::BoundDictIterator;
use pyo3::types::{PyBool, PyByteArray, PyBytes, PyDate, PyDateTime, PyDict, PyFloat, PyInt, PyIterator, PyMapping, PySequence, PyString};
use serde::Deserialize;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::errors::invalid_request;
use crate::model::Model;

/// How deep a value may be nested. A list that contains itself has no end.
const DEEPEST: usize = 64;

/// A value that JSON does not have. It never holds the value itself.
#[derive(Debug)]
pub struct Refused {
    /// Where, as in `details[3].arrears`.
    place: String,
    what: Cow<'static, str>,
}

/// Without the place, which core knows too.
impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Refused {}

impl serde::de::Error for Refused {
    fn custom<T: fmt::Display>(what: T) -> Self {
        Self {
            place: String::new(),
            what: what.to_string().into(),
        }
    }
}

impl Refused {
    fn new(what: &'static str) -> Self {
        Self {
            place: String::new(),
            what: what.into(),
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
    match json(mapping) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Refused::new("must be a mapping").in_field(name).raise(mapping.py())),
        Err(refused) => Err(refused.in_field(name).raise(mapping.py())),
    }
}

/// The arguments of an operation, by name.
pub fn arguments(arguments: &Bound<'_, PyDict>) -> PyResult<Map<String, Value>> {
    let fields = Map::deserialize(Source::new(arguments));
    fields.map_err(|refused: Refused| refused.raise(arguments.py()))
}

/// Any value.
pub fn value(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Value> {
    json(value).map_err(|refused| refused.in_field(name).raise(value.py()))
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
        (Kind::Union(union), Value::Object(fields)) => wire(&union.merged, fields).map(Value::Object),
        (Kind::List(item), Value::Array(items)) => items.into_iter().map(|value| wire_value(item, value)).collect(),
        (Kind::Map(item), Value::Object(entries)) => {
            let entries = entries.into_iter().map(|(name, value)| Ok((name, wire_value(item, value)?)));
            entries.collect::<Result<_, _>>().map(Value::Object)
        }
        (_, value) => Ok(value),
    }
}

fn json(value: &Bound<'_, PyAny>) -> Result<Value, Refused> {
    Value::deserialize(Source::new(value))
}

/// A Python value that serde reads.
#[derive(Clone, Copy)]
pub struct Source<'a, 'py> {
    value: &'a Bound<'py, PyAny>,
    depth: usize,
}

impl<'a, 'py> Source<'a, 'py> {
    pub fn new(value: &'a Bound<'py, PyAny>) -> Self {
        Self { value, depth: 0 }
    }
}

impl<'de> Deserializer<'de> for Source<'_, '_> {
    type Error = Refused;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        let Self { value, depth } = self;
        if depth > DEEPEST {
            return Err(Refused::new("is nested too deep"));
        }
        if let Ok(text) = value.cast::<PyString>() {
            return visitor.visit_str(utf8(text)?);
        }
        if value.is_none() {
            return visitor.visit_unit();
        }
        if let Ok(truth) = value.cast::<PyBool>() {
            return visitor.visit_bool(truth.is_true());
        }
        if value.is_instance_of::<PyInt>() {
            return match (value.extract::<i64>(), value.extract::<u64>()) {
                (Ok(number), _) => visitor.visit_i64(number),
                (_, Ok(number)) => visitor.visit_u64(number),
                _ => Err(Refused::new("is larger than 64 bits")),
            };
        }
        if let Ok(float) = value.cast::<PyFloat>() {
            let number = float.value();
            return if number.is_finite() {
                visitor.visit_f64(number)
            } else {
                Err(Refused::new("must be a finite number"))
            };
        }
        if let Ok(dict) = value.cast::<PyDict>() {
            return visitor.visit_map(Entries::new(dict, depth + 1));
        }
        if let Ok(model) = value.cast::<Model>() {
            // What came from AI Rudder may be sent on as it is.
            let fields = to_value(model.get().core(), Case::Snake);
            return fields.deserialize_any(visitor).map_err(Refused::custom);
        }
        if value.is_instance_of::<PyBytes>() || value.is_instance_of::<PyByteArray>() {
            return Err(Refused::new("is bytes; decode it to text"));
        }
        if let Ok(sequence) = value.cast::<PySequence>() {
            let items = sequence.try_iter().map_err(|_| Refused::new("cannot be read as a list"))?;
            return visitor.visit_seq(Items {
                rest: items,
                index: 0,
                depth: depth + 1,
            });
        }
        if let Some(text) = scalar(value) {
            return visitor.visit_string(text?);
        }
        let mapping = value
            .cast::<PyMapping>()
            .map_err(|_| Refused::new("must be text, a number, True or False, a list or a mapping"))?;
        let dict = PyDict::new(value.py());
        dict.update(mapping).map_err(|_| Refused::new("cannot be read as a mapping"))?;
        visitor.visit_map(Entries::new(&dict, depth + 1))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

fn utf8<'a>(text: &'a Bound<'_, PyString>) -> Result<&'a str, Refused> {
    text.to_str()
        .map_err(|_| Refused::new("holds a lone surrogate, which UTF-8 does not have"))
}

/// The items of a list.
struct Items<'py> {
    rest: Bound<'py, PyIterator>,
    index: usize,
    depth: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Refused;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Refused> {
        let Some(item) = self.rest.next() else { return Ok(None) };
        let index = self.index;
        self.index += 1;
        let value = item.map_err(|_| Refused::new("cannot be read").at(index))?;
        let source = Source {
            value: &value,
            depth: self.depth,
        };
        seed.deserialize(source).map(Some).map_err(|refused| refused.at(index))
    }
}

/// The entries of a mapping.
struct Entries<'py> {
    rest: BoundDictIterator<'py>,
    entry: Option<(Bound<'py, PyString>, Bound<'py, PyAny>)>,
    depth: usize,
}

impl<'py> Entries<'py> {
    fn new(dict: &Bound<'py, PyDict>, depth: usize) -> Self {
        Self {
            rest: dict.iter(),
            entry: None,
            depth,
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Refused;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Refused> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        let key = key.cast_into::<PyString>().map_err(|_| Refused::new("has a key that is no text"))?;
        let name = seed.deserialize(StrDeserializer::new(utf8(&key)?))?;
        self.entry = Some((key, value));
        Ok(Some(name))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Refused> {
        let (key, value) = self.entry.take().ok_or_else(|| Refused::custom("has a value without a key"))?;
        let source = Source {
            value: &value,
            depth: self.depth,
        };
        seed.deserialize(source).map_err(|refused| match utf8(&key) {
            Ok(name) => refused.in_field(name),
            Err(_) => refused,
        })
    }
}

/// Days, times and decimal numbers as the text that AI Rudder takes; nothing when the value is none of them.
fn scalar(value: &Bound<'_, PyAny>) -> Option<Result<String, Refused>> {
    let py = value.py();
    let text = if value.is_instance_of::<PyDateTime>() {
        // With its offset when it has one: which of the two a field takes, core knows.
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
