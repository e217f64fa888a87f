//! The one reader: what a name means, which variant an object is, what fits and what does not, what is missing.

mod fit;
mod missing;
mod object;
mod union;
mod value;

use super::error::ReadError;
use super::names::Names;
use super::problem::Problem;
use super::sink::Sink;
use super::source::Source;
use super::tokens::{Start, Tokens};
use crate::schema::{Shape, Spelling, UnionShape};

type Result<T> = std::result::Result<T, ReadError>;

/// Reads values by their shapes.
#[allow(missing_debug_implementations)] // holds what it reads
pub struct Reader<T: Tokens, S> {
    source: Source<T>,
    sink: S,
    names: Names,
    /// Fields of the open objects that came under another name than the contract's, the innermost object's last.
    inexact: Vec<Inexact<T::Mark>>,
    /// The last object that was one of several models. The next one is probably the same variant.
    last_variant: Option<(&'static UnionShape, usize)>,
}

/// A field that came under another name than the contract's.
struct Inexact<M> {
    index: usize,
    spelling: Spelling,
    name: String,
    value: M,
}

impl<T: Tokens, S: Sink> Reader<T, S> {
    /// Reads from `source` into `sink`.
    pub fn new(source: Source<T>, sink: S) -> Self {
        Self {
            names: Names::new(S::STRICT.then(|| sink.case())),
            source,
            sink,
            inexact: Vec::new(),
            last_variant: None,
        }
    }

    /// Reads a value that stands by itself. Null counts as an object without fields; any other value that is no object is kept whole as an extra field.
    pub fn read(mut self, shape: &'static Shape, slot: S::Slot<'_>) -> Result<(S, Source<T>)> {
        match self.source.tokens.start()? {
            Start::Object => self.model(shape, slot)?,
            _ if S::STRICT => return Err(Problem::new("must be an object with the names of fields").into()),
            start => self.no_object(start, shape, None, slot)?,
        }
        Ok((self.sink, self.source))
    }

    /// The same for one of several models.
    pub fn read_union(mut self, union: &'static UnionShape, slot: S::Slot<'_>) -> Result<(S, Source<T>)> {
        match self.source.tokens.start()? {
            Start::Object => self.union(union, slot)?,
            start => {
                let variant = union.fallback();
                let shape = union.variants.get(variant).ok_or(ReadError::Mismatch)?.shape;
                self.no_object(start, shape, Some(variant), slot)?;
            }
        }
        Ok((self.sink, self.source))
    }
}
