//! Objects: what each name means, and which of two spellings counts.

use super::super::names::{Found, Name};
use super::{Inexact, Problem, ReadError, Reader, Result, Sink, Start, Tokens};
use crate::schema::{Field, Shape, Spelling, UnionShape, bit};

/// The memory that an object and each of its fields are taken to need.
const OBJECT: usize = 48;
const FIELD: usize = 24;
/// And a field that no shape knows.
const EXTRA: usize = 96;

/// An object that is being read.
pub(super) struct Open<'o, S: Sink> {
    pub(super) object: S::Object<'o>,
    pub(super) shape: &'static Shape,
    /// The union whose fields its names are, and the index of `shape` in it.
    guess: Option<(&'static UnionShape, usize)>,
    /// The index in `shape` of each of the union's fields.
    own: Option<&'static [Option<u8>]>,
    /// The shape of its names in [`Names`](super::Names).
    known: usize,
    /// The place of the name that probably comes next.
    next: usize,
    /// The fields that have a value, a bit for each.
    pub(super) present: u128,
    /// The fields of the union that came with a value, and those that came as null, a bit for each.
    came: u128,
    nulls: u128,
    /// Where its fields begin in [`Reader::inexact`].
    inexact: usize,
}

impl<T: Tokens, S: Sink> Reader<T, S> {
    pub(super) fn model(&mut self, shape: &'static Shape, slot: S::Slot<'_>) -> Result<()> {
        self.object(shape, None, slot).map(drop)
    }

    /// Reads an object. Returns the variant that it really is if it is not the guessed one.
    pub(super) fn object(
        &mut self,
        shape: &'static Shape,
        guess: Option<(&'static UnionShape, usize)>,
        slot: S::Slot<'_>,
    ) -> Result<Option<usize>> {
        let mut open = self.open(shape, guess.map(|(union, _)| union), guess.map(|(_, variant)| variant), slot)?;
        let mut more = self.source.tokens.enter(Start::Object)?;
        while more {
            self.next(&mut open)?;
            more = self.source.tokens.next(Start::Object)?;
        }
        self.inexact.truncate(open.inexact);
        if let Some((union, variant)) = guess.filter(|(union, _)| union.discriminator.is_none()) {
            let actual = union.detect(open.came, open.nulls);
            if actual != variant {
                return Ok(Some(actual));
            }
        }
        self.close(open)?;
        Ok(None)
    }

    pub(super) fn open<'o>(
        &mut self,
        shape: &'static Shape,
        union: Option<&'static UnionShape>,
        variant: Option<usize>,
        slot: S::Slot<'o>,
    ) -> Result<Open<'o, S>> {
        self.source.descend(OBJECT + FIELD * shape.fields.len())?;
        // Without a discriminator, a field of any variant counts. In input, a field of another variant is named as such.
        let union = union.filter(|union| S::STRICT || union.discriminator.is_none());
        let guess = union.zip(variant);
        Ok(Open {
            object: self.sink.open_object(slot, shape, variant)?,
            shape,
            guess,
            own: guess
                .and_then(|(union, variant)| union.variants.get(variant))
                .map(|variant| variant.fields),
            known: self.names.of(union.map_or(shape, |union| union.merged)),
            next: 0,
            present: 0,
            came: 0,
            nulls: 0,
            inexact: self.inexact.len(),
        })
    }

    pub(super) fn close(&mut self, mut open: Open<'_, S>) -> Result<()> {
        self.complete(&mut open)?;
        self.sink.close_object(open.object)?;
        self.source.ascend();
        Ok(())
    }

    /// Reads one field: its name and its value.
    #[inline]
    fn next(&mut self, open: &mut Open<'_, S>) -> Result<()> {
        let name = match self.names.expected(open.known, open.next) {
            Some((text, name, place)) if self.source.tokens.take_name(text)? => {
                open.next = place + 1;
                name
            }
            _ => self.look_up(open)?,
        };
        let (index, spelling) = match name.found {
            Found::Field(index, spelling) => (index, spelling),
            Found::Extra => return self.further(open),
            Found::Unknown => return self.extra(open, name),
        };
        let start = match self.source.tokens.start() {
            Err(error) if S::STRICT => return Err(self.located(open, index, error)),
            start => start?,
        };
        // Null says nothing, so it never replaces a value.
        if start == Start::Null {
            open.nulls |= bit(index);
            return self.source.tokens.null();
        }
        match own_field(open, index)? {
            Some((index, field)) if spelling == Spelling::Exact && open.present & bit(index) == 0 => {
                self.exact(open, index, field, start).map(drop)
            }
            Some((index, field)) if open.present & bit(index) == 0 => self.first(open, name, (index, field, spelling), start).map(drop),
            Some((index, field)) => self.again(open, name, (index, field, spelling), start),
            None if S::STRICT => Err(self.foreign(open, index)),
            None => self.extra(open, name),
        }
    }

    #[inline(never)]
    fn look_up(&mut self, open: &mut Open<'_, S>) -> Result<Name> {
        let text = self.source.tokens.name()?;
        let shape = open.guess.map_or(open.shape, |(union, _)| union.merged);
        let case = self.sink.case();
        self.names.find(open.known, &mut open.next, &text, || {
            if S::STRICT {
                return if text == "extra" {
                    Ok(Found::Extra)
                } else {
                    Err(Problem::unknown_field(shape, &text, case).into())
                };
            }
            Ok(shape
                .find(&text)
                .map_or(Found::Unknown, |(index, spelling)| Found::Field(index, spelling)))
        })
    }

    /// Reads the value of a field that came under the contract's name. Returns whether it fits; otherwise it is kept as an extra field.
    #[allow(clippy::inline_always)] // called for every value; a call would cost a twentieth of the time
    #[inline(always)]
    fn exact(&mut self, open: &mut Open<'_, S>, index: usize, field: &'static Field, start: Start) -> Result<bool> {
        let value = (!S::STRICT).then(|| self.source.tokens.mark());
        let fits = self.field(open, index, field, start)?;
        match value {
            Some(value) if !fits => self.misfit(open, field.wire, &value)?,
            _ => open.present |= bit(index),
        }
        Ok(fits)
    }

    /// The same for a field that has no value yet, under any name.
    #[inline(never)]
    fn first(&mut self, open: &mut Open<'_, S>, name: Name, (index, field, spelling): Known, start: Start) -> Result<bool> {
        if spelling == Spelling::Exact {
            return self.exact(open, index, field, start);
        }
        let name = self.names.text(open.known, name).to_owned();
        let value = self.source.tokens.mark();
        let fits = self.field(open, index, field, start)?;
        if fits {
            open.present |= bit(index);
            self.inexact.push(Inexact {
                index,
                spelling,
                name,
                value,
            });
        } else {
            self.misfit(open, &name, &value)?;
        }
        Ok(fits)
    }

    /// Reads the value of a field that has one: of the same spelling, the last one counts; of two spellings, the closer one. The other is kept as an
    /// extra field.
    #[cold]
    fn again(&mut self, open: &mut Open<'_, S>, name: Name, known: Known, start: Start) -> Result<()> {
        let (index, field, spelling) = known;
        if S::STRICT {
            let problem = Problem::new("is given twice").in_field(self.sink.case().name_of(field));
            return Err(problem.into());
        }
        let text = self.names.text(open.known, name).to_owned();
        let others = self.inexact.get(open.inexact..).unwrap_or_default();
        let Some(other) = others.iter().position(|other| other.index == index).map(|at| at + open.inexact) else {
            return if spelling == Spelling::Exact {
                self.first(open, name, known, start).map(drop)
            } else {
                self.extra(open, name)
            };
        };
        let (closeness, is_same) = self
            .inexact
            .get(other)
            .map_or((Spelling::Exact, false), |other| (other.spelling, other.name == text));
        if !is_same && spelling >= closeness {
            return self.extra(open, name);
        }
        if !self.first(open, name, known, start)? {
            return Ok(());
        }
        let Inexact { name, value, .. } = self.inexact.remove(other);
        if is_same {
            return Ok(());
        }
        let (here, depth) = (self.source.tokens.mark(), self.source.depth());
        self.source.rewind(&value, depth)?;
        self.sink.extra(&mut open.object, &name, &mut self.source)?;
        self.source.tokens.rewind(&here);
        Ok(())
    }

    /// Keeps the value of a field that does not fit its type.
    #[cold]
    fn misfit(&mut self, open: &mut Open<'_, S>, name: &str, value: &T::Mark) -> Result<()> {
        let depth = self.source.depth();
        self.source.rewind(value, depth)?;
        self.source.spend(EXTRA)?;
        self.sink.extra(&mut open.object, name, &mut self.source)
    }

    /// Keeps a field that the shape does not know.
    fn extra(&mut self, open: &mut Open<'_, S>, name: Name) -> Result<()> {
        self.source.spend(EXTRA)?;
        self.sink
            .extra(&mut open.object, self.names.text(open.known, name), &mut self.source)
    }

    /// Reads input's object of further fields by wire name.
    fn further(&mut self, open: &mut Open<'_, S>) -> Result<()> {
        if self.source.take_null()? {
            return Ok(());
        }
        if self.source.tokens.start()? != Start::Object {
            return Err(Problem::new("must be an object of fields by their wire names")
                .in_field("extra")
                .into());
        }
        self.source.descend(OBJECT)?;
        let mut more = self.source.tokens.enter(Start::Object)?;
        while more {
            let name = self.source.tokens.name()?.into_owned();
            let extra = self.sink.extra(&mut open.object, &name, &mut self.source);
            extra.map_err(|error| error.within(|problem| problem.in_field("extra")))?;
            more = self.source.tokens.next(Start::Object)?;
        }
        self.source.ascend();
        Ok(())
    }

    fn foreign(&self, open: &Open<'_, S>, index: usize) -> ReadError {
        let Some((union, variant)) = open.guess else {
            return ReadError::Mismatch;
        };
        let problem = Problem::foreign_field(union, variant, index, self.sink.case());
        self.located(open, index, problem.into())
    }

    /// Adds the name of a field to the error of its value.
    fn located(&self, open: &Open<'_, S>, index: usize, error: ReadError) -> ReadError {
        let shape = open.guess.map_or(open.shape, |(union, _)| union.merged);
        let name = shape.fields.get(index).map_or("", |field| self.sink.case().name_of(field));
        error.within(|problem| problem.in_field(name))
    }
}

/// A field of the object's own shape: its index, what the contract says of it, and how its name was spelled.
type Known = (usize, &'static Field, Spelling);

/// The field of the object's own shape. `None` if only another variant has it.
#[inline]
fn own_field<S: Sink>(open: &mut Open<'_, S>, index: usize) -> Result<Option<(usize, &'static Field)>> {
    let mut own = index;
    if let Some(fields) = open.own {
        open.came |= bit(index);
        match fields.get(index) {
            Some(Some(index)) => own = usize::from(*index),
            _ => return Ok(None),
        }
    }
    let field = open.shape.fields.get(own).ok_or(ReadError::Mismatch)?;
    Ok(Some((own, field)))
}
