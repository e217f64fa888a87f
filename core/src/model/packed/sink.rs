//! Packs the values that are read.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::object::{Entries, IS_PART, Models, Packed, Part, Parts, Rest, Shared, Store, words};
use super::texts::Texts;
use crate::json::{ReadError, Scalar, Sink, Source, Tokens};
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
    Item(&'s mut Items),
    Entry(&'s mut Named),
}

/// An object that is being made.
pub(super) struct Object<'o> {
    place: Place<'o>,
    shape: &'static Shape,
    rest: Rest,
    /// Where its fields begin in [`PackedSink::fields`].
    base: usize,
}

/// The items of a list that is being made: objects, or anything else.
#[derive(Default)]
pub(super) struct Items {
    models: Vec<Packed>,
    parts: Vec<Part>,
}

/// The entries of an object with free names that is being made, and the name of the next one.
#[derive(Default)]
pub(super) struct Named {
    entries: BTreeMap<Box<str>, Part>,
    name: Box<str>,
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
            (Place::Item(items), Part::Model(packed)) => items.models.push(packed),
            (Place::Item(items), part) => items.parts.push(part),
            (Place::Entry(named), part) => {
                named.entries.insert(std::mem::take(&mut named.name), part);
            }
        }
        Ok(())
    }

    /// Writes the row of an object whose fields stand from `base` on, and returns its offset.
    fn row(&mut self, shape: &Shape, base: usize) -> Result<u32> {
        let fields = self.fields.get_mut(base..).unwrap_or_default();
        let (mut bits, mut is_sorted) = (0_u128, true);
        for (index, _) in &*fields {
            let bit = bit(*index);
            is_sorted &= bit > bits;
            bits |= bit;
        }
        if !is_sorted {
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
    type List<'l> = (Place<'l>, Items);
    type Map<'m> = (Place<'m>, Named);
    type Mark = (usize, usize, usize);

    /// A list that is missing is read as an empty one.
    fn stores_missing(field: &Field) -> bool {
        !matches!(field.kind, Kind::List(_))
    }

    fn reborrow<'b>(slot: &'b mut Place<'_>) -> Place<'b> {
        match slot {
            Place::Root(root) => Place::Root(root),
            Place::Field(rest, index) => Place::Field(rest, *index),
            Place::Item(items) => Place::Item(items),
            Place::Entry(named) => Place::Entry(named),
        }
    }

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

    fn open_list<'l>(&mut self, slot: Place<'l>, _: &'static Kind) -> Result<(Place<'l>, Items)>
    where
        Self: 'l,
    {
        Ok((slot, Items::default()))
    }

    fn item<'s>(&mut self, (_, items): &'s mut (Place<'_>, Items)) -> Result<Place<'s>> {
        Ok(Place::Item(items))
    }

    fn close_list(&mut self, (place, items): (Place<'_>, Items)) -> Result<()> {
        let Items { models, mut parts } = items;
        parts.shrink_to_fit();
        let part = if models.is_empty() {
            Part::List(Parts(parts))
        } else {
            Part::Models(Models(models.into()))
        };
        self.put(place, part)
    }

    fn open_map<'m>(&mut self, slot: Place<'m>) -> Result<(Place<'m>, Named)>
    where
        Self: 'm,
    {
        Ok((slot, Named::default()))
    }

    fn entry<'s>(&mut self, (_, named): &'s mut (Place<'_>, Named), name: String) -> Result<Place<'s>> {
        named.name = name.into();
        Ok(Place::Entry(named))
    }

    fn close_map(&mut self, (place, named): (Place<'_>, Named)) -> Result<()> {
        self.put(place, Part::Map(Entries(named.entries)))
    }

    fn mark(&self) -> (usize, usize, usize) {
        (self.texts.len(), self.rows.len(), self.fields.len())
    }

    fn rewind(&mut self, (texts, rows, fields): &(usize, usize, usize)) {
        self.texts.truncate(*texts);
        self.rows.truncate(*rows);
        self.fields.truncate(*fields);
    }
}
