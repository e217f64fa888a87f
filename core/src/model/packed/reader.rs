//! One pass over the JSON, led by the shape.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::order::Order;
use super::part::{Entries, Models, Part, Parts, Rest};
use super::texts::Texts;
use super::{IS_PART, Packed, Shared, Store, words};
use crate::model::transcode::{DEEPEST, bit, position};
use crate::model::{Cursor, Field, Kind, Shape, UnionShape};

pub(super) struct Reader<'a> {
    cursor: Cursor<'a>,
    shared: Shared,
    texts: Texts,
    rows: Vec<u32>,
    /// Which fields came of the objects that are open, and where their values are; the innermost one's last.
    open: Vec<(usize, u32)>,
    order: Order,
    depth: usize,
    /// The variant of the last object that was one of several models; that of the next is likely the same.
    seen_variant: Option<(&'static str, usize)>,
    /// How many bytes may still be read a second time.
    patience: usize,
}

/// What became of a value.
enum Fate<T> {
    Fits(T),
    /// It does not fit its type, and the cursor stands anywhere.
    Misfit,
}

/// A union, and the variant that an object is read as.
#[derive(Clone, Copy)]
struct Guess {
    union: &'static UnionShape,
    variant: usize,
}

enum Outcome {
    Read(Packed),
    /// It is another variant than it was read as.
    Variant(usize),
}

impl<'a> Reader<'a> {
    pub(super) fn new(json: &'a str) -> Self {
        Self {
            cursor: Cursor::new(json),
            shared: Shared::default(),
            texts: Texts::with_capacity(json.len() / 2),
            rows: Vec::with_capacity(json.len() / 16),
            open: Vec::new(),
            order: Order::default(),
            depth: 0,
            seen_variant: None,
            patience: json.len().saturating_mul(3),
        }
    }

    /// The answer, and how long it is.
    pub(super) fn read(mut self, shape: &'static Shape) -> Option<(Packed, usize)> {
        let packed = self.model(shape)?;
        let store = Store {
            texts: self.texts.into_text(),
            rows: self.rows.into(),
        };
        self.shared.set(store).ok()?;
        Some((packed, self.cursor.at))
    }

    fn model(&mut self, shape: &'static Shape) -> Option<Packed> {
        match self.object(shape, None)? {
            Outcome::Read(packed) => Some(packed),
            Outcome::Variant(_) => None,
        }
    }

    fn union(&mut self, union: &'static UnionShape) -> Option<Packed> {
        let (start, texts, rows, open) = (self.cursor.at, self.texts.len(), self.rows.len(), self.open.len());
        let mut variant = match (union.discriminator(), self.seen_variant) {
            (Some(field), _) => self.tagged(union, field)?,
            (None, Some((name, variant))) if name == union.name => variant,
            (None, _) => 0,
        };
        loop {
            let shape = union.variants.get(variant)?.shape;
            match self.object(shape, Some(Guess { union, variant }))? {
                Outcome::Read(packed) => {
                    self.seen_variant = Some((union.name, variant));
                    return Some(packed);
                }
                Outcome::Variant(other) => {
                    variant = other;
                    self.back_to(start)?;
                    self.texts.truncate(texts);
                    self.rows.truncate(rows);
                    self.open.truncate(open);
                    self.depth -= 1;
                }
            }
        }
    }

    /// Looks for the field that names the variant. It is nearly always the first.
    fn tagged(&mut self, union: &'static UnionShape, discriminator: &Field) -> Option<usize> {
        let start = self.cursor.at;
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
            self.json()?;
            is_open = self.cursor.is_more(b'}')?;
        }
        self.back_to(start)?;
        Some(union.tagged(tag.as_deref()))
    }

    fn back_to(&mut self, start: usize) -> Option<()> {
        self.patience = self.patience.checked_sub(self.cursor.at.saturating_sub(start))?;
        self.cursor.at = start;
        Some(())
    }

    fn enter(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= DEEPEST).then_some(())
    }

    fn object(&mut self, shape: &'static Shape, guess: Option<Guess>) -> Option<Outcome> {
        self.enter()?;
        self.cursor.take(b'{')?;
        let base = self.open.len();
        let mut rest = Rest::default();
        let (mut came, mut next) = (0, 0);
        let mut is_open = !self.cursor.is_empty(b'}')?;
        while is_open {
            let likely = self.order.after(shape, next);
            let is_likely = match shape.fields.get(likely) {
                Some(field) => self.cursor.pass_name(field.wire)?,
                None => false,
            };
            let (name, index) = if is_likely {
                (None, Some(likely))
            } else {
                let name = self.cursor.name()?.text()?;
                let index = position(shape, &name, next);
                (Some(name), index)
            };
            if let Some(index) = index {
                let bit = bit(index);
                if bit == 0 || came & bit != 0 {
                    return None;
                }
                came |= bit;
                if !is_likely {
                    self.order.learn(next, index);
                }
                next = index + 1;
                self.field(shape.fields.get(index)?, index, &mut rest)?;
            } else {
                let name = name?;
                if rest.extra.get(&name).is_some() {
                    return None;
                }
                let value = self.json()?;
                rest.extra.insert(name, value);
            }
            is_open = self.cursor.is_more(b'}')?;
        }
        if let Some(Guess { union, variant }) = guess.filter(|guess| guess.union.discriminator.is_none()) {
            let has = |wanted: &str| match position(shape, wanted, 0) {
                Some(index) => came & bit(index) != 0,
                None => rest.extra.get(wanted).is_some(),
            };
            let actual = union.with_fields(has);
            if actual != variant {
                return Some(Outcome::Variant(actual));
            }
        }
        let row = self.close(shape, base)?;
        self.depth -= 1;
        rest.parts.shrink_to_fit();
        Some(Outcome::Read(Packed {
            shared: Arc::clone(&self.shared),
            shape,
            rest: (!rest.is_empty()).then(|| Box::new(rest)),
            row,
        }))
    }

    fn field(&mut self, field: &'static Field, index: usize, rest: &mut Rest) -> Option<()> {
        if self.is_null()? {
            return Some(());
        }
        let start = self.cursor.at;
        let place = match field.constant {
            Some(constant) => {
                if self.cursor.peek()? == b'"' && self.cursor.quoted()?.text()? == constant {
                    return Some(());
                }
                Fate::Misfit
            }
            None if field.kind.is_single() => self.place(field)?,
            None => self.place_of_part(&field.kind, rest)?,
        };
        if let Fate::Fits(place) = place {
            self.open.push((index, place));
        } else {
            self.cursor.at = start;
            let value = self.json()?;
            rest.extra.insert(field.wire, value);
        }
        Some(())
    }

    /// Where the value of a field is that has no other values in it.
    fn place(&mut self, field: &Field) -> Option<Fate<u32>> {
        let first = self.cursor.peek()?;
        let place = match field.kind {
            Kind::Text if first == b'"' => {
                let text = self.cursor.quoted()?;
                match text.plain() {
                    // A required text that is empty counts as missing in an answer as a whole.
                    Some("") if field.required && self.depth == 1 => None,
                    Some(text) => self.texts.add(text),
                    None => self.texts.add(&text.text()?),
                }
            }
            Kind::Text | Kind::Integer if first != b'"' => {
                let start = self.cursor.at;
                let digits = self.cursor.digits()?;
                if !digits.is_canonical {
                    self.cursor.at = start;
                    return self.odd_place(&field.kind);
                }
                self.texts.add(digits.json)
            }
            _ => return self.odd_place(&field.kind),
        };
        place.map(Fate::Fits)
    }

    #[cold]
    fn odd_place(&mut self, kind: &Kind) -> Option<Fate<u32>> {
        let place = match self.single(kind)? {
            Fate::Misfit => return Some(Fate::Misfit),
            Fate::Fits(Part::Text(text)) => self.texts.add(&text),
            Fate::Fits(Part::Integer(number)) => self.texts.add(&number.to_string()),
            Fate::Fits(Part::Number(number)) => self.texts.add(&number.to_string()),
            Fate::Fits(Part::Boolean(truth)) => self.texts.add(if truth { "true" } else { "false" }),
            Fate::Fits(_) => None,
        };
        place.map(Fate::Fits)
    }

    #[inline(never)]
    fn place_of_part(&mut self, kind: &'static Kind, rest: &mut Rest) -> Option<Fate<u32>> {
        let Fate::Fits(part) = self.part(kind)? else {
            return Some(Fate::Misfit);
        };
        let place = u32::try_from(rest.parts.len()).ok()?;
        rest.parts.push(part);
        Some(Fate::Fits(place | IS_PART))
    }

    /// A value that is not null.
    fn part(&mut self, kind: &'static Kind) -> Option<Fate<Part>> {
        let first = self.cursor.peek()?;
        Some(Fate::Fits(match (kind, first) {
            (Kind::Model(shape), b'{') => Part::Model(self.model(shape)?),
            (Kind::Union(union), b'{') => Part::Model(self.union(union)?),
            (Kind::List(item), b'[') => self.list(item)?,
            (Kind::Map(item), b'{') => self.map(item)?,
            (Kind::Json, _) => Part::Json(self.json()?),
            (Kind::Model(_) | Kind::Union(_) | Kind::List(_) | Kind::Map(_), _) => return Some(Fate::Misfit),
            (Kind::Text | Kind::Integer | Kind::Number | Kind::Boolean, _) => return self.single(kind),
        }))
    }

    /// A text, a number or a truth value, made of the other where a typed model would.
    fn single(&mut self, kind: &Kind) -> Option<Fate<Part>> {
        let value = match self.cursor.peek()? {
            b'{' | b'[' => return Some(Fate::Misfit),
            _ => self.json()?,
        };
        let part = match (kind, value) {
            (Kind::Text, Value::String(text)) => Some(Part::Text(text.into())),
            (Kind::Text, Value::Number(number)) => Some(Part::Text(number.to_string().into())),
            (Kind::Integer, Value::String(text)) => text.parse().ok().map(Part::Integer),
            (Kind::Integer, Value::Number(number)) => number.as_i64().map(Part::Integer),
            (Kind::Number, Value::String(text)) => text.parse().ok().filter(|number: &f64| number.is_finite()).map(Part::Number),
            (Kind::Number, Value::Number(number)) => number.as_f64().map(Part::Number),
            (Kind::Boolean, Value::Bool(truth)) => Some(Part::Boolean(truth)),
            _ => None,
        };
        Some(part.map_or(Fate::Misfit, Fate::Fits))
    }

    fn list(&mut self, kind: &'static Kind) -> Option<Part> {
        self.enter()?;
        self.cursor.take(b'[')?;
        let (mut models, mut parts) = (Vec::new(), Vec::new());
        let mut is_open = !self.cursor.is_empty(b']')?;
        while is_open {
            if !self.is_null()? {
                // What does not fit is left to the typed model.
                match self.part(kind)? {
                    Fate::Fits(Part::Model(model)) => models.push(model),
                    Fate::Fits(part) => parts.push(part),
                    Fate::Misfit => return None,
                }
            }
            is_open = self.cursor.is_more(b']')?;
        }
        self.depth -= 1;
        parts.shrink_to_fit();
        Some(if models.is_empty() {
            Part::List(Parts(parts))
        } else {
            Part::Models(Models(models.into()))
        })
    }

    fn map(&mut self, kind: &'static Kind) -> Option<Part> {
        self.enter()?;
        self.cursor.take(b'{')?;
        let mut entries = BTreeMap::new();
        let mut is_open = !self.cursor.is_empty(b'}')?;
        while is_open {
            let name = self.cursor.name()?.text()?;
            if !self.is_null()? {
                let Fate::Fits(part) = self.part(kind)? else { return None };
                if entries.insert(name.into(), part).is_some() {
                    return None;
                }
            }
            is_open = self.cursor.is_more(b'}')?;
        }
        self.depth -= 1;
        Some(Part::Map(Entries(entries)))
    }

    /// Passes a null, and tells whether there was one.
    fn is_null(&mut self) -> Option<bool> {
        if self.cursor.peek()? != b'n' {
            return Some(false);
        }
        self.cursor.word("null")?;
        Some(true)
    }

    /// Any JSON.
    fn json(&mut self) -> Option<Value> {
        let mut values = serde_json::Deserializer::from_str(self.cursor.rest_text()?).into_iter();
        let value = values.next()?.ok()?;
        self.cursor.at += values.byte_offset();
        // The JSON library counts from here on; a typed model's counts from the start.
        (self.depth + depth(&value) <= DEEPEST).then_some(value)
    }

    /// Writes the row of an object of which the fields stand from `base` on, and tells where.
    fn close(&mut self, shape: &'static Shape, base: usize) -> Option<u32> {
        let fields = self.open.get_mut(base..)?;
        let (mut bits, mut is_sorted) = (0_u128, true);
        for (index, _) in &*fields {
            let bit = bit(*index);
            is_sorted &= bit > bits;
            bits |= bit;
        }
        if !is_sorted {
            fields.sort_unstable_by_key(|(index, _)| *index);
        }
        let mut missing = all(shape)? & !bits;
        while missing != 0 {
            let field = shape.fields.get(missing.trailing_zeros() as usize)?;
            missing &= missing - 1;
            // Only the typed model knows what stands in the place of one that is missing.
            if field.required && field.constant.is_none() && !matches!(field.kind, Kind::List(_)) {
                return None;
            }
        }
        let row = u32::try_from(self.rows.len()).ok()?;
        for word in 0..words(shape) {
            self.rows
                .push((bits >> (word * u32::BITS as usize) & u128::from(u32::MAX)).try_into().ok()?);
        }
        self.rows.extend(fields.iter().map(|(_, place)| *place));
        self.open.truncate(base);
        Some(row)
    }
}

/// The bits of all fields.
fn all(shape: &Shape) -> Option<u128> {
    let unused = u128::BITS.checked_sub(u32::try_from(shape.fields.len()).ok()?)?;
    Some(u128::MAX.checked_shr(unused).unwrap_or_default())
}

/// How many levels JSON has.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}
