//! The types of the contract's objects. Plain data: generated tables are made of it.

use super::source::Source;

/// The most fields that a shape has, so that a set of fields is one `u128`. The generator refuses more.
pub const MAX_FIELDS: usize = 128;

/// The fields of a model.
#[derive(Debug)]
pub struct Shape {
    /// The model's name, the same in every language.
    pub name: &'static str,
    /// Its fields, in the contract's order.
    pub fields: &'static [Field],
    /// The fields that a complete object has: required ones, constants and lists, a bit for each.
    pub(crate) needed: u128,
}

impl Shape {
    /// A shape with these fields.
    #[must_use]
    pub const fn new(name: &'static str, fields: &'static [Field]) -> Self {
        let (mut needed, mut index) = (0, 0);
        while index < fields.len() {
            let Field {
                required, constant, kind, ..
            } = &fields[index];
            if *required || constant.is_some() || matches!(kind, Kind::List(_)) {
                needed |= bit(index);
            }
            index += 1;
        }
        Self { name, fields, needed }
    }
}

/// One field of a model.
#[derive(Debug)]
pub struct Field {
    /// Its name in Rust and Python.
    pub name: &'static str,
    /// Its name in Node and Kotlin.
    pub camel: &'static str,
    /// Its name in AI Rudder's JSON.
    pub wire: &'static str,
    /// Other names under which AI Rudder sends it, each with its source.
    pub aliases: &'static [(&'static str, Source)],
    /// Its type.
    pub kind: Kind,
    /// The format of its text.
    pub format: Format,
    /// The only text it can have. Written always, and need not be given.
    pub constant: Option<&'static str>,
    /// Whether an object without it is incomplete.
    pub required: bool,
    /// Whether it holds a secret or people's data, and so never reaches a log.
    pub sensitive: bool,
    /// How sure it is that AI Rudder has this field.
    pub source: Source,
}

/// The type of a field.
#[derive(Debug)]
pub enum Kind {
    /// Text, and every id.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// Any JSON.
    Json,
    /// An object.
    Model(&'static Shape),
    /// One of several kinds of object. Its value has the variant's own shape.
    Union(&'static UnionShape),
    /// A list.
    List(&'static Kind),
    /// An object with free names.
    Map(&'static Kind),
}

impl Kind {
    /// The fields that an object of this kind can have: a model's, or those of all variants of a union.
    #[must_use]
    pub const fn shape(&self) -> Option<&'static Shape> {
        match self {
            Self::Model(shape) => Some(shape),
            Self::Union(union) => Some(union.merged),
            _ => None,
        }
    }

    /// The kind as a noun, for messages.
    pub(crate) const fn noun(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Json => "JSON",
            Self::Model(_) | Self::Union(_) | Self::Map(_) => "an object",
            Self::List(_) => "a list",
        }
    }
}

/// The format of a text that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Anything.
    Any,
    /// A phone number with its leading `+`.
    E164,
    /// `YYYY-MM-DD`.
    Date,
    /// `YYYY-MM-DD HH:MM:SS`, in the time zone of the account.
    AccountTime,
    /// `YYYY-MM-DD HH:MM:SS+08:00`, with its zone.
    ZonedTime,
}

/// The models that a value can be.
#[derive(Debug)]
pub struct UnionShape {
    /// The union's name, the same in every language.
    pub name: &'static str,
    /// The fields of all variants, each once. Required is what every variant requires.
    pub merged: &'static Shape,
    /// The index in `merged` of the field that names the variant. `None` if the present fields decide.
    pub discriminator: Option<usize>,
    /// The models. The last one is the fallback.
    pub variants: &'static [Variant],
}

/// One of the models that a value can be.
#[derive(Debug)]
pub struct Variant {
    /// Its name in Rust: `Text`.
    pub name: &'static str,
    /// Its fields.
    pub shape: &'static Shape,
    /// The discriminator's value. `None` for the fallback, and without a discriminator.
    pub tag: Option<&'static str>,
    /// For each field of [`UnionShape::merged`], its index in `shape`.
    pub fields: &'static [Option<u8>],
    /// The fields of [`UnionShape::merged`] that only this variant has, a bit for each.
    pub decisive: u128,
}

impl UnionShape {
    /// The field that names the variant.
    #[must_use]
    pub fn discriminator(&self) -> Option<&'static Field> {
        self.merged.fields.get(self.discriminator?)
    }

    /// The index of the fallback.
    #[must_use]
    pub const fn fallback(&self) -> usize {
        self.variants.len().saturating_sub(1)
    }

    /// The index of the variant with this tag, else that of the fallback.
    #[must_use]
    pub fn tagged(&self, tag: Option<&str>) -> usize {
        let known = self.variants.iter().position(|variant| variant.tag.is_some() && variant.tag == tag);
        known.unwrap_or(self.fallback())
    }

    /// The index of the variant of an object with these fields of `merged`, a bit for each: the first variant that alone has one of them, by a value
    /// before a null, else the one that has most of them. Of several, the last: the fallback if it is among them.
    #[must_use]
    pub fn detect(&self, present: u128, nulls: u128) -> usize {
        let decided = |fields: u128| self.variants.iter().position(|variant| variant.decisive & fields != 0);
        if let Some(decided) = decided(present).or_else(|| decided(nulls)) {
            return decided;
        }
        let known = |variant: &Variant| {
            let has = |(index, own): (usize, &Option<u8>)| own.is_some() && present & bit(index) != 0;
            variant.fields.iter().enumerate().filter(|field| has(*field)).count()
        };
        let variants = self.variants.iter().enumerate();
        variants.max_by_key(|(_, variant)| known(variant)).map_or(0, |(index, _)| index)
    }
}

/// The bit of a field in a set of fields.
#[inline]
pub(crate) const fn bit(index: usize) -> u128 {
    if index < MAX_FIELDS { BITS[index] } else { 0 }
}

/// A table, because shifting 128 bits takes several times as long as looking one up.
static BITS: [u128; MAX_FIELDS] = {
    let (mut bits, mut index) = ([0; MAX_FIELDS], 0);
    while index < MAX_FIELDS {
        bits[index] = 1 << index;
        index += 1;
    }
    bits
};
