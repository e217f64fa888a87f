//! Where values come from.

use std::borrow::Cow;

use super::error::ReadError;
use super::number::Number;
use super::text::Text;

type Result<T> = std::result::Result<T, ReadError>;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
}

impl Start {
    /// The type as a noun, for messages.
    pub(crate) const fn noun(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "a truth value",
            Self::Number => "a number",
            Self::Text => "text",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

/// A source of values: JSON text, or the objects of another language.
///
/// A container is passed as `enter`, its values, and `next` after each of them; `enter` and `next` say whether a value follows.
pub trait Tokens {
    /// A place to which the source can go back.
    type Mark: Clone;

    /// The type of the next value. Does not pass it.
    fn start(&mut self) -> Result<Start>;
    /// Passes `null`.
    fn null(&mut self) -> Result<()>;
    /// Passes a truth value.
    fn boolean(&mut self) -> Result<bool>;
    /// Passes a number.
    fn number(&mut self) -> Result<Number<'_>>;
    /// Passes a text.
    fn text(&mut self) -> Result<Text<'_>>;
    /// Enters a list or an object. Returns whether a value follows.
    fn enter(&mut self, container: Start) -> Result<bool>;
    /// Goes on to the next item or field, or leaves the list or object. Returns whether a value follows.
    fn next(&mut self, container: Start) -> Result<bool>;
    /// Passes the name of a field if it is `expected`. Says whether it was.
    fn take_name(&mut self, expected: &str) -> Result<bool>;
    /// Passes the name of a field.
    fn name(&mut self) -> Result<Cow<'_, str>>;
    /// Passes any value.
    fn skip(&mut self) -> Result<()>;
    /// The place of the next value.
    fn mark(&self) -> Self::Mark;
    /// Goes back. Returns how many bytes will be read again.
    fn rewind(&mut self, mark: &Self::Mark) -> usize;
}
