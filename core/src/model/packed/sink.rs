//! Packs the values that are read.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::object::{Entries, IS_PART, Models, Packed, Part, Parts, Rest, Shared, Store, words};
use super::texts::Texts;
use crate::json::{ReadError, Scalar, Sink, Source, Start, Tokens};
use crate::schema::{Field, Kind, Shape, bit};

type Result<T> = std::result::Result<T, ReadError>;

pub(super) struct PackedSink {
    shared: Shared,
    texts: Texts,
    rows: Vec<u32>,
    /// The fields of the open objects that have a value, and the offset of each, the innermost object's last.
    fields: Vec<(usize, u32)>,
}

/// A place for one value.
pub(super) enum Place<'s> {
    Root(&'s mut Option<Packed>),
    Field(&'s mut Rest, usize),
    Next(&'s mut Items),
}

/// An object that is being made.
pub(super) struct Object<'o> {
    place: Place<'o>,
    shape: &'static Shape,
    rest: Rest,
    /// Where its fields begin in [`PackedSink::fields`].
    base: usize,
}

/// The items of a list that is being made: objects, or anything else. Or the entries of an object with free names, and the name of the next one.
#[derive(Default)]
pub(super) struct Items {
    models: Vec<Packed>,
    parts: Vec<Part>,
    entries: BTreeMap<Box<str>, Part>,
    name: Option<Box<str>>,
}

/// A list, or an object with free names, that is being made.
pub(super) struct Many<'m> {
    place: Place<'m>,
    container: Start,
    items: Items,
}

impl PackedSink {
    /// For an answer whose JSON has this length.
    pub(super) fn for_bytes(bytes: usize) -> Self {
        Self {
            shared: Shared::default(),
            texts: Texts::with_capacity(bytes / 2),
            rows: Vec::with_capacity(bytes / 16),
            fields: Vec::new(),
        }
    }

    /// Hands the texts and rows over to the objects.
    pub(super) fn finish(self) -> Result<()> {
        let store = Store {
            texts: self.texts.into_text(),
            rows: self.rows.into(),
        };
        self.shared.set(store).map_err(|_| ReadError::Mismatch)
    }

    fn add(&mut self, text: &str) -> Result<u32> {
        self.texts.add(text).ok_or(ReadError::OverBudget)
    }

    fn put(&mut self, place: Place<'_>, part: Part) -> Result<()> {
        match (place, part) {
            (Place::Root(root), Part::Model(packed)) => *root = Some(packed),
            (Place::Root(_), _) => return Err(ReadError::Mismatch),
            (Place::Field(rest, index), part) => {
                let offset = u32::try_from(rest.parts.len()).map_err(|_| ReadError::OverBudget)?;
                rest.parts.push(part);
                self.fields.push((index, offset | IS_PART));
            }
            (Place::Next(items), part) => match (items.name.take(), part) {
                (Some(name), part) => drop(items.entries.insert(name, part)),
                (None, Part::Model(packed)) => items.models.push(packed),
                (None, part) => items.parts.push(part),
            },
        }
        Ok(())
    }

    /// Writes the row of an object whose fields stand from `base` on, and returns its offset.
    fn row(&mut self, shape: &Shape, base: usize) -> Result<u32> {
        let fields = self.fields.get_mut(base..).unwrap_or_default();
        let bits = fields.iter().fold(0, |bits, (index, _)| bits | bit(*index));
        if !fields.is_sorted_by_key(|(index, _)| *index) {
            fields.sort_by_key(|(index, _)| *index);
        }
        let row = u32::try_from(self.rows.len()).map_err(|_| ReadError::OverBudget)?;
        let words = (0..words(shape)).map(|word| (bits >> (word * u32::BITS as usize)) & u128::from(u32::MAX));
        self.rows.extend(words.map(|word| u32::try_from(word).unwrap_or_default()));
        if fields.len() == bits.count_ones() as usize {
            self.rows.extend(fields.iter().map(|(_, offset)| *offset));
        } else {
            // Of a field that came twice, the last value counts. The sort is stable.
            let last = fields.chunk_by(|(one, _), (other, _)| one == other).filter_map(<[_]>::last);
            self.rows.extend(last.map(|(_, offset)| *offset));
        }
        self.fields.truncate(base);
        Ok(row)
    }
}

impl Part {
    fn of(scalar: Scalar<'_>) -> Result<Self> {
        Ok(match scalar {
            Scalar::Text(text) => Self::Text(text.decode().into()),
            Scalar::Digits(digits) => Self::Integer(digits.parse().map_err(|_| ReadError::Mismatch)?),
            Scalar::Integer(number) => Self::Integer(number),
            Scalar::Number(number) => Self::Number(number),
            Scalar::Boolean(truth) => Self::Boolean(truth),
            Scalar::Constant(constant) => Self::Text(constant.into()),
        })
    }
}

impl Sink for PackedSink {
    type Slot<'s> = Place<'s>;
    type Object<'o> = Object<'o>;
    type Many<'m> = Many<'m>;

    /// A list that is missing is read as an empty one.
    fn stores_missing(field: &Field) -> bool {
        !matches!(field.kind, Kind::List(_))
    }

    fn reborrow<'b>(slot: &'b mut Place<'_>) -> Place<'b> {
        match slot {
            Place::Root(root) => Place::Root(root),
            Place::Field(rest, index) => Place::Field(rest, *index),
            Place::Next(items) => Place::Next(items),
        }
    }

    #[allow(clippy::inline_always)] // called for every value; a call would cost a twentieth of the time
    #[inline(always)]
    fn scalar(&mut self, slot: Place<'_>, scalar: Scalar<'_>) -> Result<()> {
        let Place::Field(_, index) = slot else {
            return self.put(slot, Part::of(scalar)?);
        };
        let offset = match scalar {
            Scalar::Text(text) => match text.as_plain() {
                Some(text) => self.add(text),
                None => self.add(&text.decode()),
            },
            Scalar::Digits(text) | Scalar::Constant(text) => self.add(text),
            Scalar::Integer(number) => self.add(&number.to_string()),
            Scalar::Number(number) => self.add(&number.to_string()),
            Scalar::Boolean(truth) => self.add(if truth { "true" } else { "false" }),
        };
        self.fields.push((index, offset?));
        Ok(())
    }

    fn json<T: Tokens>(&mut self, slot: Place<'_>, source: &mut Source<T>) -> Result<()> {
        let value = source.value()?;
        self.put(slot, Part::Json(value))
    }

    fn open_object<'o>(&mut self, slot: Place<'o>, shape: &'static Shape, _: Option<usize>) -> Result<Object<'o>>
    where
        Self: 'o,
    {
        Ok(Object {
            place: slot,
            shape,
            rest: Rest::default(),
            base: self.fields.len(),
        })
    }

    #[inline]
    fn field<'s>(&mut self, object: &'s mut Object<'_>, index: usize, _: &'static Field) -> Result<Place<'s>> {
        Ok(Place::Field(&mut object.rest, index))
    }

    fn constant(&mut self, _: &mut Object<'_>, _: usize, _: &'static Field, _: &'static str) -> Result<()> {
        Ok(())
    }

    fn extra<T: Tokens>(&mut self, object: &mut Object<'_>, name: &str, source: &mut Source<T>) -> Result<()> {
        object.rest.extra.insert(name, source.value()?);
        Ok(())
    }

    fn close_object(&mut self, object: Object<'_>) -> Result<()> {
        let Object { place, shape, rest, base } = object;
        let mut rest = rest;
        rest.parts.shrink_to_fit();
        let packed = Packed {
            shared: Arc::clone(&self.shared),
            shape,
            rest: (!rest.is_empty()).then(|| Box::new(rest)),
            row: self.row(shape, base)?,
        };
        self.put(place, Part::Model(packed))
    }

    fn open_many<'m>(&mut self, slot: Place<'m>, container: Start) -> Result<Many<'m>>
    where
        Self: 'm,
    {
        Ok(Many {
            place: slot,
            container,
            items: Items::default(),
        })
    }

    fn next<'s>(&mut self, many: &'s mut Many<'_>, name: Option<String>) -> Result<Place<'s>> {
        many.items.name = name.map(String::into);
        Ok(Place::Next(&mut many.items))
    }

    fn close_many(&mut self, many: Many<'_>) -> Result<()> {
        let Items {
            models,
            mut parts,
            entries,
            ..
        } = many.items;
        parts.shrink_to_fit();
        let part = match many.container {
            Start::Object => Part::Map(Entries(entries)),
            _ if models.is_empty() => Part::List(Parts(parts)),
            _ => Part::Models(Models(models.into())),
        };
        self.put(many.place, part)
    }

    fn mark(&self) -> [usize; 3] {
        [self.texts.len(), self.rows.len(), self.fields.len()]
    }

    fn rewind(&mut self, [texts, rows, fields]: [usize; 3]) {
        self.texts.truncate(texts);
        self.rows.truncate(rows);
        self.fields.truncate(fields);
    }
}
