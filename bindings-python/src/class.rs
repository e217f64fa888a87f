//! The classes of answers and events.
//!
//! There are many, and a program sees few of them, so a class is only made when its first object is, or when somebody asks for it by name.

use std::collections::HashMap;
use std::ptr;
use std::sync::LazyLock;

use airudder::model::Shape;
use pyo3::exceptions::PyAttributeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

use crate::field;
use crate::generated::models::CLASSES;
use crate::model::Model;

/// One class.
pub struct Class {
    /// The model that its objects hold.
    pub shape: &'static Shape,
    /// The texts of its fields.
    pub docs: &'static [(&'static str, &'static str)],
    /// The type, still without its fields.
    pub bare: for<'py> fn(Python<'py>) -> Bound<'py, PyType>,
    /// Makes an object.
    pub object: fn(Python<'_>, Model) -> PyResult<Py<PyAny>>,
    /// Set when the type has its fields.
    pub is_made: PyOnceLock<()>,
}

/// A class by its name.
pub fn named(name: &str) -> Option<&'static Class> {
    CLASSES.iter().find(|class| class.shape.name == name)
}

/// The class of a model.
pub fn of(shape: &'static Shape) -> Option<&'static Class> {
    static BY_ADDRESS: LazyLock<HashMap<usize, &Class>> =
        LazyLock::new(|| CLASSES.iter().map(|class| (ptr::from_ref(class.shape).addr(), class)).collect());
    BY_ADDRESS.get(&ptr::from_ref(shape).addr()).copied()
}

impl Class {
    /// The type with its fields.
    pub fn ready<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyType>> {
        let class = (self.bare)(py);
        self.is_made.get_or_try_init(py, || field::add(&class, self.shape, self.docs))?;
        Ok(class)
    }

    /// An object of it.
    pub fn make(&self, py: Python<'_>, model: Model) -> PyResult<Py<PyAny>> {
        if self.is_made.get(py).is_none() {
            self.ready(py)?;
        }
        (self.object)(py, model)
    }
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(class, module)?)
}

/// What the module does not have yet: a class, if anything.
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

/// Declares the classes, with the texts of their fields.
macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident { $($field:literal: $text:literal,)* })*) => {
        $(
            $(#[$doc])*
            #[pyo3::pyclass(frozen, extends = $crate::model::Model, module = "airudder.models")]
            pub struct $name;
        )*

        /// Every class.
        pub static CLASSES: [$crate::class::Class; [$(stringify!($name)),*].len()] = [$(
            $crate::class::Class {
                shape: <airudder::$name as airudder::model::Typed>::SHAPE,
                docs: &[$(($field, $text)),*],
                bare: |py| py.get_type::<$name>(),
                object: |py, model| {
                    let object = pyo3::PyClassInitializer::from(model).add_subclass($name);
                    Ok(pyo3::Py::new(py, object)?.into_any())
                },
                is_made: pyo3::sync::PyOnceLock::new(),
            },
        )*];
    };
}
pub(crate) use classes;
