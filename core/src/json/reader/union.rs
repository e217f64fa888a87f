//! Which of several models an object is.

use super::super::problem::Problem;
use super::{ReadError, Reader, Result, Sink, Start, Tokens};
use crate::schema::{Field, UnionShape};

impl<T: Tokens, S: Sink> Reader<T, S> {
    /// Reads an object as the variant that it probably is, and once more if its fields show that it is another.
    pub(super) fn union(&mut self, union: &'static UnionShape, slot: S::Slot<'_>) -> Result<()> {
        // Input may mix the fields of variants that no field names: a mixture is as good as any of them.
        if S::STRICT && union.discriminator.is_none() {
            return self.model(union.merged, slot);
        }
        let mut slot = slot;
        let (place, depth, inexact) = (self.source.tokens.mark(), self.source.depth(), self.inexact.len());
        let made = self.sink.mark();
        let mut variant = match (union.discriminator(), self.last_variant) {
            (Some(field), _) => self.tagged(union, field)?,
            (None, Some((last, variant))) if std::ptr::eq(last, union) => variant,
            (None, _) => 0,
        };
        loop {
            let shape = union.variants.get(variant).ok_or(ReadError::Mismatch)?.shape;
            match self.object(shape, Some((union, variant)), S::reborrow(&mut slot))? {
                None => {
                    self.last_variant = Some((union, variant));
                    return Ok(());
                }
                Some(actual) => {
                    variant = actual;
                    self.source.rewind(&place, depth)?;
                    self.sink.rewind(made);
                    self.inexact.truncate(inexact);
                }
            }
        }
    }

    /// Looks for the field that names the variant. It is mostly the first.
    fn tagged(&mut self, union: &'static UnionShape, discriminator: &'static Field) -> Result<usize> {
        let (place, depth) = (self.source.tokens.mark(), self.source.depth());
        let case = self.sink.case();
        let is_discriminator = |name: &str| {
            if S::STRICT {
                return name == case.name_of(discriminator);
            }
            union.merged.find(name).map(|(index, _)| index) == union.discriminator
        };
        let mut found = None;
        let mut more = self.source.tokens.enter(Start::Object)?;
        while more && found.is_none() {
            let name = self.source.tokens.name()?;
            if is_discriminator(&name) {
                found = self.tag(union)?;
            } else if S::STRICT && name == "extra" {
                found = self.further_tag(union, discriminator)?;
            } else {
                self.source.tokens.skip()?;
            }
            more = found.is_none() && self.source.tokens.next(Start::Object)?;
        }
        self.source.rewind(&place, depth)?;
        match found {
            None if S::STRICT => Err(Problem::no_discriminator(union, case.name_of(discriminator)).into()),
            found => Ok(found.unwrap_or(union.fallback())),
        }
    }

    /// The variant that the next value names. Null names none.
    fn tag(&mut self, union: &'static UnionShape) -> Result<Option<usize>> {
        Ok(match self.source.tokens.start()? {
            Start::Text => Some(union.tagged(Some(&self.source.tokens.text()?.decode()))),
            Start::Null => {
                self.source.tokens.null()?;
                None
            }
            _ => {
                self.source.tokens.skip()?;
                Some(union.fallback())
            }
        })
    }

    /// The variant that input names by wire name among its further fields.
    fn further_tag(&mut self, union: &'static UnionShape, discriminator: &'static Field) -> Result<Option<usize>> {
        if self.source.tokens.start()? != Start::Object {
            return self.source.tokens.skip().map(|()| None);
        }
        let mut found = None;
        let mut more = self.source.tokens.enter(Start::Object)?;
        while more {
            if self.source.tokens.name()? == discriminator.wire {
                found = self.tag(union)?;
            } else {
                self.source.tokens.skip()?;
            }
            more = self.source.tokens.next(Start::Object)?;
        }
        Ok(found)
    }
}
