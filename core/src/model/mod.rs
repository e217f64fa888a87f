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
mod redaction;
mod show;
mod slot;
mod text;
mod time;
mod typed;
mod value;
mod write;

pub use crate::json::{Budget, JsonTokens, Number, Problem, ReadError, Scalar, Start, Text, Tokens, value_of};
pub use crate::schema::{Case, Field, Format, Kind, Shape, Spelling, UnionShape, Variant};
pub use answer::Answer;
pub use extra::Extra;
pub use input::Input;
pub use language::Language;
pub use slot::{Many, ModelMut, Slot, Typed, TypedUnion};
pub use text::JsonText;
pub use value::{AnyModel, List, Map, Model, Ref};
pub use write::{to_json, to_json_of, to_value};

pub(crate) use answer::utf8;
pub(crate) use check::check;
pub(crate) use input::Wire;
pub(crate) use macros::{model, union};
pub(crate) use object::{ObjectWriter, Piece};
pub(crate) use redaction::{hide_fields, hide_texts};
pub(crate) use show::Redacted;
pub(crate) use typed::{deserialize, deserialize_union, read_typed};
pub(crate) use write::Written;
