//! All classes of answers and events.
//!
//! There are many, and a program uses few, so a class is made with its first object, or when it is looked up by name.

use std::collections::HashMap;
use std::ptr;
use std::sync::LazyLock;

use airudder::Answer as _;
use airudder::model::{AnyModel, Budget, Shape};
use pyo3::exceptions::{PyAttributeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};
use serde_json::Value;

use crate::class::Class;
use crate::generated::models::CLASSES;
use crate::input;
use crate::model::{self, Make};

fn named(name: &str) -> Option<&'static Class> {
    CLASSES.iter().find(|class| class.shape.name == name)
}

fn of(shape: &'static Shape) -> Option<&'static dyn Make> {
    static BY_ADDRESS: LazyLock<HashMap<usize, &Class>> =
        LazyLock::new(|| CLASSES.iter().map(|class| (ptr::from_ref(class.shape).addr(), class)).collect());
    let class = BY_ADDRESS.get(&ptr::from_ref(shape).addr()).copied();
    class.map(|class| class as &dyn Make)
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    model::set_classes(of);
    module.add_function(wrap_pyfunction!(from_dict, module)?)?;
    module.add_function(wrap_pyfunction!(class, module)?)
}

/// An attribute that the module does not have yet: a class, if anything.
#[pyfunction]
#[pyo3(name = "__getattr__", pass_module)]
fn class<'py>(module: &Bound<'py, PyModule>, name: &str) -> PyResult<Bound<'py, PyType>> {
    let Some(class) = named(name) else {
        return Err(PyAttributeError::new_err(format!(
            "module 'airudder._native' has no attribute '{name}'"
        )));
    };
    let made = class.ready(module.py())?;
    module.setattr(name, &made)?;
    Ok(made)
}

/// An object of a class from the fields that its `to_dict` returns.
#[pyfunction]
#[pyo3(name = "_from_dict", signature = (class, fields, /))]
fn from_dict(class: &Bound<'_, PyType>, fields: &Bound<'_, PyDict>) -> PyResult<Py<PyAny>> {
    let py = class.py();
    let name = class.name()?;
    let Some(Class { shape, .. }) = named(name.to_str()?) else {
        return Err(PyValueError::new_err("from_dict belongs to the classes of airudder.models"));
    };
    let wire = input::wire(shape, input::arguments(fields)?).map_err(PyValueError::new_err)?;
    let answer = AnyModel::read(shape, &Value::Object(wire).to_string(), Budget::unlimited());
    model::object(py, answer.map_err(|error| PyValueError::new_err(error.to_string()))?)
}
