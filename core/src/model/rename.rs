//! Parameters by name, from any source that serde can read, straight to the JSON of the wire: checked, renamed, and never held as anything else.
//!
//! A list of fifty thousand contacts goes through here, so a value is written as soon as it is read. The fields of an object come out in the
//! contract's order; only an object that was given in another order is put together again.

mod pen;
mod pieces;
mod variant;
mod words;

use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::check::{check_filled, check_length, check_text, missing};
use super::{Case, Field, Format, Kind, Problem, Shape, UnionShape};
use pen::{NO_OBJECT, Pen};
use pieces::{Pieces, assemble};
use variant::Chosen;
use words::{kind_name, unknown_field};

/// The fields of an object as JSON, by wire name, in one buffer.
pub(crate) struct Fields {
    json: Vec<u8>,
    /// Wire names, and where their values stand.
    places: Vec<(&'static str, Range<usize>)>,
    pub(crate) extra: Map<String, Value>,
}

impl Fields {
    /// Each field's wire name and JSON.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        self.places
            .iter()
            .filter_map(|(name, range)| Some((*name, self.json.get(range.clone())?)))
    }

    /// The object as one JSON value, to look for something in it.
    pub(crate) fn to_value(&self) -> Map<String, Value> {
        let typed = self
            .iter()
            .filter_map(|(name, json)| Some((name.to_owned(), serde_json::from_slice(json).ok()?)));
        typed.chain(self.extra.clone()).collect()
    }
}

/// Reads an object of the given shape.
pub(crate) fn rename<'de, D: Deserializer<'de>>(shape: &'static Shape, case: Case, source: D) -> Result<Fields, Problem> {
    let pen = Pen::new(case);
    let mut json = Vec::new();
    let object = ObjectSeed {
        pen: &pen,
        shape,
        union: None,
        json: &mut json,
    };
    let read = object.deserialize(source).map_err(|error| pen.problem(&error))?;
    let Some(Pieces { fields, extra }) = read else {
        return Err(Problem::new(NO_OBJECT));
    };
    let named = fields.into_iter().map(|(index, range)| (shape.fields[index].wire, range)).collect();
    Ok(Fields {
        json,
        places: named,
        extra,
    })
}

/// Reads an object and appends the values of its fields to `json`. Gives nothing when the source has no object but null.
struct ObjectSeed<'a> {
    pen: &'a Pen,
    shape: &'static Shape,
    /// The union of whose variants the object is one; its fields are then those of all variants.
    union: Option<&'static UnionShape>,
    json: &'a mut Vec<u8>,
}

impl<'de> DeserializeSeed<'de> for ObjectSeed<'_> {
    type Value = Option<Pieces>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ObjectSeed<'_> {
    type Value = Option<Pieces>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Self { pen, shape, union, json } = self;
        let _inside = pen.enter()?;
        let mut fields: Vec<(usize, Range<usize>)> = Vec::with_capacity(shape.fields.len().min(16));
        let mut extra = Map::new();
        let mut expected = 0;
        while let Some(key) = map.next_key_seed(KeySeed { pen, shape, expected })? {
            let Key::Field(index) = key else {
                extra = map
                    .next_value_seed(ExtraSeed { pen })
                    .map_err(|error| pen.locate(error, |problem| problem.in_field("extra")))?;
                continue;
            };
            let field = &shape.fields[index];
            let start = json.len();
            let value = ValueSeed {
                pen,
                kind: &field.kind,
                field: Some(field),
                format: field.format,
                json,
            };
            let written = map
                .next_value_seed(value)
                .map_err(|error| pen.locate(error, |problem| problem.in_field(pen.case.name_of(field))))?;
            if written {
                fields.push((index, start..json.len()));
            }
            expected = index + 1;
        }
        fields.sort_by_key(|(index, _)| *index);
        fields.dedup_by_key(|(index, _)| *index);
        fields.retain(|(index, _)| !extra.contains_key(shape.fields[*index].wire));
        let mut pieces = Pieces { fields, extra };
        let chosen = match union {
            Some(union) => variant::of(union, pen.case, &pieces, json).map_err(|problem| pen.refuse(problem))?,
            None => Chosen { own: shape, first: shape },
        };
        pieces
            .complete(chosen.own, shape, json)
            .map_err(|field| pen.refuse(missing().in_field(pen.case.name_of(field))))?;
        pieces.order(chosen.first, shape);
        Ok(Some(pieces))
    }
}

enum Key {
    Field(usize),
    Extra,
}

/// Tells which field a name is. People name fields in the same order every time, so the one after the last is tried first.
struct KeySeed<'a> {
    pen: &'a Pen,
    shape: &'static Shape,
    expected: usize,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Key, D::Error> {
        source.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Key, E> {
        let Self { pen, shape, expected } = self;
        let is_named = |field: &Field| pen.case.name_of(field) == name;
        if shape.fields.get(expected).is_some_and(is_named) {
            return Ok(Key::Field(expected));
        }
        match shape.fields.iter().position(is_named) {
            Some(index) => Ok(Key::Field(index)),
            None if name == "extra" => Ok(Key::Extra),
            None => Err(pen.refuse(unknown_field(shape, name, pen.case))),
        }
    }
}

/// Reads fields by their wire names; null counts as none.
struct ExtraSeed<'a> {
    pen: &'a Pen,
}

impl<'de> DeserializeSeed<'de> for ExtraSeed<'_> {
    type Value = Map<String, Value>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        match serde::Deserialize::deserialize(source)? {
            Value::Null => Ok(Map::new()),
            Value::Object(extra) => Ok(extra),
            _ => Err(self.pen.refuse(Problem::new("must be an object of fields by their wire names"))),
        }
    }
}

/// Reads a value and appends its JSON, unless it is null. Tells whether it did.
struct ValueSeed<'a> {
    pen: &'a Pen,
    kind: &'static Kind,
    /// The field that the value itself belongs to; the items of a list have none.
    field: Option<&'static Field>,
    /// That of the field, for the items of its list, too.
    format: Format,
    json: &'a mut Vec<u8>,
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<bool, D::Error> {
        if matches!(self.kind, Kind::Json) {
            let value: Value = serde::Deserialize::deserialize(source)?;
            return self.write(&value).map(|()| !value.is_null());
        }
        source.deserialize_any(self)
    }
}

impl ValueSeed<'_> {
    fn write<E: serde::de::Error>(self, value: &impl serde::Serialize) -> Result<(), E> {
        serde_json::to_writer(self.json, value).map_err(E::custom)
    }

    fn text<E: serde::de::Error>(self, text: &str) -> Result<bool, E> {
        let Self { pen, field, format, .. } = self;
        if let Some(field) = field {
            check_filled(field, text).map_err(|problem| pen.refuse(problem))?;
            if let Some(constant) = field.constant.filter(|constant| *constant != text) {
                return Err(pen.refuse(Problem::new(format!("must be `{constant}`, as always"))));
            }
        }
        let text = check_text(format, text).map_err(|problem| pen.refuse(problem))?;
        self.write(&text).map(|()| true)
    }

    fn unfit<E: serde::de::Error>(&self, what: &str) -> E {
        self.pen
            .refuse(Problem::new(format!("must be {}, not {what}", kind_name(self.kind))))
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(kind_name(self.kind))
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E: serde::de::Error>(self, truth: bool) -> Result<bool, E> {
        match self.kind {
            Kind::Boolean => self.write(&truth).map(|()| true),
            _ => Err(self.unfit("a truth value")),
        }
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<bool, E> {
        match self.kind {
            Kind::Text => self.text(&number.to_string()),
            Kind::Integer | Kind::Number => self.write(&number).map(|()| true),
            _ => Err(self.unfit("a number")),
        }
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<bool, E> {
        match self.kind {
            Kind::Text => self.text(&number.to_string()),
            Kind::Integer | Kind::Number => self.write(&number).map(|()| true),
            _ => Err(self.unfit("a number")),
        }
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<bool, E> {
        match self.kind {
            Kind::Number => self.write(&number).map(|()| true),
            Kind::Text => self.text(&Value::from(number).to_string()),
            // JavaScript and data frames have one number type: 3.0 is a whole number to them.
            #[allow(clippy::cast_possible_truncation)]
            Kind::Integer if number.fract() == 0.0 && number.abs() < 9e15 => self.write(&(number as i64)).map(|()| true),
            Kind::Integer => Err(self.pen.refuse(Problem::new("must be a whole number"))),
            _ => Err(self.unfit("a number")),
        }
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<bool, E> {
        match self.kind {
            Kind::Text => self.text(text),
            _ => Err(self.unfit("text")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        let Kind::List(item) = self.kind else {
            return Err(self.unfit("a list"));
        };
        let Self {
            pen, field, format, json, ..
        } = self;
        let _inside = pen.enter()?;
        json.push(b'[');
        let mut length = 0;
        loop {
            let separated = json.len();
            if length > 0 {
                json.push(b',');
            }
            let value = ValueSeed {
                pen,
                kind: item,
                field: None,
                format,
                json,
            };
            match seq
                .next_element_seed(value)
                .map_err(|error| pen.locate(error, |problem| problem.at(length)))?
            {
                None => {
                    json.truncate(separated);
                    break;
                }
                Some(false) => return Err(pen.refuse(Problem::new(format!("must be {}, not null", kind_name(item))).at(length))),
                Some(true) => length += 1,
            }
        }
        json.push(b']');
        if let Some(field) = field {
            check_length(field, length).map_err(|problem| pen.refuse(problem))?;
        }
        Ok(true)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        if let Kind::Map(item) = self.kind {
            return write_map(self.pen, item, self.json, map).map(|()| true);
        }
        let Some(shape) = self.kind.shape() else {
            return Err(self.unfit("an object"));
        };
        let Self { pen, kind, json, .. } = self;
        let union = if let Kind::Union(union) = kind { Some(*union) } else { None };
        let start = json.len();
        let object = ObjectSeed {
            pen,
            shape,
            union,
            json: &mut *json,
        };
        if let Some(pieces) = object.visit_map(map)? {
            assemble(pen, shape, &pieces, json, start).map_err(A::Error::custom)?;
        }
        Ok(true)
    }
}

fn write_map<'de, A: MapAccess<'de>>(pen: &Pen, item: &'static Kind, json: &mut Vec<u8>, mut map: A) -> Result<(), A::Error> {
    let _inside = pen.enter()?;
    let mut separator = b'{';
    while let Some(name) = map.next_key::<String>()? {
        let before = json.len();
        json.push(separator);
        serde_json::to_writer(&mut *json, &name).map_err(A::Error::custom)?;
        json.push(b':');
        if map.next_value_seed(ValueSeed {
            pen,
            kind: item,
            field: None,
            format: Format::Any,
            json,
        })? {
            separator = b',';
        } else {
            json.truncate(before);
        }
    }
    if separator == b'{' {
        json.push(b'{');
    }
    json.push(b'}');
    Ok(())
}

#[cfg(test)]
mod tests;
