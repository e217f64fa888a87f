//! The parameters of a call, typed or by name.

mod sink;

use std::ops::Range;

use serde_json::{Map, Value};

use super::object::Piece;
use super::{Model, Ref, Written, check};
use crate::json::{Budget, JsonTokens, Problem, ReadError, Reader, Source, Tokens};
use crate::schema::{Case, Shape};
use sink::{InputSink, Place};

/// The parameters of a call.
#[allow(missing_debug_implementations)] // its values may be people's data
pub struct Input(Kinds);

enum Kinds {
    None,
    Typed(Box<dyn Model>),
    Named(Map<String, Value>),
    Read(Result<Wire, Problem>),
}

impl Input {
    /// A call without parameters.
    #[must_use]
    pub const fn none() -> Self {
        Self(Kinds::None)
    }

    /// Parameters as a typed model.
    pub fn typed(params: impl Model) -> Self {
        Self(Kinds::Typed(Box::new(params)))
    }

    /// Parameters by their names in snake case. A field that is null counts as left out;
    /// fields beyond the contract stand under `extra`, by wire name.
    #[must_use]
    pub const fn named(params: Map<String, Value>) -> Self {
        Self(Kinds::Named(params))
    }

    /// Parameters by their names, read at once from the source that holds them.
    pub(crate) fn read<T: Tokens>(shape: Option<&'static Shape>, case: Case, tokens: T) -> Self {
        Self(Kinds::Read(read(shape, case, tokens)))
    }

    /// Checks the parameters and makes them ready to be sent.
    pub(crate) fn into_wire(self, shape: Option<&'static Shape>, case: Case) -> Result<Wire, Problem> {
        match self.0 {
            Kinds::None => Ok(Wire::None),
            Kinds::Typed(model) => {
                check(model.as_ref(), case)?;
                Ok(Wire::Typed(model))
            }
            Kinds::Named(params) => read(shape, case, JsonTokens::new(&Value::Object(params).to_string())),
            Kinds::Read(wire) => wire,
        }
    }
}

fn read<T: Tokens>(shape: Option<&'static Shape>, case: Case, tokens: T) -> Result<Wire, Problem> {
    let source = Source::new(tokens, Budget::unlimited());
    let reader = Reader::new(source, InputSink::new(case));
    let read = reader.read(shape.unwrap_or(&NOTHING), Place::WHOLE);
    let (sink, _) = read.map_err(|error| match error {
        ReadError::Refused(problem) => *problem,
        ReadError::TooDeep => Problem::new("is nested too deep"),
        _ => Problem::new("cannot be read as JSON"),
    })?;
    let InputSink { json, fields, extra, .. } = sink;
    let places = fields.into_iter().map(|field| (field.wire, field.value)).collect();
    Ok(shape.map_or(Wire::None, |_| Wire::Named(Fields { json, places, extra })))
}

/// The parameters of an operation that takes none.
static NOTHING: Shape = Shape::new("this operation", &[]);

/// The fields of an object as JSON, by wire name, in one buffer.
pub(crate) struct Fields {
    json: String,
    places: Vec<(&'static str, Range<usize>)>,
    pub(crate) extra: Map<String, Value>,
}

impl Fields {
    /// Each field's wire name and JSON.
    fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let places = self.places.iter();
        places.filter_map(|(name, range)| Some((*name, self.json.get(range.clone())?)))
    }

    /// The object as one JSON value, to look for something in it.
    pub(crate) fn to_value(&self) -> Map<String, Value> {
        let typed = self
            .iter()
            .filter_map(|(name, json)| Some((name.to_owned(), serde_json::from_str(json).ok()?)));
        typed.chain(self.extra.clone()).collect()
    }
}

/// Checked parameters by wire name.
pub(crate) enum Wire {
    None,
    Typed(Box<dyn Model>),
    Named(Fields),
}

impl Wire {
    /// Calls `visit` with each field.
    pub(crate) fn each<E>(&self, visit: &mut dyn FnMut(&str, Piece<'_>) -> Result<(), E>) -> Result<(), E> {
        match self {
            Self::None => Ok(()),
            Self::Typed(model) => {
                for (index, field) in model.shape().fields.iter().enumerate() {
                    let value = model.get(index);
                    if model.is_sent(index) && model.extra().get(field.wire).is_none() {
                        visit(field.wire, Piece::Value(Written::sent(field, value)))?;
                    }
                }
                let mut extra = model.extra().iter();
                extra.try_for_each(|(name, value)| visit(name, Piece::Value(Written::wire(Ref::Json(value)))))
            }
            Self::Named(fields) => {
                fields
                    .iter()
                    .try_for_each(|(name, json)| visit(name, Piece::Json(json.as_bytes())))?;
                let mut extra = fields.extra.iter();
                extra.try_for_each(|(name, value)| visit(name, Piece::Value(Written::wire(Ref::Json(value)))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::shapes::TEXT_CONTENT;

    /// Outside of a union, which no operation takes today.
    #[test]
    fn a_constant_field_can_be_left_out_but_not_changed() {
        let read = |json| read(Some(&TEXT_CONTENT), Case::Snake, JsonTokens::new(json));
        for json in [
            r#"{"text": "n"}"#,
            r#"{"text": "n", "content_type": "text"}"#,
            r#"{"content_type": null, "text": "n"}"#,
        ] {
            let Ok(Wire::Named(fields)) = read(json) else {
                panic!("{json} was refused")
            };
            assert_eq!(fields.iter().collect::<Vec<_>>(), [("type", "\"text\""), ("text", "\"n\"")]);
        }
        let problem = read(r#"{"content_type": "Budi"}"#).err().unwrap();
        assert_eq!(problem.to_string(), "`content_type` must be `text`, as always");
    }
}
