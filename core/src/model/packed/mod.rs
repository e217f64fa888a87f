//! An answer of which no type is known when the program is compiled, in few allocations.
//!
//! The texts of all objects stand in one string, and their offsets in one list. A typed model takes an allocation for each text, which is thousands for
//! an answer of a thousand objects, and a caller that reads it through [`Model`] gains nothing by that.

mod object;
mod sink;
mod texts;

use super::AnyModel;
use super::typed::end;
use crate::json::{Budget, ReadError, Reader, Source};
use crate::schema::Shape;
use sink::{PackedSink, Place};

/// Reads the answer that the whole of `json` is.
pub(crate) fn read_packed(shape: &'static Shape, json: &str, budget: Budget) -> Result<AnyModel, ReadError> {
    let mut root = None;
    let (sink, source) = Reader::new(Source::json(json, budget), PackedSink::for_bytes(json.len())).read(shape, Place::Root(&mut root))?;
    end(source)?;
    sink.finish()?;
    match root {
        Some(packed) => Ok(Box::new(packed)),
        None => Err(ReadError::Mismatch),
    }
}
