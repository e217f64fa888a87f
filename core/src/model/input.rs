//! The parameters of a call, typed or by name.

use serde_json::{Map, Value};

use super::check::{check_length, check_text, missing};
use super::{Case, Field, Kind, Model, Problem, Ref, Shape, Written, check};

/// The parameters of a call.
#[allow(missing_debug_implementations)] // its values may be people's data
pub struct Input(Kinds);

enum Kinds {
    None,
    Typed(Box<dyn Model>),
    Named(Map<String, Value>),
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

    /// Checks the parameters and makes them ready to be sent.
    pub(crate) fn into_wire(self, shape: Option<&'static Shape>, case: Case) -> Result<Wire, Problem> {
        match self.0 {
            Kinds::None => Ok(Wire::None),
            Kinds::Typed(model) => {
                check(model.as_ref(), case)?;
                Ok(Wire::Typed(model))
            }
            Kinds::Named(params) => match shape {
                Some(shape) => to_wire(shape, params, case).map(Wire::Json),
                None if params.is_empty() => Ok(Wire::None),
                None => Err(Problem::new("this operation takes no parameters")),
            },
        }
    }
}

/// Checked parameters by wire name.
pub(crate) enum Wire {
    None,
    Typed(Box<dyn Model>),
    Json(Map<String, Value>),
}

impl Wire {
    /// Calls `visit` with each field.
    pub(crate) fn each<E>(&self, visit: &mut dyn FnMut(&str, Written<'_>) -> Result<(), E>) -> Result<(), E> {
        match self {
            Self::None => Ok(()),
            Self::Typed(model) => {
                for (index, field) in model.shape().fields.iter().enumerate() {
                    let value = model.get(index);
                    if !matches!(value, Ref::Absent) && model.extra().get(field.wire).is_none() {
                        visit(field.wire, Written::wire(value))?;
                    }
                }
                model
                    .extra()
                    .iter()
                    .try_for_each(|(name, value)| visit(name, Written::wire(Ref::Json(value))))
            }
            Self::Json(map) => map
                .iter()
                .try_for_each(|(name, value)| visit(name, Written::wire(Ref::Json(value)))),
        }
    }
}

/// Renames an object's fields to their wire names, in the contract's order, and checks them on the way.
fn to_wire(shape: &'static Shape, mut params: Map<String, Value>, case: Case) -> Result<Map<String, Value>, Problem> {
    let extra = match params.swap_remove("extra") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(extra)) => extra,
        Some(_) => return Err(Problem::new("must be an object of fields by their wire names").in_field("extra")),
    };
    let mut wire = Map::with_capacity(params.len() + extra.len());
    for field in shape.fields {
        let name = case.name_of(field);
        let value = params.swap_remove(name).unwrap_or(Value::Null);
        let given_as_extra = extra.contains_key(field.wire);
        match field_to_wire(field, value, case).map_err(|problem| problem.in_field(name))? {
            Some(value) if !given_as_extra => {
                wire.insert(field.wire.to_owned(), value);
            }
            None if field.required && !given_as_extra => return Err(missing().in_field(name)),
            _ => {}
        }
    }
    if let Some(unknown) = params.keys().next() {
        return Err(unknown_field(shape, unknown, case));
    }
    wire.extend(extra);
    Ok(wire)
}

fn field_to_wire(field: &'static Field, value: Value, case: Case) -> Result<Option<Value>, Problem> {
    let value = match (&field.kind, value) {
        (_, Value::Null) => return Ok(None),
        (Kind::Text, Value::String(text)) => {
            check_text(field, &text)?;
            Value::String(text)
        }
        (Kind::Text, Value::Number(number)) => {
            let text = number.to_string();
            check_text(field, &text)?;
            Value::String(text)
        }
        (Kind::List(item), Value::Array(list)) => {
            check_length(field, list.len())?;
            let items = list.into_iter().enumerate();
            Value::Array(
                items
                    .map(|(index, value)| item_to_wire(item, value, case).map_err(|problem| problem.at(index)))
                    .collect::<Result<_, _>>()?,
            )
        }
        (kind, value) => item_to_wire(kind, value, case)?,
    };
    Ok(Some(value))
}

fn item_to_wire(kind: &'static Kind, value: Value, case: Case) -> Result<Value, Problem> {
    match (kind, value) {
        (Kind::Text, Value::String(text)) => Ok(Value::String(text)),
        (Kind::Text, Value::Number(number)) => Ok(Value::String(number.to_string())),
        (Kind::Integer, Value::Number(number)) => match number.as_f64() {
            _ if number.is_i64() || number.is_u64() => Ok(Value::Number(number)),
            // JavaScript and data frames have one number type: 3.0 is a whole number to them.
            #[allow(clippy::cast_possible_truncation)]
            Some(float) if float.fract() == 0.0 && float.abs() < 9e15 => Ok(Value::from(float as i64)),
            _ => Err(Problem::new("must be a whole number")),
        },
        (Kind::Number, value @ Value::Number(_)) | (Kind::Boolean, value @ Value::Bool(_)) | (Kind::Json, value) => Ok(value),
        (Kind::Model(shape), Value::Object(fields)) => to_wire(shape, fields, case).map(Value::Object),
        (Kind::List(item), Value::Array(list)) => list
            .into_iter()
            .enumerate()
            .map(|(index, value)| item_to_wire(item, value, case).map_err(|problem| problem.at(index)))
            .collect(),
        (Kind::Map(item), Value::Object(map)) => map
            .into_iter()
            .map(|(name, value)| Ok((name, item_to_wire(item, value, case)?)))
            .collect::<Result<Map<_, _>, _>>()
            .map(Value::Object),
        (kind, value) => Err(Problem::new(format!("must be {}, not {}", kind_name(kind), json_name(&value)))),
    }
}

const fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Integer => "a whole number",
        Kind::Number => "a number",
        Kind::Boolean => "true or false",
        Kind::Json => "JSON",
        Kind::Model(_) | Kind::Map(_) => "an object",
        Kind::List(_) => "a list",
    }
}

const fn json_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Names the field that is not known, as far as it looks like a name: it may be data in the wrong place.
fn unknown_field(shape: &'static Shape, unknown: &str, case: Case) -> Problem {
    let is_name = unknown.len() <= 40 && unknown.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    let shown = if is_name { format!("`{unknown}`") } else { "a name".to_owned() };
    let meant = shape
        .fields
        .iter()
        .map(|field| case.name_of(field))
        .min_by_key(|name| distance(name, unknown))
        .filter(|name| is_name && distance(name, unknown) <= 3);
    let hint = meant.map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"));
    Problem::new(format!(
        "{shown} is not a field of {}{hint}; fields beyond the contract go into `extra`, by their wire names",
        shape.name
    ))
}

/// Edit distance, of names of at most 40 letters.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(41).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let substituted = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}
