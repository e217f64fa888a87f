//! Reading an answer: typed as far as its values fit, and nothing lost where they do not.
//!
//! Most answers are only assumed to look as the contract says. A number where text was expected becomes text; a value that cannot be made to fit
//! leaves its field unset and is kept in [`Extra`] under its wire name. Only an answer that lacks a required field is an error.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{AnyModel, Extra, Field, Model, Ref, Shape};

/// Makes the typed answer of an operation from the JSON of its data.
pub type Decoder = fn(&[u8]) -> Result<AnyModel, serde_json::Error>;

/// The [`Decoder`] of a model.
pub fn decode<T: ReadModel>(json: &[u8]) -> Result<AnyModel, serde_json::Error> {
    let model: T = from_json(json)?;
    Ok(Box::new(model))
}

/// Makes the typed answer of an operation from the data that JSON begins with, and tells how long that is.
pub type AnswerReader = fn(&str) -> Result<(AnyModel, usize), serde_json::Error>;

/// The [`AnswerReader`] of a model.
pub fn read_answer<T: ReadModel>(json: &str) -> Result<(AnyModel, usize), serde_json::Error> {
    let (model, length): (T, usize) = read_start(json)?;
    Ok((Box::new(model), length))
}

/// Reads the answer that the whole of `data` is.
pub(crate) fn read_whole(read: AnswerReader, data: &[u8]) -> Result<AnyModel, serde_json::Error> {
    let json = text(data)?;
    let (model, length) = read(json)?;
    serde_json::Deserializer::from_str(json.get(length..).unwrap_or_default()).end()?;
    Ok(model)
}

pub(crate) fn from_json<T: ReadModel>(json: &[u8]) -> Result<T, serde_json::Error> {
    let json = text(json)?;
    let (model, length) = read_start(json)?;
    serde_json::Deserializer::from_str(json.get(length..).unwrap_or_default()).end()?;
    Ok(model)
}

/// Whether JSON is UTF-8 is quicker to tell for all of it at once than text by text.
fn text(json: &[u8]) -> Result<&str, serde_json::Error> {
    std::str::from_utf8(json).map_err(|error| {
        let first = serde_json::from_slice::<Value>(json).err();
        first.unwrap_or_else(|| serde::de::Error::custom(error))
    })
}

/// Reads the model that JSON begins with, and tells how long that is.
pub(crate) fn read_start<T: ReadModel>(json: &str) -> Result<(T, usize), serde_json::Error> {
    let mut values = serde_json::Deserializer::from_str(json).into_iter::<Whole<T>>();
    match values.next() {
        Some(read) => Ok((read?.0, values.byte_offset())),
        None => serde_json::from_str(json).map(|Whole(model)| (model, json.len())),
    }
}

/// A model that stands by itself.
struct Whole<T>(T);

impl<'de, T: ReadModel> Deserialize<'de> for Whole<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_model(deserializer).map(Self)
    }
}

/// A model that can be read from JSON.
pub trait ReadModel: Model + Default {
    /// Its fields.
    const SHAPE: &'static Shape;
    /// Reads the next value of `map` into the field at `index`, and gives it back when it does not fit.
    fn read_field<'de, A: MapAccess<'de>>(&mut self, index: usize, map: &mut A) -> Result<Option<Value>, A::Error>;
    /// Where to keep what does not fit.
    fn extra_mut(&mut self) -> &mut Extra;
}

/// A value that was read, or the JSON that could not become one.
#[doc(hidden)]
#[allow(missing_debug_implementations)] // its values may be people's data
pub enum Fit<T> {
    Fits(T),
    Null,
    Misfit(Value),
}

impl<T> Fit<T> {
    fn map<U>(self, fits: impl FnOnce(T) -> U) -> Fit<U> {
        match self {
            Self::Fits(value) => Fit::Fits(fits(value)),
            Self::Null => Fit::Null,
            Self::Misfit(value) => Fit::Misfit(value),
        }
    }
}

/// A type that a field can have.
pub trait Slot: Sized + Send + Sync + 'static {
    /// The value, borrowed.
    fn view(&self) -> Ref<'_>;
    /// Reads a value, whatever JSON comes.
    #[doc(hidden)]
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fit<Self>, D::Error>;
    /// The same for an element of a list, which is probably like the `last` one.
    #[doc(hidden)]
    fn read_after<'de, D: Deserializer<'de>>(last: Option<&Self>, deserializer: D) -> Result<Fit<Self>, D::Error> {
        let _ = last;
        Self::read(deserializer)
    }
    /// What an element of a list becomes when its JSON does not fit.
    #[doc(hidden)]
    #[must_use]
    fn salvage(value: Value) -> Option<Self> {
        drop(value);
        None
    }
}

/// Reads the next value of `map` into `slot`, and gives it back when it does not fit.
pub fn read_slot<'de, T: Slot, A: MapAccess<'de>>(slot: &mut T, map: &mut A) -> Result<Option<Value>, A::Error> {
    Ok(match map.next_value_seed(SlotSeed::<T>(PhantomData))? {
        Fit::Fits(value) => {
            *slot = value;
            None
        }
        Fit::Null => None,
        Fit::Misfit(value) => Some(value),
    })
}

/// Reads the next value of `map`, which can only be `constant`, and gives it back when it is not.
pub fn read_constant<'de, A: MapAccess<'de>>(constant: &str, map: &mut A) -> Result<Option<Value>, A::Error> {
    let value: Value = map.next_value()?;
    Ok(Some(value).filter(|value| !value.is_null() && value.as_str() != Some(constant)))
}

/// Passes over the next value of `map`.
pub fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<Value>, A::Error> {
    map.next_value::<IgnoredAny>().map(|_| None)
}

struct SlotSeed<T>(PhantomData<T>);

impl<'de, T: Slot> DeserializeSeed<'de> for SlotSeed<T> {
    type Value = Fit<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Fit<T>, D::Error> {
        T::read(deserializer)
    }
}

impl Slot for Value {
    fn view(&self) -> Ref<'_> {
        Ref::Json(self)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fit<Self>, D::Error> {
        let value = Self::deserialize(deserializer)?;
        Ok(if value.is_null() { Fit::Null } else { Fit::Fits(value) })
    }

    fn salvage(value: Value) -> Option<Self> {
        Some(value)
    }
}

impl<T: Slot> Slot for Option<T> {
    fn view(&self) -> Ref<'_> {
        self.as_ref().map_or(Ref::Absent, Slot::view)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fit<Self>, D::Error> {
        Ok(T::read(deserializer)?.map(Some))
    }
}

impl<T: Slot> Slot for Box<T> {
    fn view(&self) -> Ref<'_> {
        T::view(self)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fit<Self>, D::Error> {
        Ok(T::read(deserializer)?.map(Self::new))
    }
}

impl<T: Slot> Slot for Vec<T> {
    fn view(&self) -> Ref<'_> {
        Ref::List(self)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fit<Self>, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

impl<T: Slot> Slot for BTreeMap<String, T> {
    fn view(&self) -> Ref<'_> {
        Ref::Map(self)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fit<Self>, D::Error> {
        deserializer.deserialize_any(MapVisitor(PhantomData))
    }
}

struct ElementSeed<'a, T>(Option<&'a T>);

impl<'de, T: Slot> DeserializeSeed<'de> for ElementSeed<'_, T> {
    type Value = Fit<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Fit<T>, D::Error> {
        T::read_after(self.0, deserializer)
    }
}

/// The `visit_*` methods of everything that is neither a list nor an object.
macro_rules! misfits {
    () => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("any JSON")
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Fit::Null)
        }
        fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
            Ok(Fit::Misfit(value.into()))
        }
        fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
            Ok(Fit::Misfit(value.into()))
        }
        fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
            Ok(Fit::Misfit(value.into()))
        }
        fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
            Ok(Fit::Misfit(value.into()))
        }
        fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
            Ok(Fit::Misfit(value.into()))
        }
    };
}

pub(super) use misfits;

pub(super) fn seq_as_value<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Value, A::Error> {
    let mut values = Vec::new();
    while let Some(value) = seq.next_element()? {
        values.push(value);
    }
    Ok(Value::Array(values))
}

fn map_as_value<'de, A: MapAccess<'de>>(mut map: A) -> Result<Value, A::Error> {
    let mut values = serde_json::Map::new();
    while let Some((name, value)) = map.next_entry()? {
        values.insert(name, value);
    }
    Ok(Value::Object(values))
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Slot> Visitor<'de> for ListVisitor<T> {
    type Value = Fit<Vec<T>>;

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut list: Vec<T> = Vec::new();
        while let Some(fit) = seq.next_element_seed(ElementSeed(list.last()))? {
            match fit {
                Fit::Fits(value) => list.push(value),
                Fit::Null => {}
                Fit::Misfit(value) => list.extend(T::salvage(value)),
            }
        }
        // What it has grown beyond its end would be held as long as the answer is.
        list.shrink_to_fit();
        Ok(Fit::Fits(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        map_as_value(map).map(Fit::Misfit)
    }

    misfits!();
}

struct MapVisitor<T>(PhantomData<T>);

impl<'de, T: Slot> Visitor<'de> for MapVisitor<T> {
    type Value = Fit<BTreeMap<String, T>>;

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            match map.next_value_seed(SlotSeed::<T>(PhantomData))? {
                Fit::Fits(value) => {
                    entries.insert(name, value);
                }
                Fit::Null => {}
                Fit::Misfit(value) => {
                    if let Some(value) = T::salvage(value) {
                        entries.insert(name, value);
                    }
                }
            }
        }
        Ok(Fit::Fits(entries))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        seq_as_value(seq).map(Fit::Misfit)
    }

    misfits!();
}

/// Where a whole answer is kept that is no object at all.
const WHOLE: &str = "data";

/// Reads a model; JSON that is no object is kept whole in its extra fields.
pub(crate) fn read_model<'de, T: ReadModel, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let model = match deserializer.deserialize_any(ModelVisitor::<T>(PhantomData))? {
        Fit::Fits(model) => model,
        Fit::Null => T::default(),
        Fit::Misfit(value) => whole(value),
    };
    require(&model)?;
    Ok(model)
}

/// Refuses a model that lacks a required field.
pub(super) fn require<E: serde::de::Error>(model: &dyn Model) -> Result<(), E> {
    let mut fields = model.shape().fields.iter().enumerate();
    match fields.find(|(index, field)| field.required && matches!(model.get(*index), Ref::Absent | Ref::Text(""))) {
        Some((_, field)) => Err(E::custom(format_args!("it has no `{}`", field.wire))),
        None => Ok(()),
    }
}

/// A model that holds nothing but a value that does not fit it.
pub(crate) fn whole<T: ReadModel>(value: Value) -> T {
    let mut model = T::default();
    model.extra_mut().insert(WHOLE, value);
    model
}

pub(crate) struct ModelVisitor<T>(pub(crate) PhantomData<T>);

impl<'de, T: ReadModel> Visitor<'de> for ModelVisitor<T> {
    type Value = Fit<T>;

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut model = T::default();
        read_fields(&mut model, &mut map)?;
        Ok(Fit::Fits(model))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        seq_as_value(seq).map(Fit::Misfit)
    }

    misfits!();
}

/// Reads the fields of an object into a model.
pub fn read_fields<'de, T: ReadModel, A: MapAccess<'de>>(model: &mut T, map: &mut A) -> Result<(), A::Error> {
    let mut expected = 0;
    while let Some(key) = map.next_key_seed(KeySeed { shape: T::SHAPE, expected })? {
        match key {
            Key::Known(index) => {
                expected = index + 1;
                if let Some(misfit) = model.read_field(index, map)? {
                    model.extra_mut().insert(T::SHAPE.fields[index].wire, misfit);
                }
            }
            Key::Unknown(name) => {
                let value: Value = map.next_value()?;
                model.extra_mut().insert(name, value);
            }
        }
    }
    Ok(())
}

pub(super) enum Key {
    Known(usize),
    Unknown(String),
}

/// Tells which field a name is without copying it. Servers write fields in one order and leave some out, so the search begins after the last one.
pub(super) struct KeySeed {
    pub(super) shape: &'static Shape,
    pub(super) expected: usize,
}

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Key, E> {
        let fields = self.shape.fields;
        let (before, after) = fields.split_at(self.expected.min(fields.len()));
        let find = |fields: &[Field]| fields.iter().position(|field| field.wire == name);
        Ok(match find(after) {
            Some(index) => Key::Known(before.len() + index),
            None => find(before).map_or_else(|| Key::Unknown(name.to_owned()), Key::Known),
        })
    }
}

/// The body of `impl Slot` for a model.
macro_rules! model_slot {
    () => {
        fn view(&self) -> $crate::model::Ref<'_> {
            $crate::model::Ref::Model(self)
        }

        fn read<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<$crate::model::Fit<Self>, D::Error> {
            deserializer.deserialize_any($crate::model::ModelVisitor(std::marker::PhantomData))
        }

        fn salvage(value: serde_json::Value) -> Option<Self> {
            Some($crate::model::whole(value))
        }
    };
}
pub(crate) use model_slot;
