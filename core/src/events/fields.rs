//! The top-level fields of a payload.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::json::{Budget, ReadError, each_field, read_value};
use crate::schema::same_letters;

/// How many fields an event usually has.
const USUAL: usize = 24;

/// The fields of a payload in their order, each as its JSON: most are only read once the kind is known.
pub(super) struct Fields<'a>(Vec<(Cow<'a, str>, &'a str)>);

impl<'a> Fields<'a> {
    /// Finds the fields of an object. Their values may be no JSON: that shows when they are read. `None` if it is not an object.
    pub(super) fn find(payload: &'a str) -> Option<Self> {
        let mut fields = Vec::with_capacity(USUAL);
        let walk = each_field(payload, |field| {
            fields.push((field.name, field.json));
            Ok(())
        });
        walk.is_ok().then_some(Self(fields))
    }

    /// Returns the JSON of a field. Its exact name counts before one that differs in case and `_`, and the last of several.
    pub(super) fn json(&self, name: &str) -> Option<&'a str> {
        let last = |matches: &dyn Fn(&str) -> bool| self.0.iter().rev().find(|(other, _)| matches(other));
        let field = last(&|other| other == name).or_else(|| last(&|other| same_letters(other, name)));
        field.map(|(_, json)| *json)
    }

    pub(super) fn get(&self, name: &str) -> Option<Value> {
        read(self.json(name)?).ok()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| &**name)
    }

    /// All fields as one object.
    pub(super) fn whole(&self) -> Result<Value, ReadError> {
        let fields = self.0.iter().map(|(name, json)| Ok((name.clone().into_owned(), read(json)?)));
        fields.collect::<Result<Map<_, _>, _>>().map(Value::Object)
    }
}

fn read(json: &str) -> Result<Value, ReadError> {
    read_value(json, Budget::for_bytes(json.len() as u64, None))
}
