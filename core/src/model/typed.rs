//! Reads into typed models.

use serde_json::Value;

use super::{Many, ModelMut, Slot, Typed, TypedUnion};
use crate::json::{Budget, JsonTokens, ReadError, Reader, Scalar, Sink, Source, Start, Tokens};
use crate::schema::{Field, Shape};

type Result<T> = std::result::Result<T, ReadError>;

/// Reads the model that the whole of `json` is.
pub(crate) fn read_typed<T: Typed>(json: &str, budget: Budget) -> Result<T> {
    Source::whole(json, budget, next_typed)
}

/// Reads the next value as a model.
pub(super) fn next_typed<T: Typed>(source: Source<JsonTokens<'_>>) -> Result<(T, JsonTokens<'_>)> {
    let mut model = T::default();
    let (_, source) = Reader::new(source, TypedSink).read(T::SHAPE, &mut model)?;
    Ok((model, source.tokens))
}

fn next_typed_union<T: TypedUnion>(source: Source<JsonTokens<'_>>) -> Result<(T, JsonTokens<'_>)> {
    let mut union = T::default();
    let (_, source) = Reader::new(source, TypedSink).read_union(T::SHAPE, &mut union)?;
    Ok((union, source.tokens))
}

/// Reads a model from another format of serde, by its wire names.
pub(crate) fn deserialize<'de, T: Typed, D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<T, D::Error> {
    let value: Value = serde::Deserialize::deserialize(deserializer)?;
    read_typed(&value.to_string(), Budget::unlimited()).map_err(serde::de::Error::custom)
}

pub(crate) fn deserialize_union<'de, T: TypedUnion, D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<T, D::Error> {
    let value: Value = serde::Deserialize::deserialize(deserializer)?;
    Source::whole(&value.to_string(), Budget::unlimited(), next_typed_union).map_err(serde::de::Error::custom)
}

struct TypedSink;

#[allow(clippy::mut_mut)] // what is made is borrowed already
impl Sink for TypedSink {
    type Slot<'s> = &'s mut dyn Slot;
    type Object<'o> = &'o mut dyn ModelMut;
    type Many<'m> = &'m mut dyn Many;

    fn stores_missing(_: &Field) -> bool {
        false
    }

    fn reborrow<'b>(slot: &'b mut &mut dyn Slot) -> &'b mut dyn Slot {
        &mut **slot
    }

    #[inline]
    fn scalar(&mut self, slot: &mut dyn Slot, scalar: Scalar<'_>) -> Result<()> {
        slot.set(scalar).ok_or(ReadError::Mismatch)
    }

    fn json<T: Tokens>(&mut self, slot: &mut dyn Slot, source: &mut Source<T>) -> Result<()> {
        slot.set_json(source.value()?).ok_or(ReadError::Mismatch)
    }

    fn open_object<'o>(&mut self, slot: &'o mut dyn Slot, _: &'static Shape, variant: Option<usize>) -> Result<&'o mut dyn ModelMut>
    where
        Self: 'o,
    {
        slot.open_object(variant).ok_or(ReadError::Mismatch)
    }

    #[inline]
    fn field<'s>(&mut self, object: &'s mut &mut dyn ModelMut, index: usize, _: &'static Field) -> Result<&'s mut dyn Slot> {
        object.slot_mut(index).ok_or(ReadError::Mismatch)
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

    fn open_many<'m>(&mut self, slot: &'m mut dyn Slot, _: Start) -> Result<&'m mut dyn Many>
    where
        Self: 'm,
    {
        slot.open_many().ok_or(ReadError::Mismatch)
    }

    fn next<'s>(&mut self, many: &'s mut &mut dyn Many, name: Option<String>) -> Result<&'s mut dyn Slot> {
        Ok(many.add(name))
    }

    fn close_many(&mut self, many: &mut dyn Many) -> Result<()> {
        many.shrink();
        Ok(())
    }
}
