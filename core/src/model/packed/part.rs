//! The values of an object that are not texts, numbers or truth values.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Packed;
use crate::model::{Extra, List, Map, Ref};

#[derive(Default)]
pub(super) struct Rest {
    pub(super) extra: Extra,
    pub(super) parts: Vec<Part>,
}

impl Rest {
    pub(super) fn is_empty(&self) -> bool {
        self.extra.is_empty() && self.parts.is_empty()
    }
}

/// A value that stands by itself.
pub(super) enum Part {
    Text(Box<str>),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    Json(Value),
    Model(Packed),
    Models(Models),
    List(Parts),
    Map(Entries),
}

impl Part {
    pub(super) fn view(&self) -> Ref<'_> {
        match self {
            Self::Text(text) => Ref::Text(text),
            Self::Integer(number) => Ref::Integer(*number),
            Self::Number(number) => Ref::Number(*number),
            Self::Boolean(truth) => Ref::Boolean(*truth),
            Self::Json(value) => Ref::Json(value),
            Self::Model(model) => Ref::Model(model),
            Self::Models(models) => Ref::List(models),
            Self::List(list) => Ref::List(list),
            Self::Map(map) => Ref::Map(map),
        }
    }
}

/// A list of objects. They are the bulk of an answer, so none of them is larger than it must be.
pub(super) struct Models(pub(super) Box<[Packed]>);

impl List for Models {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, index: usize) -> Ref<'_> {
        self.0.get(index).map_or(Ref::Absent, |model| Ref::Model(model))
    }
}

/// A list of anything else.
pub(super) struct Parts(pub(super) Vec<Part>);

/// The list of a field that did not come.
pub(super) static NONE: Parts = Parts(Vec::new());

impl List for Parts {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, index: usize) -> Ref<'_> {
        self.0.get(index).map_or(Ref::Absent, Part::view)
    }
}

pub(super) struct Entries(pub(super) BTreeMap<Box<str>, Part>);

impl Map for Entries {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Ref<'a>)) {
        for (name, value) in &self.0 {
            visit(name, value.view());
        }
    }
}
