//! The fields of an object, each with its JSON: for what looks at some of them before, or instead of, reading the whole.

use std::borrow::Cow;

use super::error::ReadError;
use super::json_tokens::JsonTokens;
use super::tokens::{Start, Tokens as _};

pub(crate) struct Field<'a> {
    pub(crate) name: Cow<'a, str>,
    /// Only its end was looked for: it may be no JSON.
    pub(crate) json: &'a str,
}

/// Passes the fields of the object that the whole of `text` is, in their order.
pub(crate) fn each_field<'a>(text: &'a str, mut visit: impl FnMut(Field<'a>) -> Result<(), ReadError>) -> Result<(), ReadError> {
    let mut tokens = JsonTokens::new(text);
    let mut more = tokens.enter(Start::Object)?;
    while more {
        let name = tokens.raw_name()?;
        let json = tokens.raw()?;
        visit(Field { name, json })?;
        more = tokens.next(Start::Object)?;
    }
    tokens.end()
}

/// Returns the items of the list that the whole of `text` is, likewise.
pub(crate) fn items(text: &str) -> Result<Vec<&str>, ReadError> {
    let mut tokens = JsonTokens::new(text);
    let mut items = Vec::new();
    let mut more = tokens.enter(Start::List)?;
    while more {
        items.push(tokens.raw()?);
        more = tokens.next(Start::List)?;
    }
    tokens.end().map(|()| items)
}
