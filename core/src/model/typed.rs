//! Reads into typed models.

use serde_json::Value;

use super::{ListMut, MapMut, ModelMut, Slot, Typed, TypedUnion};
use crate::json::{Budget, JsonTokens, ReadError, Reader, Scalar, Sink, Source, Tokens};
use crate::schema::{Field, Kind, Shape};

type Result<T> = std::result::Result<T, ReadError>;

/// Reads the model that the whole of `json` is.
pub(crate) fn read_typed<T: Typed>(json: &str, budget: Budget) -> Result<T> {
    let mut model = T::default();
    let slot: &mut dyn ModelMut = &mut model;
    let (_, source) = Reader::new(Source::json(json, budget), TypedSink).read(T::SHAPE, Place::Model(slot))?;
    end(source)?;
    Ok(model)
}

fn read_typed_union<T: TypedUnion>(json: &str, budget: Budget) -> Result<T> {
    let mut union = T::default();
    let (_, source) = Reader::new(Source::json(json, budget), TypedSink).read_union(T::SHAPE, Place::Slot(&mut union))?;
    end(source)?;
    Ok(union)
}

pub(super) fn end(source: Source<JsonTokens<'_>>) -> Result<()> {
    let mut source = source;
    source.tokens.end()
}

/// Reads a model from another format of serde, by its wire names.
pub(crate) fn deserialize<'de, T: Typed, D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<T, D::Error> {
    let value: Value = serde::Deserialize::deserialize(deserializer)?;
    read_typed(&value.to_string(), Budget::unlimited()).map_err(serde::de::Error::custom)
}

pub(crate) fn deserialize_union<'de, T: TypedUnion, D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<T, D::Error> {
    let value: Value = serde::Deserialize::deserialize(deserializer)?;
    read_typed_union(&value.to_string(), Budget::unlimited()).map_err(serde::de::Error::custom)
}

struct TypedSink;

/// A place for one value.
enum Place<'s> {
    /// A model that stands by itself.
    Model(&'s mut dyn ModelMut),
    /// A field, an item or an entry.
    Slot(&'s mut dyn Slot),
}

impl<'s> Place<'s> {
    fn slot(self) -> Result<&'s mut dyn Slot> {
        match self {
            Self::Slot(slot) => Ok(slot),
            Self::Model(_) => Err(ReadError::Mismatch),
        }
    }
}

impl Sink for TypedSink {
    type Slot<'s> = Place<'s>;
    type Object<'o> = &'o mut dyn ModelMut;
    type List<'l> = &'l mut dyn ListMut;
    type Map<'m> = &'m mut dyn MapMut;
    type Mark = ();

    fn stores_missing(_: &Field) -> bool {
        false
    }

    fn reborrow<'b>(slot: &'b mut Place<'_>) -> Place<'b> {
        match slot {
            Place::Model(model) => Place::Model(&mut **model),
            Place::Slot(slot) => Place::Slot(&mut **slot),
        }
    }

    #[inline]
    fn scalar(&mut self, slot: Place<'_>, scalar: Scalar<'_>) -> Result<()> {
        slot.slot()?.set(scalar).ok_or(ReadError::Mismatch)
    }

    fn json<T: Tokens>(&mut self, slot: Place<'_>, source: &mut Source<T>) -> Result<()> {
        slot.slot()?.set_json(source.value()?).ok_or(ReadError::Mismatch)
    }

    fn open_object<'o>(&mut self, slot: Place<'o>, _: &'static Shape, variant: Option<usize>) -> Result<&'o mut dyn ModelMut>
    where
        Self: 'o,
    {
        match slot {
            Place::Model(model) => Ok(model),
            Place::Slot(slot) => slot.open_object(variant).ok_or(ReadError::Mismatch),
        }
    }

    #[inline]
    fn field<'s>(&mut self, object: &'s mut &mut dyn ModelMut, index: usize, _: &'static Field) -> Result<Place<'s>> {
        object.slot_mut(index).map(Place::Slot).ok_or(ReadError::Mismatch)
    }

    fn constant(&mut self, _: &mut &mut dyn ModelMut, _: usize, _: &'static Field, _: &'static str) -> Result<()> {
        Ok(())
    }

    fn extra<T: Tokens>(&mut self, object: &mut &mut dyn ModelMut, name: &str, source: &mut Source<T>) -> Result<()> {
        object.extra_mut().insert(name, source.value()?);
        Ok(())
    }

    fn close_object(&mut self, _: &mut dyn ModelMut) -> Result<()> {
        Ok(())
    }

    fn open_list<'l>(&mut self, slot: Place<'l>, _: &'static Kind) -> Result<&'l mut dyn ListMut>
    where
        Self: 'l,
    {
        slot.slot()?.open_list().ok_or(ReadError::Mismatch)
    }

    fn item<'s>(&mut self, list: &'s mut &mut dyn ListMut) -> Result<Place<'s>> {
        Ok(Place::Slot(list.push()))
    }

    fn close_list(&mut self, list: &mut dyn ListMut) -> Result<()> {
        list.shrink();
        Ok(())
    }

    fn open_map<'m>(&mut self, slot: Place<'m>) -> Result<&'m mut dyn MapMut>
    where
        Self: 'm,
    {
        slot.slot()?.open_map().ok_or(ReadError::Mismatch)
    }

    fn entry<'s>(&mut self, map: &'s mut &mut dyn MapMut, name: String) -> Result<Place<'s>> {
        Ok(Place::Slot(map.entry(name)))
    }

    fn close_map(&mut self, _: &mut dyn MapMut) -> Result<()> {
        Ok(())
    }

    fn mark(&self) {}

    fn rewind(&mut self, (): &()) {}
}
