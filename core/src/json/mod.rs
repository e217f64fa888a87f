//! Reads JSON, and what looks like JSON, by a schema.
//!
//! [`Reader`] holds every rule of reading, once. [`Tokens`] is what it reads from, [`Sink`] what it makes.

mod budget;
mod error;
mod fields;
mod json_tokens;
mod loose;
mod names;
mod number;
mod problem;
mod reader;
mod sink;
mod source;
mod text;
mod tokens;

pub use budget::Budget;
pub use error::ReadError;
pub(crate) use fields::{Field, each_field, items};
pub use json_tokens::JsonTokens;
pub use loose::value_of;
pub(crate) use loose::{is_rounded, read_value};
pub use number::Number;
pub use problem::Problem;
pub use reader::Reader;
pub use sink::{Scalar, Sink};
pub use source::Source;
pub use text::Text;
pub(crate) use text::write_json;
pub use tokens::{Start, Tokens};
