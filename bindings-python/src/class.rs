//! A class of answers or events, and how the generated code declares all of them.

use airudder::model::Shape;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

use crate::field;
use crate::model::{Make, Model};

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

impl Class {
    /// The type with its fields.
    pub fn ready<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyType>> {
        let class = (self.bare)(py);
        self.is_made.get_or_try_init(py, || field::add(&class, self.shape, self.docs))?;
        Ok(class)
    }
}

impl Make for Class {
    fn shape(&self) -> &'static Shape {
        self.shape
    }

    fn make(&self, py: Python<'_>, model: Model) -> PyResult<Py<PyAny>> {
        if self.is_made.get(py).is_none() {
            self.ready(py)?;
        }
        (self.object)(py, model)
    }
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
