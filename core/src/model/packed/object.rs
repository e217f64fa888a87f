//! The objects of a packed answer, and the values that are not texts, numbers or truth values.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::texts::text_at;
use crate::model::{Extra, List, Map, Model, Ref};
use crate::schema::{Field, Kind, Shape};

/// What all objects of an answer share. Set when the answer was read.
pub(super) type Shared = Arc<OnceLock<Store>>;

pub(super) struct Store {
    /// The values of all fields that are texts, numbers or truth values.
    pub(super) texts: Box<str>,
    /// A row for each object: a bit for each field that has a value, and the offset of each of these values, in the order of the fields.
    pub(super) rows: Box<[u32]>,
}

/// Marks an offset into the parts of the object instead of the texts.
pub(super) const IS_PART: u32 = 1 << 31;

/// An object of an answer.
pub(super) struct Packed {
    pub(super) shared: Shared,
    pub(super) shape: &'static Shape,
    /// Extra fields, lists and objects. Most objects have none.
    pub(super) rest: Option<Box<Rest>>,
    /// Where its row begins.
    pub(super) row: u32,
}

/// How many numbers of a row are bits.
pub(super) const fn words(shape: &Shape) -> usize {
    shape.fields.len().div_ceil(u32::BITS as usize)
}

impl Packed {
    /// The offset of the value of the field at `index`, if it has one.
    fn offset(&self, store: &Store, index: usize) -> Option<u32> {
        let row = store.rows.get(usize::try_from(self.row).ok()?..)?;
        let (bits, offsets) = row.split_at_checked(words(self.shape))?;
        let (word, bit) = (index / u32::BITS as usize, 1 << (index % u32::BITS as usize));
        let (before, at) = (bits.get(..word)?, bits.get(word)?);
        if at & bit == 0 {
            return None;
        }
        let rank = before.iter().map(|bits| bits.count_ones()).sum::<u32>() + (at & (bit - 1)).count_ones();
        offsets.get(usize::try_from(rank).ok()?).copied()
    }

    fn value(&self, field: &Field, index: usize) -> Option<Ref<'_>> {
        let store = self.shared.get()?;
        let offset = self.offset(store, index)?;
        if offset & IS_PART != 0 {
            let part = self.rest.as_ref()?.parts.get(usize::try_from(offset & !IS_PART).ok()?)?;
            return Some(part.view());
        }
        let text = text_at(&store.texts, offset)?;
        match field.kind {
            Kind::Text => Some(Ref::Text(text)),
            Kind::Integer => text.parse().ok().map(Ref::Integer),
            Kind::Number => text.parse().ok().map(Ref::Number),
            Kind::Boolean => text.parse().ok().map(Ref::Boolean),
            _ => None,
        }
    }
}

impl Model for Packed {
    fn shape(&self) -> &'static Shape {
        self.shape
    }

    fn get(&self, index: usize) -> Ref<'_> {
        let Some(field) = self.shape.fields.get(index) else {
            return Ref::Absent;
        };
        if let Some(constant) = field.constant {
            return Ref::Text(constant);
        }
        match (self.value(field, index), &field.kind) {
            (Some(value), _) => value,
            (None, Kind::List(_)) => Ref::List(&NONE),
            (None, _) => Ref::Absent,
        }
    }

    fn extra(&self) -> &Extra {
        static NONE: Extra = Extra::NONE;
        self.rest.as_ref().map_or(&NONE, |rest| &rest.extra)
    }
}

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
