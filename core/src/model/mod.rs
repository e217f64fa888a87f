//! What a model is: a struct whose fields are known by name, on the wire and in each language, and that keeps what it does not know.
//!
//! One small trait lets the generic code below read, write, print and check every model, so that the generated code of a model is little more
//! than its fields.

mod answer;
mod check;
mod extra;
mod input;
mod language;
mod macros;
mod object;
mod packed;
#[cfg(test)]
mod random;
mod show;
mod slot;
#[cfg(test)]
mod tests;
mod text;
mod time;
mod typed;
mod write;

use std::any::Any;
use std::collections::BTreeMap;

use serde_json::Value;

pub use crate::json::{Budget, JsonTokens, Number, Problem, ReadError, Scalar, Start, Text, Tokens, read_value};
pub use crate::schema::{Case, Field, Format, Kind, Shape, Spelling, UnionShape, Variant};
pub use answer::Answer;
pub use extra::Extra;
pub use input::Input;
pub use language::Language;
pub use slot::{ListMut, MapMut, ModelMut, Slot, Typed, TypedUnion};
pub use text::JsonText;
pub use write::{to_json, to_json_of, to_value};

pub(crate) use answer::utf8;
pub(crate) use check::check;
pub(crate) use input::Wire;
pub(crate) use macros::{model, union};
pub(crate) use object::{ObjectWriter, Piece};
pub(crate) use packed::read_packed;
pub(crate) use show::Redacted;
pub(crate) use typed::{deserialize, deserialize_union, read_typed};
pub(crate) use write::Written;

/// A typed object of AI Rudder's API: the parameters of an operation, an answer, a part of either, or an event.
pub trait Model: Any + Send + Sync {
    /// Its fields, with their names and types.
    fn shape(&self) -> &'static Shape;
    /// The value of the field at `index` of [`shape`](Model::shape).
    fn get(&self, index: usize) -> Ref<'_>;
    /// What the type does not know.
    fn extra(&self) -> &Extra;
    /// Whether a request sends the field at `index`. A model that also comes as an answer has an empty list where a request leaves one out.
    fn is_sent(&self, index: usize) -> bool {
        !matches!(self.get(index), Ref::Absent)
    }
}

/// An answer whose type is only known at run time.
pub type AnyModel = Box<dyn Model>;

/// The value of a field, borrowed.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations)] // its values may be people's data
pub enum Ref<'a> {
    /// Not set.
    Absent,
    /// Text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// Any JSON.
    Json(&'a Value),
    /// An object.
    Model(&'a dyn Model),
    /// A list.
    List(&'a dyn List),
    /// An object with free names.
    Map(&'a dyn Map),
}

/// A list of values.
pub trait List {
    /// How many.
    fn len(&self) -> usize;
    /// The value at `index`; absent beyond the end.
    fn get(&self, index: usize) -> Ref<'_>;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// An object with free names.
pub trait Map {
    /// How many entries.
    fn len(&self) -> usize;
    /// Calls `visit` for each entry, in the order of the names.
    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Ref<'a>));
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<T: Slot> List for Vec<T> {
    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn get(&self, index: usize) -> Ref<'_> {
        self.as_slice().get(index).map_or(Ref::Absent, Slot::view)
    }
}

impl<T: Slot> Map for BTreeMap<String, T> {
    fn len(&self) -> usize {
        BTreeMap::len(self)
    }

    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Ref<'a>)) {
        for (name, value) in self {
            visit(name, value.view());
        }
    }
}
