//! The parameters of a call, typed or by name.

use serde::Deserializer;
use serde_json::{Map, Value};

use super::object::Piece;
use super::rename::{Fields, rename};
use super::{Case, Model, Problem, Ref, Shape, Written, check};

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

    /// Parameters by their names in the client's [`Case`]: what a language without our types gives. A field that is null counts as left out;
    /// fields beyond the contract stand under `extra`, by wire name.
    #[must_use]
    pub const fn named(params: Map<String, Value>) -> Self {
        Self(Kinds::Named(params))
    }

    /// Parameters by their names, read at once from whatever holds them.
    pub(crate) fn read<'de, D: Deserializer<'de>>(shape: Option<&'static Shape>, case: Case, source: D) -> Self {
        Self(Kinds::Read(read(shape, case, source)))
    }

    /// Checks the parameters and makes them ready to be sent.
    pub(crate) fn into_wire(self, shape: Option<&'static Shape>, case: Case) -> Result<Wire, Problem> {
        match self.0 {
            Kinds::None => Ok(Wire::None),
            Kinds::Typed(model) => {
                check(model.as_ref(), case)?;
                Ok(Wire::Typed(model))
            }
            Kinds::Named(params) => read(shape, case, params),
            Kinds::Read(wire) => wire,
        }
    }
}

fn read<'de, D: Deserializer<'de>>(shape: Option<&'static Shape>, case: Case, source: D) -> Result<Wire, Problem> {
    match shape {
        Some(shape) => rename(shape, case, source).map(Wire::Named),
        None => rename(&NOTHING, case, source).map(|_| Wire::None),
    }
}

/// The parameters of an operation that takes none.
static NOTHING: Shape = Shape {
    name: "this operation",
    fields: &[],
};

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
                    if !matches!(value, Ref::Absent) && model.extra().get(field.wire).is_none() {
                        visit(field.wire, Piece::Value(Written::wire(value)))?;
                    }
                }
                let mut extra = model.extra().iter();
                extra.try_for_each(|(name, value)| visit(name, Piece::Value(Written::wire(Ref::Json(value)))))
            }
            Self::Named(fields) => {
                fields.iter().try_for_each(|(name, json)| visit(name, Piece::Json(json)))?;
                let mut extra = fields.extra.iter();
                extra.try_for_each(|(name, value)| visit(name, Piece::Value(Written::wire(Ref::Json(value)))))
            }
        }
    }
}
