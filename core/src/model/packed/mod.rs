//! An answer of which no type is known when the program is compiled, in few allocations.
//!
//! The texts of all objects stand in one string, and their offsets in one list. A typed model takes an allocation for each text, which is thousands for
//! an answer of a thousand objects, and a caller that reads it through [`Model`] gains nothing by that.

mod part;
mod sink;
mod texts;

use std::sync::{Arc, OnceLock};

use super::typed::end;
use super::{AnyModel, Extra, Model, Ref};
use crate::json::{Budget, ReadError, Reader, Source};
use crate::schema::{Field, Kind, Shape};
use part::Rest;
use sink::{PackedSink, Place};
use texts::text_at;

/// Reads the answer that the whole of `json` is.
pub(crate) fn read_packed(shape: &'static Shape, json: &str, budget: Budget) -> Result<AnyModel, ReadError> {
    let mut root = None;
    let (sink, source) = Reader::new(Source::json(json, budget), PackedSink::for_bytes(json.len())).read(shape, Place::Root(&mut root))?;
    end(source)?;
    sink.finish()?;
    match root {
        Some(packed) => Ok(Box::new(packed)),
        None => Err(ReadError::Mismatch),
    }
}

/// What all objects of an answer share. Set when the answer was read.
type Shared = Arc<OnceLock<Store>>;

struct Store {
    /// The values of all fields that are texts, numbers or truth values.
    texts: Box<str>,
    /// A row for each object: a bit for each field that has a value, and the offset of each of these values, in the order of the fields.
    rows: Box<[u32]>,
}

/// Marks an offset into the parts of the object instead of the texts.
const IS_PART: u32 = 1 << 31;

/// An object of an answer.
struct Packed {
    shared: Shared,
    shape: &'static Shape,
    /// Extra fields, lists and objects. Most objects have none.
    rest: Option<Box<Rest>>,
    /// Where its row begins.
    row: u32,
}

/// How many numbers of a row are bits.
const fn words(shape: &Shape) -> usize {
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
            (None, Kind::List(_)) => Ref::List(&part::NONE),
            (None, _) => Ref::Absent,
        }
    }

    fn extra(&self) -> &Extra {
        static NONE: Extra = Extra::NONE;
        self.rest.as_ref().map_or(&NONE, |rest| &rest.extra)
    }
}
