//! A value that is one of several models: told by the field that names the variant, or by the fields that are there.
//!
//! The order of an object's fields must not matter, so what comes before the variant is known is kept aside and read again from there. Nothing starts
//! the source anew, and so its limit on nesting holds for what is inside a union, too.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapDeserializer;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::read::{Key, KeySeed, misfits, require, seq_as_value};
use super::{Field, Fit, Model, Shape, Slot};

/// The models that a value can be.
#[derive(Debug)]
pub struct UnionShape {
    /// The union's name, the same in every language.
    pub name: &'static str,
    /// The fields of all variants, each once: what an object can have that is given by name. Required is what every variant requires.
    pub merged: Shape,
    /// Where in `merged` the field stands that names the variant; none when the variant is known by the fields that are there.
    pub discriminator: Option<usize>,
    /// The models; the last one is what everything else is read as.
    pub variants: &'static [Variant],
}

/// One of the models that a value can be.
#[derive(Debug)]
pub struct Variant {
    /// Its name in Rust: `Text`.
    pub name: &'static str,
    /// Its fields.
    pub shape: &'static Shape,
    /// What the discriminator says; none for the last variant, and where there is no discriminator.
    pub tag: Option<&'static str>,
    /// Without a discriminator: the fields, by wire name, that are all there.
    pub present: &'static [&'static str],
    /// Without a discriminator: the fields, by wire name, of which none is there.
    pub absent: &'static [&'static str],
}

impl UnionShape {
    /// The field that names the variant.
    #[must_use]
    pub fn discriminator(&self) -> Option<&'static Field> {
        self.merged.fields.get(self.discriminator?)
    }

    /// The index of the variant with this tag; that of the last one when none has it.
    #[must_use]
    pub fn tagged(&self, tag: Option<&str>) -> usize {
        let known = self.variants.iter().position(|variant| variant.tag.is_some() && variant.tag == tag);
        known.unwrap_or(self.variants.len().saturating_sub(1))
    }

    /// The index of the first variant that has the fields of which `has` tells whether they are there.
    pub(super) fn with_fields(&self, has: impl Fn(&str) -> bool) -> usize {
        let fits = |variant: &Variant| variant.present.iter().all(|name| has(name)) && !variant.absent.iter().any(|name| has(name));
        self.variants.iter().position(fits).unwrap_or_default()
    }
}

/// A union that can be read from JSON.
pub trait ReadUnion: Slot {
    /// Its variants.
    const SHAPE: &'static UnionShape;
    /// The variant at an index of [`UnionShape::variants`], with nothing set; the last one beyond the end.
    fn empty(variant: usize) -> Self;
    /// The model inside.
    fn as_model(&self) -> &dyn Model;
    /// Reads an object's fields into the model inside.
    fn read_fields<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<(), A::Error>;
    /// The last variant, with nothing but a value that is no object.
    fn whole(value: Value) -> Self;
}

/// Reads a union that stands by itself.
pub(crate) fn read_union<'de, T: ReadUnion, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let union = match deserializer.deserialize_any(UnionVisitor::<T>(PhantomData))? {
        Fit::Fits(union) => union,
        Fit::Null => T::empty(usize::MAX),
        Fit::Misfit(value) => T::whole(value),
    };
    require(union.as_model())?;
    Ok(union)
}

pub(crate) struct UnionVisitor<T>(pub(crate) PhantomData<T>);

impl<'de, T: ReadUnion> Visitor<'de> for UnionVisitor<T> {
    type Value = Fit<T>;

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (variant, before) = find_variant(T::SHAPE, &mut map)?;
        let mut union = T::empty(variant);
        union
            .read_fields(&mut MapDeserializer::new(before.into_iter()))
            .map_err(|error: serde_json::Error| A::Error::custom(error))?;
        union.read_fields(&mut map)?;
        Ok(Fit::Fits(union))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        seq_as_value(seq).map(Fit::Misfit)
    }

    misfits!();
}

/// The fields that were read before the variant was known, by wire name.
type Before = Vec<(Cow<'static, str>, Value)>;

/// Reads an object as far as it has to be read to know its variant.
fn find_variant<'de, A: MapAccess<'de>>(shape: &'static UnionShape, map: &mut A) -> Result<(usize, Before), A::Error> {
    let discriminator = shape.discriminator();
    let mut before = Before::new();
    let mut expected = 0;
    // The names that are known need not be copied.
    let merged = &shape.merged;
    while let Some(key) = map.next_key_seed(KeySeed { shape: merged, expected })? {
        let name: Cow<'static, str> = match key {
            Key::Known(index) => {
                expected = index + 1;
                merged.fields[index].wire.into()
            }
            Key::Unknown(name) => name.into(),
        };
        let value: Value = map.next_value()?;
        let variant = discriminator
            .filter(|field| field.wire == name)
            .map(|_| shape.tagged(value.as_str()));
        before.push((name, value));
        if let Some(variant) = variant {
            return Ok((variant, before));
        }
    }
    let variant = match discriminator {
        Some(_) => shape.tagged(None),
        None => shape.with_fields(|wanted| before.iter().any(|(name, _)| name == wanted)),
    };
    Ok((variant, before))
}

/// Gives a union its `Debug` (redacted), `Serialize` and `Deserialize` (wire names) from the model inside.
macro_rules! union_traits {
    ($union:ident) => {
        impl std::fmt::Debug for $union {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&$crate::model::Redacted($crate::model::Slot::view(self)), f)
            }
        }

        impl Default for $union {
            fn default() -> Self {
                <Self as $crate::model::ReadUnion>::empty(usize::MAX)
            }
        }

        impl serde::Serialize for $union {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::model::Written::wire($crate::model::Slot::view(self)).serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $union {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::model::read_union(deserializer)
            }
        }

        impl $crate::model::Slot for $union {
            fn view(&self) -> $crate::model::Ref<'_> {
                $crate::model::Ref::Model($crate::model::ReadUnion::as_model(self))
            }

            fn read<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<$crate::model::Fit<Self>, D::Error> {
                deserializer.deserialize_any($crate::model::UnionVisitor(std::marker::PhantomData))
            }

            fn salvage(value: serde_json::Value) -> Option<Self> {
                Some(<Self as $crate::model::ReadUnion>::whole(value))
            }
        }
    };
}
pub(crate) use union_traits;
