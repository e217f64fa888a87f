//! Values of core as Python's, and as text for developers.

use std::fmt::Write;

use airudder::model::{Model, Ref};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use serde_json::Value;

/// How many items of a list `repr` shows.
const SHOWN: usize = 5;

/// A class of `airudder.results`, for answers that are not models.
pub fn class<'py>(py: Python<'py>, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
    py.import(intern!(py, "airudder.results"))?.getattr(name)
}

/// An event of an unknown kind.
pub fn unknown_event(py: Python<'_>, data: &Value) -> PyResult<Py<PyAny>> {
    Ok(class(py, intern!(py, "UnknownEvent"))?.call1((json(py, data)?,))?.unbind())
}

/// A scalar, or JSON.
pub fn scalar(py: Python<'_>, value: Ref<'_>) -> PyResult<Py<PyAny>> {
    Ok(match value {
        Ref::Absent | Ref::Model(_) | Ref::List(_) | Ref::Map(_) => py.None(),
        Ref::Text(text) => text.into_pyobject(py)?.into_any().unbind(),
        Ref::Integer(number) => number.into_pyobject(py)?.into_any().unbind(),
        Ref::Number(number) => number.into_pyobject(py)?.into_any().unbind(),
        Ref::Boolean(truth) => truth.into_pyobject(py)?.to_owned().into_any().unbind(),
        Ref::Json(json) => self::json(py, json)?,
    })
}

/// JSON as `json.loads` returns it.
pub fn json(py: Python<'_>, value: &Value) -> PyResult<Py<PyAny>> {
    Ok(match value {
        Value::Null => py.None(),
        Value::Bool(truth) => truth.into_pyobject(py)?.to_owned().into_any().unbind(),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => number.into_pyobject(py)?.into_any().unbind(),
            (_, Some(number)) => number.into_pyobject(py)?.into_any().unbind(),
            _ => number.as_f64().into_pyobject(py)?.unbind(),
        },
        Value::String(text) => text.into_pyobject(py)?.into_any().unbind(),
        Value::Array(items) => {
            let list = PyList::empty(py);
            for item in items {
                list.append(json(py, item)?)?;
            }
            list.into_any().unbind()
        }
        Value::Object(fields) => {
            let dict = PyDict::new(py);
            for (name, value) in fields {
                dict.set_item(name, json(py, value)?)?;
            }
            dict.into_any().unbind()
        }
    })
}

/// A value as `repr` shows it. Sensitive values are redacted; maps and JSON are only counted.
pub fn shown(value: Ref<'_>) -> String {
    match value {
        Ref::Absent => "None".to_owned(),
        Ref::Text(text) => format!("{text:?}"),
        Ref::Integer(number) => number.to_string(),
        Ref::Number(number) => number.to_string(),
        Ref::Boolean(truth) => if truth { "True" } else { "False" }.to_owned(),
        Ref::Json(_) => "<json>".to_owned(),
        Ref::Map(map) => format!("<{} entries>", map.len()),
        Ref::Model(model) => shown_model(model),
        Ref::List(list) => {
            let mut items: Vec<_> = (0..list.len().min(SHOWN)).map(|index| shown(list.get(index))).collect();
            if list.len() > SHOWN {
                items.push(format!("<{} more>", list.len() - SHOWN));
            }
            format!("({}{})", items.join(", "), if items.len() == 1 { "," } else { "" })
        }
    }
}

fn shown_model(model: &dyn Model) -> String {
    let shape = model.shape();
    let mut text = format!("{}(", shape.name);
    let mut separator = "";
    let mut show = |name: &str, value: &str| {
        // Writing to a string does not fail.
        let _ = write!(text, "{separator}{name}={value}");
        separator = ", ";
    };
    for (index, field) in shape.fields.iter().enumerate() {
        match model.get(index) {
            Ref::Absent => {}
            _ if field.sensitive => show(field.name, "<redacted>"),
            value => show(field.name, &shown(value)),
        }
    }
    if !model.extra().is_empty() {
        show("extra", &format!("<{} fields>", model.extra().len()));
    }
    text + ")"
}
