//! From the JSON of an answer straight to the JSON text of a language: what was read from the wire and is written again as it came is copied, and
//! nothing in between is held as a value.
//!
//! It gives the very text that reading the answer as a model and writing that gives, or nothing: what is rare (a field that comes twice, a required
//! one that is missing, JSON that is none) is left to the model.

mod loose;
mod object;
mod scalar;
#[cfg(test)]
pub(super) mod tests;

use super::cursor::Cursor;
use super::style::Style;
use super::{Kind, Shape};
use object::Piece;
pub(super) use object::{bit, position};

/// Deeper JSON is left to the JSON library, which has a limit of its own that is a little higher.
pub(super) const DEEPEST: usize = 100;

/// The text of an answer of the given shape.
pub(crate) fn transcode(shape: &'static Shape, json: &[u8], style: Style) -> Option<String> {
    let json = std::str::from_utf8(json).ok()?;
    let (text, length) = transcode_start(shape, json, style)?;
    json.get(length..)?.trim_ascii().is_empty().then_some(text)
}

/// The text of the answer of the given shape that JSON begins with, and how long that answer is.
pub(crate) fn transcode_start(shape: &'static Shape, text: &str, style: Style) -> Option<(String, usize)> {
    let mut scribe = Scribe {
        cursor: Cursor::new(text),
        style,
        out: String::with_capacity(text.len() + text.len() / 8),
        pieces: Vec::new(),
        scratch: String::new(),
        depth: 0,
        seen_variant: None,
        patience: text.len().saturating_mul(3),
    };
    scribe.model(shape)?;
    Some((scribe.out, scribe.cursor.at))
}

/// What became of a value.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Written,
    /// It does not fit its type; nothing was written, and the cursor stands anywhere.
    Misfit,
}

struct Scribe<'a> {
    cursor: Cursor<'a>,
    style: Style,
    out: String,
    /// What was written of the objects that are open, the innermost one's last.
    pieces: Vec<Piece>,
    /// For the object that is put into order.
    scratch: String,
    depth: usize,
    /// The variant of the last object that was one of several models; that of the next is likely the same.
    seen_variant: Option<(&'static str, usize)>,
    /// How many bytes may still be read a second time.
    patience: usize,
}

impl Scribe<'_> {
    /// Writes a value that is not null.
    fn value(&mut self, kind: &'static Kind) -> Option<Fate> {
        let first = self.cursor.peek()?;
        match (kind, first) {
            (Kind::Model(shape), b'{') => self.model(shape)?,
            (Kind::Union(union), b'{') => self.union(union)?,
            (Kind::List(item), b'[') => self.list(item)?,
            (Kind::Map(item), b'{') => self.map(item)?,
            (Kind::Json, _) => self.loose()?,
            (Kind::Model(_) | Kind::Union(_) | Kind::List(_) | Kind::Map(_), _) => return Some(Fate::Misfit),
            (Kind::Text | Kind::Integer | Kind::Number | Kind::Boolean, _) => return self.scalar(kind, first),
        }
        Some(Fate::Written)
    }

    /// Passes a null, and tells whether there was one.
    fn is_null(&mut self) -> Option<bool> {
        if self.cursor.peek()? != b'n' {
            return Some(false);
        }
        self.cursor.word("null")?;
        Some(true)
    }

    /// Writes an item of a list or a value of a map, which is not null.
    fn item(&mut self, kind: &'static Kind) -> Option<()> {
        let (start, written) = (self.cursor.at, self.out.len());
        match self.value(kind)? {
            Fate::Written => Some(()),
            Fate::Misfit => {
                self.out.truncate(written);
                self.cursor.at = start;
                self.salvage(kind)
            }
        }
    }

    fn list(&mut self, kind: &'static Kind) -> Option<()> {
        self.enter()?;
        self.cursor.take(b'[')?;
        self.out.push('[');
        let start = self.out.len();
        let mut is_open = !self.cursor.is_empty(b']')?;
        while is_open {
            if !self.is_null()? {
                if self.out.len() > start {
                    self.out.push(',');
                }
                self.item(kind)?;
            }
            is_open = self.cursor.is_more(b']')?;
        }
        self.out.push(']');
        self.leave();
        Some(())
    }

    fn enter(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= DEEPEST).then_some(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Goes back to read once more what was read from `start` on.
    fn back_to(&mut self, start: usize) -> Option<()> {
        self.patience = self.patience.checked_sub(self.cursor.at.saturating_sub(start))?;
        self.cursor.at = start;
        Some(())
    }
}
