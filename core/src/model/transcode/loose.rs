//! JSON of which nothing is known.

use serde_json::Value;

use super::Scribe;
use super::object::Piece;
use crate::model::write::is_rounded;
use crate::model::{Case, Kind};

impl Scribe<'_> {
    /// Writes any JSON as it would be written after it was read.
    pub(super) fn loose(&mut self) -> Option<()> {
        match self.cursor.peek()? {
            b'{' => self.loose_object(),
            b'[' => self.loose_list(),
            b'"' => {
                self.cursor.quoted()?.write(&mut self.out)?;
                Some(())
            }
            first @ (b't' | b'f') => self.truth(first).map(drop),
            b'n' => {
                self.cursor.word("null")?;
                self.out.push_str("null");
                Some(())
            }
            _ => self.loose_number(),
        }
    }

    fn loose_number(&mut self) -> Option<()> {
        let digits = self.cursor.digits()?;
        if digits.is_canonical {
            self.out.push_str(digits.json);
            return Some(());
        }
        let number = digits.number()?;
        let quote = if self.style.case == Case::Camel && is_rounded(&number) {
            "\""
        } else {
            ""
        };
        for part in [quote, &number.to_string(), quote] {
            self.out.push_str(part);
        }
        Some(())
    }

    fn loose_list(&mut self) -> Option<()> {
        self.enter()?;
        self.cursor.take(b'[')?;
        self.out.push('[');
        let mut is_open = !self.cursor.is_empty(b']')?;
        while is_open {
            self.loose()?;
            is_open = self.cursor.is_more(b']')?;
            if is_open {
                self.out.push(',');
            }
        }
        self.out.push(']');
        self.leave();
        Some(())
    }

    fn loose_object(&mut self) -> Option<()> {
        self.enter()?;
        self.cursor.take(b'{')?;
        self.out.push('{');
        let base = self.pieces.len();
        let mut is_open = !self.cursor.is_empty(b'}')?;
        while is_open {
            let start = self.out.len();
            let name = self.cursor.name()?;
            let name = self.named(name)?;
            self.pieces.push(Piece::new(0, start..self.out.len(), name));
            is_open = self.cursor.is_more(b'}')?;
            if is_open {
                self.out.push(',');
            }
        }
        self.out.push('}');
        self.are_names_different(base)?;
        self.pieces.truncate(base);
        self.leave();
        Some(())
    }

    /// Writes what a list or a map holds in the place of an item that does not fit.
    pub(super) fn salvage(&mut self, kind: &Kind) -> Option<()> {
        let Kind::Text = kind else { return None };
        let (start, written) = (self.cursor.at, self.out.len());
        self.loose()?;
        self.out.truncate(written);
        let value: Value = serde_json::from_str(self.cursor.since(start)?).ok()?;
        self.out.push_str(&serde_json::to_string(&value.to_string()).ok()?);
        Some(())
    }
}
