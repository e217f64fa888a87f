//! An answer whose type is only known at run time, in few pieces of memory: what its objects say stands in one text, and where it stands in one list.
//!
//! A typed model is a piece of memory for each text that it holds. An answer of a thousand objects is thousands of them, and whoever reads it through
//! [`Model`] gains nothing by that. It has the very values that the typed model has, or is not made: what is rare (a field that comes twice, a
//! required one that is missing, JSON that is none) is left to the typed model.

mod order;
mod part;
mod reader;
#[cfg(test)]
mod tests;
mod texts;

use std::sync::{Arc, OnceLock};

use super::{AnyModel, Extra, Field, Kind, Model, Ref, Shape};
use part::Rest;
use reader::Reader;
use texts::text_at;

/// The answer of the given shape that is the whole of the JSON.
pub(crate) fn packed(shape: &'static Shape, json: &[u8]) -> Option<AnyModel> {
    let json = std::str::from_utf8(json).ok()?;
    let (model, length) = packed_start(shape, json)?;
    json.get(length..)?.trim_ascii().is_empty().then_some(model)
}

/// The answer of the given shape that JSON begins with, and how long it is.
pub(crate) fn packed_start(shape: &'static Shape, json: &str) -> Option<(AnyModel, usize)> {
    let (packed, length) = Reader::new(json).read(shape)?;
    Some((Box::new(packed), length))
}

/// What all objects of an answer have together. It is set when the answer is read to its end.
type Shared = Arc<OnceLock<Store>>;

struct Store {
    /// The values of all fields that are texts, numbers or truth values.
    texts: Box<str>,
    /// A row for each object: a bit for each field that is there, and for each of those, in the order of the fields, where its value is.
    rows: Box<[u32]>,
}

/// Marks a place that is among the parts of the object, and not in the texts.
const IS_PART: u32 = 1 << 31;

/// An object of an answer.
struct Packed {
    shared: Shared,
    shape: &'static Shape,
    /// What most objects have none of.
    rest: Option<Box<Rest>>,
    /// Where its row begins.
    row: u32,
}

/// So many numbers of a row are taken by the bits.
const fn words(shape: &Shape) -> usize {
    shape.fields.len().div_ceil(u32::BITS as usize)
}

impl Packed {
    /// Where the value of the field at `index` is, if it came.
    fn place(&self, store: &Store, index: usize) -> Option<u32> {
        let row = store.rows.get(usize::try_from(self.row).ok()?..)?;
        let (bits, places) = row.split_at_checked(words(self.shape))?;
        let (word, bit) = (index / u32::BITS as usize, 1 << (index % u32::BITS as usize));
        let (before, at) = (bits.get(..word)?, bits.get(word)?);
        if at & bit == 0 {
            return None;
        }
        let rank = before.iter().map(|bits| bits.count_ones()).sum::<u32>() + (at & (bit - 1)).count_ones();
        places.get(usize::try_from(rank).ok()?).copied()
    }

    fn value(&self, field: &Field, index: usize) -> Option<Ref<'_>> {
        let store = self.shared.get()?;
        let place = self.place(store, index)?;
        if place & IS_PART != 0 {
            let part = self.rest.as_ref()?.parts.get(usize::try_from(place & !IS_PART).ok()?)?;
            return Some(part.view());
        }
        let text = text_at(&store.texts, place)?;
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
            (None, Kind::List(_)) => Ref::List(&part::NONE),
            (None, _) => Ref::Absent,
        }
    }

    fn extra(&self) -> &Extra {
        static NONE: Extra = Extra::NONE;
        self.rest.as_ref().map_or(&NONE, |rest| &rest.extra)
    }
}
