//! Writes models as the JSON that Kotlin reads.
//!
//! Names are those of Rust, whatever they are in Kotlin: core's camel case turns large numbers into text, for JavaScript, and Kotlin has no need of
//! that. What may be one of several models says which one it is, for core alone knows how it was told.

use airudder::Extra;
use airudder::model::{Field, Kind, Model, Ref, Shape};
use serde::ser::{Error as _, Serialize, SerializeMap, SerializeSeq, Serializer};

/// Where the name of a variant stands: no field is called so.
const VARIANT: &str = "";

pub(crate) fn json(model: &dyn Model) -> Result<String, airudder::Error> {
    let written = Written {
        value: Ref::Model(model),
        kind: None,
    };
    serde_json::to_string(&written).map_err(|_| airudder::Error::internal("an answer that is no JSON"))
}

struct Written<'a> {
    value: Ref<'a>,
    /// What the contract says that it is.
    kind: Option<&'static Kind>,
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Ref::Absent => serializer.serialize_unit(),
            Ref::Text(text) => serializer.serialize_str(text),
            Ref::Integer(number) => serializer.serialize_i64(number),
            Ref::Number(number) => serializer.serialize_f64(number),
            Ref::Boolean(is) => serializer.serialize_bool(is),
            Ref::Json(value) => value.serialize(serializer),
            Ref::Model(model) => self.write_model(model, serializer),
            Ref::List(list) => {
                let mut seq = serializer.serialize_seq(Some(list.len()))?;
                for index in 0..list.len() {
                    seq.serialize_element(&self.inside(list.get(index)))?;
                }
                seq.end()
            }
            Ref::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                let mut outcome = Ok(());
                entries.each(&mut |name, value| {
                    if outcome.is_ok() {
                        outcome = map.serialize_entry(name, &self.inside(value));
                    }
                });
                outcome.map_err(S::Error::custom)?;
                map.end()
            }
        }
    }
}

impl Written<'_> {
    /// An item of a list, or a value of a map.
    fn inside<'a>(&self, value: Ref<'a>) -> Written<'a> {
        let kind = match self.kind {
            Some(Kind::List(item) | Kind::Map(item)) => Some(*item),
            _ => None,
        };
        Written { value, kind }
    }

    fn write_model<S: Serializer>(&self, model: &dyn Model, serializer: S) -> Result<S::Ok, S::Error> {
        let Shape { name, fields, .. } = model.shape();
        let mut map = serializer.serialize_map(None)?;
        if matches!(self.kind, Some(Kind::Union(_))) {
            map.serialize_entry(VARIANT, name)?;
        }
        for (index, field) in fields.iter().enumerate() {
            write_field(field, model.get(index), &mut map)?;
        }
        if !model.extra().is_empty() {
            map.serialize_entry("extra", &ExtraFields(model.extra()))?;
        }
        map.end()
    }
}

fn write_field<M: SerializeMap>(field: &'static Field, value: Ref<'_>, map: &mut M) -> Result<(), M::Error> {
    if matches!(value, Ref::Absent) {
        return Ok(());
    }
    let written = Written {
        value,
        kind: Some(&field.kind),
    };
    map.serialize_entry(field.name, &written)
}

struct ExtraFields<'a>(&'a Extra);

impl Serialize for ExtraFields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter())
    }
}
