//! What a model is: a struct whose fields are known by name, on the wire and in each language, and that keeps what it does not know.
//!
//! One small trait lets the generic code below read, write, print and check every model, so that the generated code of a model is little more
//! than its fields.

#[cfg(test)]
mod any_answer;
mod case;
mod check;
mod cursor;
mod extra;
mod input;
mod object;
mod packed;
mod read;
mod rename;
mod scalar;
mod show;
mod style;
mod text;
mod time;
mod transcode;
mod union;
mod write;

use std::any::Any;
use std::collections::BTreeMap;

use serde_json::Value;

pub use case::Case;
pub use extra::Extra;
pub use input::Input;
pub use read::{AnswerReader, Decoder, ReadModel, Slot, decode, read_answer, read_constant, read_fields, read_slot, skip};
pub use style::Language;
pub use text::JsonText;
pub use union::{Later, ReadUnion, UnionShape, Variant, read_likely};
pub use write::{to_json, to_json_of, to_value};

pub(crate) use check::{Problem, check};
pub(crate) use cursor::Cursor;
pub(crate) use input::Wire;
pub(crate) use object::{ObjectWriter, Piece};
pub(crate) use packed::{packed, packed_start};
pub(crate) use read::{Fit, ModelVisitor, from_json, read_model, read_start, read_whole, whole};
pub(crate) use show::Redacted;
pub(crate) use text::{read_text, start_text, text_at_once};
pub(crate) use union::{UnionVisitor, read_union, union_traits};
pub(crate) use write::Written;

use crate::operation::Source;

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

/// The fields of a model.
#[derive(Debug)]
pub struct Shape {
    /// The model's name, the same in every language.
    pub name: &'static str,
    /// Its fields, in the contract's order.
    pub fields: &'static [Field],
}

/// One field of a model.
#[derive(Debug)]
pub struct Field {
    /// Its name in Rust and Python.
    pub name: &'static str,
    /// Its name in Node and Kotlin.
    pub camel: &'static str,
    /// Its name in AI Rudder's JSON.
    pub wire: &'static str,
    /// Its type.
    pub kind: Kind,
    /// What its text has to look like.
    pub format: Format,
    /// The one text that it always has: written always, and need not be given.
    pub constant: Option<&'static str>,
    /// Whether it has to be there.
    pub required: bool,
    /// Whether it holds a secret or people's data, and so never reaches a log.
    pub sensitive: bool,
    /// How sure it is that AI Rudder has this field.
    pub source: Source,
}

/// The type of a field.
#[derive(Debug)]
pub enum Kind {
    /// Text, and every id.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// Any JSON.
    Json,
    /// An object.
    Model(&'static Shape),
    /// One of several kinds of object. Its value is that of the variant: a [`Ref::Model`] with the variant's own shape.
    Union(&'static UnionShape),
    /// A list.
    List(&'static Kind),
    /// An object with free names.
    Map(&'static Kind),
}

impl Kind {
    /// Whether a value of this kind has no other values in it.
    pub(crate) const fn is_single(&self) -> bool {
        matches!(self, Self::Text | Self::Integer | Self::Number | Self::Boolean)
    }

    /// The fields that an object of this kind can have: a model's, or those of all variants of a union.
    #[must_use]
    pub const fn shape(&self) -> Option<&'static Shape> {
        match self {
            Self::Model(shape) => Some(shape),
            Self::Union(union) => Some(&union.merged),
            _ => None,
        }
    }
}

/// What a text has to look like to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Anything.
    Any,
    /// A phone number with its leading `+`.
    E164,
    /// `YYYY-MM-DD`.
    Date,
    /// `YYYY-MM-DD HH:MM:SS`, in the time zone of the account.
    AccountTime,
    /// `YYYY-MM-DD HH:MM:SS+08:00`, with its zone.
    ZonedTime,
}

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

/// Gives a model its `Debug` (redacted), `Serialize` and `Deserialize` (wire names) from its fields.
macro_rules! model_traits {
    ($model:ident) => {
        impl std::fmt::Debug for $model {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&$crate::model::Redacted($crate::model::Ref::Model(self)), f)
            }
        }

        impl serde::Serialize for $model {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::model::Written::wire($crate::model::Ref::Model(self)).serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $model {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::model::read_model(deserializer)
            }
        }

        impl $crate::model::Slot for $model {
            $crate::model::model_slot!();
        }
    };
}
pub(crate) use model_traits;
pub(crate) use read::model_slot;
