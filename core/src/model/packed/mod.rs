//! An answer of which no type is known when the program is compiled, in few allocations.
//!
//! The texts of all objects stand in one string, and their offsets in one list. A typed model takes an allocation for each text, which is thousands for
//! an answer of a thousand objects, and a caller that reads it through [`Model`] gains nothing by that.

mod object;
mod sink;
mod texts;

use super::AnyModel;
use crate::json::{JsonTokens, ReadError, Reader, Source};
use crate::schema::Shape;
use sink::{PackedSink, Place};

/// Reads the next value as an answer.
pub(super) fn next_packed<'a>(shape: &'static Shape, source: Source<JsonTokens<'a>>) -> Result<(AnyModel, JsonTokens<'a>), ReadError> {
    let mut root = None;
    let sink = PackedSink::for_bytes(source.tokens.rest_len());
    let (sink, source) = Reader::new(source, sink).read(shape, Place::Root(&mut root))?;
    sink.finish()?;
    match root {
        Some(packed) => Ok((Box::new(packed), source.tokens)),
        None => Err(ReadError::Mismatch),
    }
}
