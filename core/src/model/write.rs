//! Writing a model as JSON, by its wire names or by those of a language.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

use super::language::{Language, Style, VARIANT};
use super::time::wire_form;
use super::{Extra, Model, Ref};
use crate::json::is_rounded;
use crate::schema::{Case, Field, Format, Kind};

/// Which names to write.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Names {
    /// Those of AI Rudder's JSON; extra fields stand beside the typed ones.
    Wire,
    /// The same, with days and times in the form in which AI Rudder takes them.
    Sent,
    /// Those of a language; extra fields stand together under `extra`.
    Of(Style),
}

impl Names {
    const fn of(self, field: &Field) -> &'static str {
        match self {
            Self::Wire | Self::Sent => field.wire,
            Self::Of(style) => style.case.name_of(field),
        }
    }
}

/// The model as JSON text with the names of a language. Whole numbers beyond 2^53 become text in camel case, for JavaScript would round them.
#[must_use]
pub fn to_json(model: &dyn Model, case: Case) -> String {
    to_text(model, case.into())
}

/// The model as the JSON text that a language reads.
#[must_use]
pub fn to_json_of<L: Language>(model: &dyn Model) -> String {
    to_text(model, Style::of::<L>())
}

pub(crate) fn to_text(model: &dyn Model, style: Style) -> String {
    ref_text(Ref::Model(model), style)
}

pub(crate) fn ref_text(value: Ref<'_>, style: Style) -> String {
    // Serializing to a string only fails when a `Serialize` does, and none below does.
    serde_json::to_string(&Written::named(value, style)).unwrap_or_default()
}

/// The model as a JSON value with the names of a language.
#[must_use]
pub fn to_value(model: &dyn Model, case: Case) -> Value {
    serde_json::to_value(Written::named(Ref::Model(model), case.into())).unwrap_or_default()
}

/// A value that serializes itself with the given names.
#[derive(Clone, Copy)]
pub(crate) struct Written<'a> {
    value: Ref<'a>,
    names: Names,
    /// That of the field which the value belongs to.
    format: Format,
    /// What the contract says that it is, where it says so.
    kind: Option<&'static Kind>,
}

impl<'a> Written<'a> {
    pub(crate) const fn wire(value: Ref<'a>) -> Self {
        Self {
            value,
            names: Names::Wire,
            format: Format::Any,
            kind: None,
        }
    }

    /// A field of a request, which was checked.
    pub(crate) const fn sent(field: &Field, value: Ref<'a>) -> Self {
        Self {
            value,
            names: Names::Sent,
            format: field.format,
            kind: None,
        }
    }

    pub(crate) const fn named(value: Ref<'a>, style: Style) -> Self {
        Self {
            value,
            names: Names::Of(style),
            format: Format::Any,
            kind: None,
        }
    }
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { names, format, .. } = *self;
        match self.value {
            Ref::Absent => serializer.serialize_unit(),
            Ref::Text(text) if names == Names::Sent => serializer.serialize_str(&wire_form(format, text).unwrap_or(text.into())),
            Ref::Text(text) => serializer.serialize_str(text),
            Ref::Integer(number) => serializer.serialize_i64(number),
            Ref::Number(number) => serializer.serialize_f64(number),
            Ref::Boolean(truth) => serializer.serialize_bool(truth),
            Ref::Json(value) => Json { value, names }.serialize(serializer),
            Ref::Model(model) => {
                let mut map = serializer.serialize_map(None)?;
                if matches!(
                    (names, self.kind),
                    (Names::Of(Style { names_variants: true, .. }), Some(Kind::Union(_)))
                ) {
                    map.serialize_entry(VARIANT, model.shape().name)?;
                }
                write_fields(model, names, &mut map)?;
                map.end()
            }
            Ref::List(list) => {
                let mut seq = serializer.serialize_seq(Some(list.len()))?;
                for index in 0..list.len() {
                    seq.serialize_element(&Written {
                        value: list.get(index),
                        names,
                        format,
                        kind: self.inside(),
                    })?;
                }
                seq.end()
            }
            Ref::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                let mut outcome = Ok(());
                entries.each(&mut |name, value| {
                    if outcome.is_ok() {
                        outcome = map.serialize_entry(
                            name,
                            &Written {
                                value,
                                names,
                                format: Format::Any,
                                kind: self.inside(),
                            },
                        );
                    }
                });
                outcome?;
                map.end()
            }
        }
    }
}

impl Written<'_> {
    /// What the contract says that its items are, or its values.
    const fn inside(&self) -> Option<&'static Kind> {
        match self.kind {
            Some(Kind::List(item) | Kind::Map(item)) => Some(*item),
            _ => None,
        }
    }
}

fn write_fields<M: SerializeMap>(model: &dyn Model, names: Names, map: &mut M) -> Result<(), M::Error> {
    let extra = model.extra();
    for (index, field) in model.shape().fields.iter().enumerate() {
        let value = model.get(index);
        let overridden = !matches!(names, Names::Of(_)) && !extra.is_empty() && extra.get(field.wire).is_some();
        let left_out = names == Names::Sent && !model.is_sent(index);
        if !matches!(value, Ref::Absent) && !overridden && !left_out {
            let written = Written {
                value,
                names,
                format: field.format,
                kind: Some(&field.kind),
            };
            map.serialize_entry(names.of(field), &written)?;
        }
    }
    if extra.is_empty() {
        return Ok(());
    }
    match names {
        Names::Wire | Names::Sent => extra.iter().try_for_each(|(name, value)| map.serialize_entry(name, value)),
        Names::Of(_) => map.serialize_entry("extra", &ExtraFields { extra, names }),
    }
}

struct ExtraFields<'a> {
    extra: &'a Extra,
    names: Names,
}

impl Serialize for ExtraFields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let names = self.names;
        serializer.collect_map(self.extra.iter().map(|(name, value)| (name, Json { value, names })))
    }
}

/// JSON as it came, but for numbers that JavaScript would round.
struct Json<'a> {
    value: &'a Value,
    names: Names,
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let names = self.names;
        if !matches!(names, Names::Of(Style { case: Case::Camel, .. })) {
            return self.value.serialize(serializer);
        }
        match self.value {
            Value::Number(number) if is_rounded(number) => serializer.collect_str(number),
            Value::Array(list) => serializer.collect_seq(list.iter().map(|value| Json { value, names })),
            Value::Object(map) => serializer.collect_map(map.iter().map(|(name, value)| (name, Json { value, names }))),
            other => other.serialize(serializer),
        }
    }
}
