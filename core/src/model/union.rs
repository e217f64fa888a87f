//! A value that is one of several models: told by the field that names the variant, or by the fields that are there.
//!
//! The order of an object's fields must not matter, so what comes before the variant is known is kept aside and read again from there. Nothing starts
//! the source anew, and so its limit on nesting holds for what is inside a union, too.
//!
//! Where only the fields tell, an object has to end before its variant is known. Nearly always it is the variant of the one before it in the list, so
//! the fields that mean the same in every variant are read into that one, and are carried over in case it was another.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapDeserializer;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::read::{Key, KeySeed, misfits, require, seq_as_value};
use super::{Field, Fit, Model, ReadModel, Shape, Slot};

/// The models that a value can be.
#[derive(Debug)]
pub struct UnionShape {
    /// The union's name, the same in every language.
    pub name: &'static str,
    /// The fields of all variants, each once: what an object can have that is given by name. Required is what every variant requires.
    pub merged: Shape,
    /// Where in `merged` the field stands that names the variant; none when the variant is known by the fields that are there.
    pub discriminator: Option<usize>,
    /// With how many fields all variants begin alike: texts, numbers and truth values of the same names, types and order.
    pub common: usize,
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
    /// Where in [`UnionShape::variants`] its variant stands.
    fn variant(&self) -> usize;
    /// The model inside.
    fn as_model(&self) -> &dyn Model;
    /// Reads an object's fields into the model inside.
    fn read_fields<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<(), A::Error>;
    /// Another variant, with the values of the [common](UnionShape::common) fields, and nothing else.
    #[doc(hidden)]
    #[must_use]
    fn carried_over(self, variant: usize) -> Self {
        Self::empty(variant)
    }
    /// Reads all of an object, of which the variant may be another: into the model inside what fits any variant, and the rest into `later`.
    /// Where a discriminator tells the variant, nothing is left for later.
    #[doc(hidden)]
    fn read_likely<'de, A: MapAccess<'de>>(&mut self, map: &mut A, later: &mut Later) -> Result<(), A::Error> {
        let _ = later;
        self.read_fields(map)
    }
    /// The last variant, with nothing but a value that is no object.
    fn whole(value: Value) -> Self;
}

/// Reads a union that stands by itself.
pub(crate) fn read_union<'de, T: ReadUnion, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let union = match deserializer.deserialize_any(UnionVisitor::<T>::new(None))? {
        Fit::Fits(union) => union,
        Fit::Null => T::empty(usize::MAX),
        Fit::Misfit(value) => T::whole(value),
    };
    require(union.as_model())?;
    Ok(union)
}

pub(crate) struct UnionVisitor<T> {
    /// The variant that it probably is.
    likely: usize,
    union: PhantomData<T>,
}

impl<T: ReadUnion> UnionVisitor<T> {
    /// For the one after `last` in a list, or for one that stands by itself.
    pub(crate) fn new(last: Option<&T>) -> Self {
        Self {
            likely: last.map_or(0, T::variant),
            union: PhantomData,
        }
    }
}

impl<'de, T: ReadUnion> Visitor<'de> for UnionVisitor<T> {
    type Value = Fit<T>;

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Some(discriminator) = T::SHAPE.discriminator() else {
            return read_detected(self.likely, &mut map).map(Fit::Fits);
        };
        let (variant, before) = find_variant(T::SHAPE, discriminator, &mut map)?;
        let mut union = T::empty(variant);
        read_kept(&mut union, before)?;
        union.read_fields(&mut map)?;
        Ok(Fit::Fits(union))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        seq_as_value(seq).map(Fit::Misfit)
    }

    misfits!();
}

/// Fields that were read before the variant was known, by wire name.
type Kept = Vec<(Cow<'static, str>, Value)>;

fn read_kept<T: ReadUnion, E: serde::de::Error>(union: &mut T, kept: Kept) -> Result<(), E> {
    union
        .read_fields(&mut MapDeserializer::new(kept.into_iter()))
        .map_err(|error: serde_json::Error| E::custom(error))
}

/// Reads an object as far as it has to be read to know its variant.
fn find_variant<'de, A: MapAccess<'de>>(
    shape: &'static UnionShape,
    discriminator: &'static Field,
    map: &mut A,
) -> Result<(usize, Kept), A::Error> {
    let mut before = Kept::new();
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
        let variant = (discriminator.wire == name).then(|| shape.tagged(value.as_str()));
        before.push((name, value));
        if let Some(variant) = variant {
            return Ok((variant, before));
        }
    }
    Ok((shape.tagged(None), before))
}

/// What [`ReadUnion::read_likely`] notes for when the variant is known.
#[doc(hidden)]
#[allow(missing_debug_implementations)] // its values may be people's data
pub struct Later {
    /// How many fields all variants begin with alike.
    common: usize,
    /// The field that makes the likely variant the right one, whatever else comes.
    decisive: Option<&'static str>,
    is_decided: bool,
    /// Which fields of the likely variant were read, by index.
    read_fields: u64,
    /// Which of them were kept instead.
    kept_fields: u64,
    /// Those, what did not fit, and what the likely variant does not know, in the order in which it came.
    kept: Kept,
}

impl Later {
    fn new(shape: &'static UnionShape, likely: usize) -> Self {
        let decisive = match shape.variants.first() {
            // Only the first one cannot be outdone by a field that comes later.
            Some(Variant {
                present: [name],
                absent: [],
                ..
            }) if likely == 0 => Some(*name),
            _ => None,
        };
        Self {
            common: shape.common,
            decisive,
            is_decided: false,
            read_fields: 0,
            kept_fields: 0,
            kept: Kept::new(),
        }
    }
}

/// The bit of a field in [`Later`]; none beyond those that it has room for.
const fn bit(index: usize) -> u64 {
    if index < 64 { 1 << index } else { 0 }
}

/// Reads an object whose fields tell its variant.
fn read_detected<'de, T: ReadUnion, A: MapAccess<'de>>(likely: usize, map: &mut A) -> Result<T, A::Error> {
    let shape = T::SHAPE;
    let mut union = T::empty(likely);
    let mut later = Later::new(shape, likely);
    union.read_likely(map, &mut later)?;
    if !later.is_decided {
        let was_read = |wanted: &str| {
            let common = shape.merged.fields.iter().take(shape.common).enumerate();
            common
                .filter(|(_, field)| field.wire == wanted)
                .any(|(index, _)| later.read_fields & bit(index) != 0)
        };
        let variant = shape.with_fields(|wanted| was_read(wanted) || later.kept.iter().any(|(name, _)| name == wanted));
        if variant != union.variant() {
            union = union.carried_over(variant);
        }
    }
    if !later.kept.is_empty() {
        read_kept(&mut union, later.kept)?;
    }
    Ok(union)
}

/// The body of [`ReadUnion::read_likely`] for the model inside.
///
/// At once it reads only what reads the same from the source as from a [`Value`]. A value that does not fit is kept: where it belongs among the
/// extra fields depends on what else becomes one.
pub fn read_likely<'de, T: ReadModel, A: MapAccess<'de>>(model: &mut T, map: &mut A, later: &mut Later) -> Result<(), A::Error> {
    let mut expected = 0;
    while let Some(key) = map.next_key_seed(KeySeed { shape: T::SHAPE, expected })? {
        let index = match key {
            Key::Known(index) => index,
            Key::Unknown(name) => {
                later.kept.push((name.into(), map.next_value()?));
                continue;
            }
        };
        expected = index + 1;
        let Field { wire, kind, .. } = &T::SHAPE.fields[index];
        later.is_decided |= index >= later.common && later.decisive == Some(wire);
        let bit = bit(index);
        // What comes after a value of the same field that was kept has to be read after that one, too.
        let is_ready = index < later.common || (later.is_decided && kind.is_single() && later.kept_fields & bit == 0);
        if bit == 0 || !is_ready {
            later.kept_fields |= bit;
            later.kept.push(((*wire).into(), map.next_value()?));
            continue;
        }
        match model.read_field(index, map)? {
            None => later.read_fields |= bit,
            Some(misfit) => later.kept.push(((*wire).into(), misfit)),
        }
    }
    Ok(())
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
                deserializer.deserialize_any($crate::model::UnionVisitor::new(None))
            }

            fn read_after<'de, D: serde::Deserializer<'de>>(
                last: Option<&Self>,
                deserializer: D,
            ) -> Result<$crate::model::Fit<Self>, D::Error> {
                deserializer.deserialize_any($crate::model::UnionVisitor::new(last))
            }

            fn salvage(value: serde_json::Value) -> Option<Self> {
                Some(<Self as $crate::model::ReadUnion>::whole(value))
            }
        }
    };
}
pub(crate) use union_traits;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
