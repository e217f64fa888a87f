//! The forms in which an answer can be read.

use super::{AnyModel, JsonText, Language, Typed, read_packed, read_typed};
use crate::json::{Budget, ReadError};
use crate::schema::Shape;

/// What an operation can answer: a model, [`AnyModel`] when its type is only known at run time, or [`JsonText`] for another language.
pub trait Answer: Sized + Send + 'static {
    /// Reads it from JSON of the given shape.
    #[doc(hidden)]
    fn read(shape: &'static Shape, json: &str, budget: Budget) -> Result<Self, ReadError>;
}

impl<T: Typed> Answer for T {
    fn read(_: &'static Shape, json: &str, budget: Budget) -> Result<Self, ReadError> {
        read_typed(json, budget)
    }
}

impl Answer for AnyModel {
    fn read(shape: &'static Shape, json: &str, budget: Budget) -> Result<Self, ReadError> {
        read_packed(shape, json, budget)
    }
}

impl<L: Language> Answer for JsonText<L> {
    fn read(shape: &'static Shape, json: &str, budget: Budget) -> Result<Self, ReadError> {
        Self::read(shape, json, budget)
    }
}

/// The text of a body.
pub(crate) fn utf8(body: &[u8]) -> Result<&str, ReadError> {
    std::str::from_utf8(body).map_err(|error| ReadError::Syntax(error.valid_up_to()))
}
