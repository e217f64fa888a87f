//! Where values come from.

use std::borrow::Cow;

use super::cursor::Cursor;
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

/// JSON text as a source.
pub struct JsonTokens<'a> {
    cursor: Cursor<'a>,
}

impl std::fmt::Debug for JsonTokens<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JsonTokens(at {})", self.cursor.at)
    }
}

impl<'a> JsonTokens<'a> {
    /// A source of the JSON in `text`. A byte order mark before it is skipped.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let mut cursor = Cursor::new(text);
        if text.starts_with('\u{feff}') {
            cursor.at = '\u{feff}'.len_utf8();
        }
        Self { cursor }
    }

    /// Checks that nothing but white space is left.
    pub(crate) fn end(&mut self) -> Result<()> {
        if self.cursor.is_at_end() { Ok(()) } else { Err(self.error()) }
    }

    fn error(&self) -> ReadError {
        if self.cursor.is_past_end() {
            ReadError::Eof
        } else {
            ReadError::Syntax(self.cursor.at)
        }
    }

    fn or_error<T>(&self, token: Option<T>) -> Result<T> {
        token.ok_or_else(|| self.error())
    }
}

impl Tokens for JsonTokens<'_> {
    type Mark = usize;

    #[inline]
    fn start(&mut self) -> Result<Start> {
        Ok(match self.cursor.peek() {
            Some(b'"') => Start::Text,
            Some(b'-' | b'0'..=b'9') => Start::Number,
            Some(b'{') => Start::Object,
            Some(b'[') => Start::List,
            Some(b'n') => Start::Null,
            Some(b't' | b'f') => Start::Boolean,
            _ => return Err(self.error()),
        })
    }

    fn null(&mut self) -> Result<()> {
        let token = self.cursor.word("null");
        self.or_error(token)
    }

    fn boolean(&mut self) -> Result<bool> {
        let truth = self.cursor.peek() == Some(b't');
        let token = self.cursor.word(if truth { "true" } else { "false" });
        self.or_error(token.map(|()| truth))
    }

    #[inline]
    fn number(&mut self) -> Result<Number<'_>> {
        let start = self.cursor.at;
        match self.cursor.number().and_then(Number::new) {
            Some(number) => Ok(number),
            None => Err(ReadError::Syntax(start)),
        }
    }

    #[inline]
    fn text(&mut self) -> Result<Text<'_>> {
        let token = self.cursor.text();
        self.or_error(token)
    }

    #[inline]
    fn enter(&mut self, container: Start) -> Result<bool> {
        let (start, end) = if container == Start::List { (b'[', b']') } else { (b'{', b'}') };
        let token = self.cursor.enter(start, end);
        self.or_error(token)
    }

    #[inline]
    fn next(&mut self, container: Start) -> Result<bool> {
        let token = self.cursor.is_more(if container == Start::List { b']' } else { b'}' });
        self.or_error(token)
    }

    #[inline]
    fn take_name(&mut self, expected: &str) -> Result<bool> {
        let token = self.cursor.pass_name(expected);
        self.or_error(token)
    }

    fn name(&mut self) -> Result<Cow<'_, str>> {
        let name = self.cursor.name();
        self.or_error(name).map(Text::decode)
    }

    fn skip(&mut self) -> Result<()> {
        let token = self.cursor.skip().map(drop);
        self.or_error(token)
    }

    fn mark(&self) -> usize {
        self.cursor.at
    }

    fn rewind(&mut self, mark: &usize) -> usize {
        let again = self.cursor.at.saturating_sub(*mark);
        self.cursor.at = *mark;
        again
    }
}
