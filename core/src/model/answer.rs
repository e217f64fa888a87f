//! The forms in which an answer can be read.

use super::language::Style;
use super::packed::next_packed;
use super::text::next_text;
use super::typed::next_typed;
use super::{AnyModel, JsonText, Language, Typed};
use crate::json::{Budget, JsonTokens, ReadError, Source};
use crate::schema::Shape;

/// What an operation can answer: a model, [`AnyModel`] when its type is only known at run time, or [`JsonText`] for another language.
pub trait Answer: Sized + Send + 'static {
    /// Reads the value, of the given shape, that the whole of `json` is.
    #[doc(hidden)]
    fn read(shape: &'static Shape, json: &str, budget: Budget) -> Result<Self, ReadError> {
        Source::whole(json, budget, |source| Self::next(shape, source))
    }

    /// Reads the next value. Returns the tokens behind it as well.
    #[doc(hidden)]
    fn next<'a>(shape: &'static Shape, source: Source<JsonTokens<'a>>) -> Result<(Self, JsonTokens<'a>), ReadError>;
}

impl<T: Typed> Answer for T {
    fn next<'a>(_: &'static Shape, source: Source<JsonTokens<'a>>) -> Result<(Self, JsonTokens<'a>), ReadError> {
        next_typed(source)
    }
}

impl Answer for AnyModel {
    fn next<'a>(shape: &'static Shape, source: Source<JsonTokens<'a>>) -> Result<(Self, JsonTokens<'a>), ReadError> {
        next_packed(shape, source)
    }
}

impl<L: Language> Answer for JsonText<L> {
    fn next<'a>(shape: &'static Shape, source: Source<JsonTokens<'a>>) -> Result<(Self, JsonTokens<'a>), ReadError> {
        next_text(shape, source, Style::of::<L>()).map(|(text, rest)| (text.into(), rest))
    }
}

/// The text of a body.
pub(crate) fn utf8(body: &[u8]) -> Result<&str, ReadError> {
    std::str::from_utf8(body).map_err(|error| ReadError::Syntax(error.valid_up_to()))
}
