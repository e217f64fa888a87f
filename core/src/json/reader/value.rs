//! Values: fields, items of lists, entries of maps.

use super::fit::{demand, fit, refused};
use super::object::Open;
use super::{ReadError, Reader, Result, Sink, Start, Tokens};
use crate::json::{Scalar, Text};
use crate::schema::{Field, Kind, Shape};

/// The memory that a list, an item or an entry is taken to need.
const ITEM: usize = 24;

/// The extra field that holds a value which should be an object and is none.
const WHOLE: &str = "data";

impl<T: Tokens, S: Sink> Reader<T, S> {
    /// Reads the value of a field, which is not null. Returns whether it fits.
    #[allow(clippy::inline_always)] // called for every value; a call would cost a twentieth of the time
    #[inline(always)]
    pub(super) fn field(&mut self, open: &mut Open<'_, S>, index: usize, field: &'static Field, start: Start) -> Result<bool> {
        let read = if field.constant.is_some() || (field.required && !S::STRICT && self.source.depth() == 1) {
            self.special(open, index, field, start)
        } else {
            let object = &mut open.object;
            if matches!(field.kind, Kind::Text | Kind::Integer | Kind::Number | Kind::Boolean) {
                self.scalar(&field.kind, start, |sink| sink.field(object, index, field))
            } else {
                self.value(&field.kind, start, |sink| sink.field(object, index, field))
            }
        };
        match read {
            Err(error) if S::STRICT => {
                let name = self.sink.case().name_of(field);
                Err(error.within(|problem| problem.in_field(name)))
            }
            read => read,
        }
    }

    /// Reads the value of a constant field, or of one that the value as a whole must have.
    #[inline(never)]
    fn special(&mut self, open: &mut Open<'_, S>, index: usize, field: &'static Field, start: Start) -> Result<bool> {
        if let Some(constant) = field.constant {
            return self.constant(open, index, field, constant);
        }
        // An answer whose required text is empty says no more than one without it.
        if matches!(field.kind, Kind::Text) && self.is_empty_text()? {
            return Err(ReadError::Missing(field));
        }
        let object = &mut open.object;
        self.value(&field.kind, start, |sink| sink.field(object, index, field))
    }

    fn is_empty_text(&mut self) -> Result<bool> {
        if self.source.tokens.start()? != Start::Text {
            return Ok(false);
        }
        let place = self.source.tokens.mark();
        let is_empty = self.source.tokens.text()?.decode().is_empty();
        self.source.tokens.rewind(&place);
        Ok(is_empty)
    }

    fn constant(&mut self, open: &mut Open<'_, S>, index: usize, field: &'static Field, constant: &'static str) -> Result<bool> {
        let start = self.source.tokens.start()?;
        let is_constant = start == Start::Text && self.source.tokens.text()?.decode() == constant;
        if is_constant {
            self.sink.constant(&mut open.object, index, field, constant)?;
        } else if S::STRICT {
            return Err(super::Problem::new(format!("must be `{constant}`, as always")).into());
        }
        Ok(is_constant)
    }

    /// Reads a text, a number or a truth value, likewise.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn scalar<'s>(&mut self, kind: &'static Kind, start: Start, slot: impl FnOnce(&mut S) -> Result<S::Slot<'s>>) -> Result<bool>
    where
        S: 's,
    {
        let scalar = if S::STRICT {
            Some(demand(&mut self.source.tokens, kind, start)?)
        } else {
            fit(&mut self.source.tokens, kind, start)?
        };
        let Some(scalar) = scalar else { return Ok(false) };
        let slot = slot(&mut self.sink)?;
        self.sink.scalar(slot, scalar)?;
        Ok(true)
    }

    /// Reads a value, which is not null, into a slot that is made if the value fits. Returns whether it does; if not, it may or may not have been
    /// passed.
    fn value<'s>(&mut self, kind: &'static Kind, start: Start, slot: impl FnOnce(&mut S) -> Result<S::Slot<'s>>) -> Result<bool>
    where
        S: 's,
    {
        match (kind, start) {
            (Kind::Text | Kind::Integer | Kind::Number | Kind::Boolean, _) => return self.scalar(kind, start, slot),
            (Kind::Json, _) => {
                let slot = slot(&mut self.sink)?;
                self.sink.json(slot, &mut self.source)?;
            }
            (Kind::Model(shape), Start::Object) => {
                let slot = slot(&mut self.sink)?;
                self.model(shape, slot)?;
            }
            (Kind::Union(union), Start::Object) => {
                let slot = slot(&mut self.sink)?;
                self.union(union, slot)?;
            }
            (Kind::List(item), Start::List) | (Kind::Map(item), Start::Object) => {
                let slot = slot(&mut self.sink)?;
                self.many(item, start, slot)?;
            }
            _ if S::STRICT => return Err(refused(kind, start).into()),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Reads a list, or an object with free names.
    fn many(&mut self, kind: &'static Kind, container: Start, slot: S::Slot<'_>) -> Result<()> {
        self.source.descend(ITEM)?;
        let mut many = self.sink.open_many(slot, container)?;
        let mut index = 0;
        let mut more = self.source.tokens.enter(container)?;
        while more {
            self.source.spend(ITEM)?;
            let is_map = container == Start::Object;
            let name = if is_map {
                Some(self.source.tokens.name()?.into_owned())
            } else {
                None
            };
            if !(is_map && self.source.take_null()?) {
                match self.item(kind, |sink| sink.next(&mut many, name)) {
                    Err(error) if S::STRICT && !is_map => return Err(error.within(|problem| problem.at(index))),
                    item => item?,
                }
            }
            index += 1;
            more = self.source.tokens.next(container)?;
        }
        self.sink.close_many(many)?;
        self.source.ascend();
        Ok(())
    }

    /// Reads an item of a list or a map. A null is left out, but for the lists of input. One that does not fit becomes text, or an object that holds it whole; else it is left out.
    #[inline]
    fn item<'s>(&mut self, kind: &'static Kind, slot: impl FnOnce(&mut S) -> Result<S::Slot<'s>>) -> Result<()>
    where
        S: 's,
    {
        let start = self.source.tokens.start()?;
        if S::STRICT {
            return self.value(kind, start, slot).map(drop);
        }
        if start == Start::Null {
            return self.source.tokens.null();
        }
        match (kind, start) {
            (Kind::Text, Start::Boolean | Start::List | Start::Object) => {
                let mut text = String::new();
                self.source.copy(&mut text, false)?;
                let slot = slot(&mut self.sink)?;
                self.sink.scalar(slot, Scalar::Text(Text::plain(&text)))
            }
            (Kind::Model(shape), start) if start != Start::Object => {
                let slot = slot(&mut self.sink)?;
                self.no_object(start, shape, None, slot)
            }
            (Kind::Union(union), start) if start != Start::Object => {
                let variant = union.fallback();
                let shape = union.variants.get(variant).ok_or(ReadError::Mismatch)?.shape;
                let slot = slot(&mut self.sink)?;
                self.no_object(start, shape, Some(variant), slot)
            }
            _ => {
                let (place, depth) = (self.source.tokens.mark(), self.source.depth());
                if !self.value(kind, start, slot)? {
                    self.source.rewind(&place, depth)?;
                    self.source.tokens.skip()?;
                }
                Ok(())
            }
        }
    }

    /// Makes an object of a value that is none: it is kept whole as an extra field.
    pub(super) fn no_object(&mut self, start: Start, shape: &'static Shape, variant: Option<usize>, slot: S::Slot<'_>) -> Result<()> {
        let mut open = self.open(shape, None, variant, slot)?;
        if start == Start::Null {
            self.source.tokens.null()?;
        } else {
            self.sink.extra(&mut open.object, WHOLE, &mut self.source)?;
        }
        self.close(open)
    }
}
