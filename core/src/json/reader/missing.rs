//! What stands in the place of fields that did not come.

use super::super::budget::Budget;
use super::object::Open;
use super::{Problem, ReadError, Reader, Result, Sink, Source, Start, Tokens};
use crate::json::{Scalar, Text};
use crate::schema::Kind;

impl<T: Tokens, S: Sink> Reader<T, S> {
    /// Adds constants, empty lists and, below the value as a whole, empty required fields. The value as a whole must have its required fields.
    #[inline]
    pub(super) fn complete(&mut self, open: &mut Open<'_, S>) -> Result<()> {
        let missing = open.shape.needed & !open.present;
        if missing != 0 { self.add(open, missing) } else { Ok(()) }
    }

    fn add(&mut self, open: &mut Open<'_, S>, missing: u128) -> Result<()> {
        let is_whole = self.source.depth() == 1;
        let mut missing = missing;
        while missing != 0 {
            let index = missing.trailing_zeros() as usize;
            missing &= missing - 1;
            let field = open.shape.fields.get(index).ok_or(ReadError::Mismatch)?;
            if S::STRICT && self.sink.has_extra(&open.object, field.wire) {
                continue;
            }
            if let Some(constant) = field.constant {
                self.sink.constant(&mut open.object, index, field, constant)?;
                continue;
            }
            if S::STRICT && field.required {
                let name = self.sink.case().name_of(field);
                return Err(Problem::missing().in_field(name).into());
            }
            if is_whole && field.required && !matches!(field.kind, Kind::List(_)) {
                return Err(ReadError::Missing(field));
            }
            if !S::STRICT && S::stores_missing(field) {
                let slot = self.sink.field(&mut open.object, index, field)?;
                self.default(&field.kind, slot)?;
            }
        }
        Ok(())
    }

    /// Writes the empty value of a kind.
    fn default(&mut self, kind: &'static Kind, slot: S::Slot<'_>) -> Result<()> {
        match kind {
            Kind::Text => self.sink.scalar(slot, Scalar::Text(Text::plain(""))),
            Kind::Integer => self.sink.scalar(slot, Scalar::Integer(0)),
            Kind::Number => self.sink.scalar(slot, Scalar::Number(0.0)),
            Kind::Boolean => self.sink.scalar(slot, Scalar::Boolean(false)),
            Kind::Json => self.sink.json(slot, &mut Source::json("null", Budget::unlimited())),
            Kind::List(_) | Kind::Map(_) => {
                let container = if matches!(kind, Kind::List(_)) {
                    Start::List
                } else {
                    Start::Object
                };
                let many = self.sink.open_many(slot, container)?;
                self.sink.close_many(many)
            }
            Kind::Model(shape) => {
                let open = self.open(shape, None, None, slot)?;
                self.close(open)
            }
            Kind::Union(union) => {
                let variant = union.fallback();
                let shape = union.variants.get(variant).ok_or(ReadError::Mismatch)?.shape;
                let open = self.open(shape, None, Some(variant), slot)?;
                self.close(open)
            }
        }
    }
}
