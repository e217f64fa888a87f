//! Texts, numbers and truth values, each made of the other where a model would.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::{Fate, Scribe};
use crate::model::Kind;

impl Scribe<'_> {
    pub(super) fn scalar(&mut self, kind: &Kind, first: u8) -> Option<Fate> {
        match first {
            b'"' => self.text_as(kind),
            b'-' | b'0'..=b'9' => self.number_as(kind),
            b't' | b'f' if matches!(kind, Kind::Boolean) => self.truth(first),
            _ => Some(Fate::Misfit),
        }
    }

    pub(super) fn truth(&mut self, first: u8) -> Option<Fate> {
        let word = if first == b't' { "true" } else { "false" };
        self.cursor.word(word)?;
        self.out.push_str(word);
        Some(Fate::Written)
    }

    fn text_as(&mut self, kind: &Kind) -> Option<Fate> {
        let quoted = self.cursor.quoted()?;
        match kind {
            Kind::Text => {
                quoted.write(&mut self.out)?;
            }
            Kind::Integer => {
                let Ok(number) = quoted.text()?.parse::<i64>() else {
                    return Some(Fate::Misfit);
                };
                write!(self.out, "{number}").ok()?;
            }
            Kind::Number => {
                let number = quoted.text()?.parse::<f64>();
                let Some(number) = number.ok().filter(|number| number.is_finite()) else {
                    return Some(Fate::Misfit);
                };
                self.float(number)?;
            }
            _ => return Some(Fate::Misfit),
        }
        Some(Fate::Written)
    }

    fn number_as(&mut self, kind: &Kind) -> Option<Fate> {
        let digits = self.cursor.digits()?;
        let number = || digits.number();
        match kind {
            Kind::Integer if digits.is_canonical => self.out.push_str(digits.json),
            Kind::Integer => match number()?.as_i64() {
                Some(number) => write!(self.out, "{number}").ok()?,
                None => return Some(Fate::Misfit),
            },
            Kind::Number => match number()?.as_f64() {
                Some(number) => self.float(number)?,
                None => return Some(Fate::Misfit),
            },
            Kind::Text => {
                let text: Cow<'_, str> = if digits.is_canonical {
                    digits.json.into()
                } else {
                    number()?.to_string().into()
                };
                self.out.push('"');
                self.out.push_str(&text);
                self.out.push('"');
            }
            _ => return Some(Fate::Misfit),
        }
        Some(Fate::Written)
    }

    fn float(&mut self, number: f64) -> Option<()> {
        self.out.push_str(&serde_json::to_string(&number).ok()?);
        Some(())
    }
}
