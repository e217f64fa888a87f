//! Objects: known fields under their names in the language, in the contract's order, and all others behind them.

use std::ops::Range;

use super::super::cursor::Quoted;
use super::{Fate, Scribe};
use crate::model::style::VARIANT;
use crate::model::{Field, Kind, Shape, UnionShape};

/// A field that was written: its name and its value.
pub(super) struct Piece {
    /// Where it belongs among those of its object.
    place: usize,
    range: Range<usize>,
    /// The length of its name in quotes.
    name: usize,
}

impl Piece {
    pub(super) const fn new(place: usize, range: Range<usize>, name: usize) -> Self {
        Self { place, range, name }
    }
}

/// Behind all known fields.
const EXTRA: usize = usize::MAX;

/// An object that is being written.
struct Open {
    /// Where the first field stands, behind the brace and a variant's name.
    start: usize,
    /// Whether something stands before the first field.
    has_head: bool,
    /// Its first piece.
    base: usize,
    /// The field that is likely the next.
    next: usize,
    /// Which fields came, a bit for each.
    came: u128,
    /// Which fields were written.
    written: u128,
    /// How many fields came that are not known, or do not fit.
    extras: usize,
    /// The place of the last piece, for as long as all of them stand where they belong.
    last: Option<usize>,
}

/// What became of an object.
enum Outcome {
    Written,
    /// It is another variant than it was read as.
    Variant(usize),
}

/// A union, and the variant that an object is read as.
#[derive(Clone, Copy)]
struct Guess {
    union: &'static UnionShape,
    variant: usize,
}

impl Scribe<'_> {
    pub(super) fn model(&mut self, shape: &'static Shape) -> Option<()> {
        self.object(shape, None).map(drop)
    }

    pub(super) fn union(&mut self, union: &'static UnionShape) -> Option<()> {
        let (start, written, base) = (self.cursor.at, self.out.len(), self.pieces.len());
        let mut variant = match (union.discriminator(), self.seen_variant) {
            (Some(field), _) => self.tagged(union, field)?,
            (None, Some((name, variant))) if name == union.name => variant,
            (None, _) => 0,
        };
        loop {
            let shape = union.variants.get(variant)?.shape;
            match self.object(shape, Some(Guess { union, variant }))? {
                Outcome::Written => {
                    self.seen_variant = Some((union.name, variant));
                    return Some(());
                }
                Outcome::Variant(other) => {
                    variant = other;
                    self.back_to(start)?;
                    self.out.truncate(written);
                    self.pieces.truncate(base);
                    self.leave();
                }
            }
        }
    }

    /// Looks for the field that names the variant. It is nearly always the first.
    fn tagged(&mut self, union: &'static UnionShape, discriminator: &Field) -> Option<usize> {
        let (start, written) = (self.cursor.at, self.out.len());
        let mut tag = None;
        self.cursor.take(b'{')?;
        let mut is_open = !self.cursor.is_empty(b'}')?;
        while is_open {
            let is_tag = self.cursor.name()?.text()? == discriminator.wire;
            if is_tag {
                if self.cursor.peek()? == b'"' {
                    tag = Some(self.cursor.quoted()?.text()?);
                }
                break;
            }
            self.loose()?;
            is_open = self.cursor.is_more(b'}')?;
        }
        self.out.truncate(written);
        self.back_to(start)?;
        Some(union.tagged(tag.as_deref()))
    }

    fn object(&mut self, shape: &'static Shape, guess: Option<Guess>) -> Option<Outcome> {
        self.enter()?;
        self.cursor.take(b'{')?;
        self.out.push('{');
        let has_head = guess.is_some() && self.style.names_variants;
        if has_head {
            self.name(VARIANT);
            self.quote(shape.name);
        }
        let mut open = Open {
            start: self.out.len(),
            has_head,
            base: self.pieces.len(),
            next: 0,
            came: 0,
            written: 0,
            extras: 0,
            last: Some(0),
        };
        let mut is_open = !self.cursor.is_empty(b'}')?;
        while is_open {
            let name = self.cursor.name()?;
            let index = match name.plain() {
                Some(text) => position(shape, text, open.next),
                None => position(shape, &name.text()?, open.next),
            };
            if let Some(index) = index {
                self.field(shape.fields.get(index)?, index, &mut open)?;
            } else {
                self.extra(name, &mut open)?;
            }
            is_open = self.cursor.is_more(b'}')?;
        }
        if open.extras > 1 {
            self.are_names_different(open.base)?;
        }
        if let Some(Guess { union, variant }) = guess.filter(|guess| guess.union.discriminator.is_none()) {
            let actual = union.with_fields(|wanted| self.has(shape, &open, wanted));
            if actual != variant {
                return Some(Outcome::Variant(actual));
            }
        }
        self.complete(shape, &mut open)?;
        self.close(&open)?;
        self.leave();
        Some(Outcome::Written)
    }

    fn field(&mut self, field: &'static Field, index: usize, open: &mut Open) -> Option<()> {
        open.next = index + 1;
        let bit = bit(index);
        if bit == 0 || open.came & bit != 0 {
            return None;
        }
        open.came |= bit;
        if self.is_null()? {
            return Some(());
        }
        let (from, before) = (self.cursor.at, self.out.len());
        let start = self.begin(open, index);
        self.name(self.style.case.name_of(field));
        let value = self.out.len();
        let fate = match field.constant {
            Some(constant) => self.constant(constant)?,
            None => self.value(&field.kind)?,
        };
        if fate == Fate::Misfit {
            self.out.truncate(before);
            self.cursor.at = from;
            return self.misfit(field, open);
        }
        // A required text that is empty counts as missing in an answer as a whole.
        if field.required && self.depth == 1 && self.out.get(value..) == Some("\"\"") {
            return None;
        }
        open.written |= bit;
        self.end(open, index, start, 0);
        Some(())
    }

    fn constant(&mut self, constant: &str) -> Option<Fate> {
        if self.cursor.peek()? != b'"' || self.cursor.quoted()?.text()? != constant {
            return Some(Fate::Misfit);
        }
        self.quote(constant);
        Some(Fate::Written)
    }

    /// Writes a field that is not known.
    fn extra(&mut self, name: Quoted<'_>, open: &mut Open) -> Option<()> {
        let start = self.begin(open, EXTRA);
        let name = self.named(name)?;
        self.end(open, EXTRA, start, name);
        Some(())
    }

    /// Writes the value of a known field among those that are not.
    fn misfit(&mut self, field: &Field, open: &mut Open) -> Option<()> {
        let start = self.begin(open, EXTRA);
        self.quote(field.wire);
        let name = self.out.len() - start;
        self.out.push(':');
        self.loose()?;
        self.end(open, EXTRA, start, name);
        Some(())
    }

    /// Writes a field's name as it is and any value, and tells how long the name is.
    pub(super) fn named(&mut self, name: Quoted<'_>) -> Option<usize> {
        let length = name.write(&mut self.out)?;
        self.out.push(':');
        self.loose()?;
        Some(length)
    }

    pub(super) fn map(&mut self, kind: &'static Kind) -> Option<()> {
        self.enter()?;
        self.cursor.take(b'{')?;
        let begin = self.out.len();
        self.out.push('{');
        let base = self.pieces.len();
        let mut is_open = !self.cursor.is_empty(b'}')?;
        while is_open {
            let name = self.cursor.name()?;
            if !self.is_null()? {
                if self.pieces.len() > base {
                    self.out.push(',');
                }
                let start = self.out.len();
                let length = name.write(&mut self.out)?;
                // The order of escaped names is not that of the names.
                if name.plain().is_none() && self.out.get(start..)?.contains('\\') {
                    return None;
                }
                self.out.push(':');
                self.item(kind)?;
                self.pieces.push(Piece::new(0, start..self.out.len(), length));
            }
            is_open = self.cursor.is_more(b'}')?;
        }
        self.out.push('}');
        self.sort_map(begin, base)?;
        self.pieces.truncate(base);
        self.leave();
        Some(())
    }

    /// Orders the entries of a map that begins at `begin` by their names, without the quotes.
    fn sort_map(&mut self, begin: usize, base: usize) -> Option<()> {
        let out = self.out.as_bytes();
        let name = |piece: &Piece| out.get(piece.range.start + 1..(piece.range.start + piece.name).saturating_sub(1));
        let pieces = self.pieces.get_mut(base..)?;
        if pieces.is_sorted_by(|one, other| name(one) < name(other)) {
            return Some(());
        }
        pieces.sort_unstable_by(|one, other| name(one).cmp(&name(other)));
        if !pieces.is_sorted_by(|one, other| name(one) < name(other)) {
            return None;
        }
        self.put_together(begin + 1, false, base)?;
        self.out.push('}');
        Some(())
    }

    /// Adds the fields that are there whatever came, and gives nothing when one is missing of which only the model knows what stands in its place.
    fn complete(&mut self, shape: &'static Shape, open: &mut Open) -> Option<()> {
        let all = u128::MAX.checked_shr(u128::BITS.checked_sub(u32::try_from(shape.fields.len()).ok()?)?);
        let mut missing = all.unwrap_or_default() & !open.written;
        while missing != 0 {
            let index = missing.trailing_zeros() as usize;
            missing &= missing - 1;
            let field = shape.fields.get(index)?;
            let is_list = matches!(field.kind, Kind::List(_));
            if field.constant.is_none() && !is_list {
                if field.required {
                    return None;
                }
                continue;
            }
            let start = self.begin(open, index);
            self.name(self.style.case.name_of(field));
            match field.constant {
                Some(constant) => self.quote(constant),
                None => self.out.push_str("[]"),
            }
            self.end(open, index, start, 0);
        }
        Some(())
    }

    /// Makes room for a piece, and gives the place where it starts.
    fn begin(&mut self, open: &Open, place: usize) -> usize {
        if self.out.len() > open.start || open.has_head {
            self.out.push(',');
        }
        if place == EXTRA && open.extras == 0 {
            self.out.push_str(EXTRA_OPENS);
        }
        self.out.len()
    }

    fn end(&mut self, open: &mut Open, place: usize, start: usize, name: usize) {
        open.last = open.last.filter(|last| *last <= place).map(|_| place);
        open.extras += usize::from(place == EXTRA);
        self.pieces.push(Piece::new(place, start..self.out.len(), name));
    }

    /// Ends an object, which is put together again when its fields came in another order.
    fn close(&mut self, open: &Open) -> Option<()> {
        let is_in_order = open.last.is_some();
        if !is_in_order {
            self.pieces.get_mut(open.base..)?.sort_by_key(|piece| piece.place);
            self.put_together(open.start, open.has_head, open.base)?;
        }
        if open.extras > 0 {
            self.out.push('}');
        }
        self.out.push('}');
        self.pieces.truncate(open.base);
        Some(())
    }

    /// Writes the pieces from `base` on as they are ordered now, in the place of what stands from `start` on.
    fn put_together(&mut self, start: usize, has_head: bool, base: usize) -> Option<()> {
        self.scratch.clear();
        self.scratch.push_str(self.out.get(start..)?);
        self.out.truncate(start);
        let mut has_extra = false;
        for (index, piece) in self.pieces.get(base..)?.iter().enumerate() {
            if index > 0 || has_head {
                self.out.push(',');
            }
            if piece.place == EXTRA && !has_extra {
                has_extra = true;
                self.out.push_str(EXTRA_OPENS);
            }
            self.out
                .push_str(self.scratch.get(piece.range.start - start..piece.range.end - start)?);
        }
        Some(())
    }

    /// Whether a field came, by its wire name.
    fn has(&self, shape: &Shape, open: &Open, wanted: &str) -> bool {
        if let Some(index) = position(shape, wanted, 0) {
            return open.came & bit(index) != 0;
        }
        let mut extra = self.pieces.iter().skip(open.base).filter(|piece| piece.place == EXTRA);
        extra.any(|piece| self.name_of(piece).is_some_and(|name| name == wanted))
    }

    /// The name of a piece that is no known field's, without its quotes.
    fn name_of(&self, piece: &Piece) -> Option<&str> {
        let Range { start, .. } = piece.range;
        self.out.get(start + 1..(start + piece.name).checked_sub(1)?)
    }

    /// Gives nothing when one of the names of the pieces from `base` on comes twice.
    pub(super) fn are_names_different(&mut self, base: usize) -> Option<()> {
        const FEW: usize = 16;
        let pieces = self.pieces.get(base..)?;
        let names = || pieces.iter().filter(|piece| piece.name > 0).map(|piece| self.name_of(piece));
        if pieces.len() <= FEW {
            let is_twice = |(index, name)| names().take(index).any(|other| other == name);
            return (!names().enumerate().any(is_twice)).then_some(());
        }
        let mut names: Vec<_> = names().collect();
        names.sort_unstable();
        names.is_sorted_by(|one, other| one < other).then_some(())
    }

    fn name(&mut self, name: &str) {
        self.quote(name);
        self.out.push(':');
    }

    /// Writes a text of the contract: none of them has anything to escape.
    fn quote(&mut self, text: &str) {
        self.out.push('"');
        self.out.push_str(text);
        self.out.push('"');
    }
}

const EXTRA_OPENS: &str = "\"extra\":{";

/// The bit of the field at `index`; none is that large an object's.
pub(in crate::model) fn bit(index: usize) -> u128 {
    u32::try_from(index)
        .ok()
        .and_then(|index| 1_u128.checked_shl(index))
        .unwrap_or_default()
}

/// The index of a field by its wire name. Servers write fields in the same order every time, so the one after the last is tried first.
pub(in crate::model) fn position(shape: &Shape, name: &str, next: usize) -> Option<usize> {
    let is_named = |field: &Field| field.wire == name;
    if shape.fields.get(next).is_some_and(is_named) {
        return Some(next);
    }
    shape.fields.iter().position(is_named)
}
