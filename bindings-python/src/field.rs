//! The fields of the classes of answers and events.

use airudder::model::Shape;
use pyo3::exceptions::PyAttributeError;
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::model::{Model, is_part};

/// A field of a class. Like `property`, without the call of a function for each access.
#[pyclass(frozen, name = "Field", module = "airudder._native")]
pub struct Property {
    name: &'static str,
    doc: &'static str,
    index: usize,
    /// The place among the fields that hold objects or lists, if this is one of them.
    part: Option<usize>,
}

#[pymethods]
impl Property {
    fn __get__(slf: &Bound<'_, Self>, object: &Bound<'_, PyAny>, _class: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        match object.cast::<Model>() {
            Ok(model) => {
                let Self { index, part, .. } = *slf.get();
                model.get().field(slf.py(), index, part)
            }
            // Accessed on the class.
            Err(_) if object.is_none() => Ok(slf.clone().into_any().unbind()),
            Err(error) => Err(error.into()),
        }
    }

    fn __set__(&self, object: &Bound<'_, PyAny>, _value: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(self.frozen(object, "setter"))
    }

    fn __delete__(&self, object: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(self.frozen(object, "deleter"))
    }

    #[getter]
    fn __name__(&self) -> &'static str {
        self.name
    }

    #[getter]
    fn __doc__(&self) -> &'static str {
        self.doc
    }
}

impl Property {
    fn frozen(&self, object: &Bound<'_, PyAny>, what: &str) -> PyErr {
        match object.get_type().name() {
            Ok(class) => PyAttributeError::new_err(format!("property '{}' of '{class}' object has no {what}", self.name)),
            Err(error) => error,
        }
    }
}

/// Adds the fields of a shape to a class.
pub fn add(class: &Bound<'_, PyType>, shape: &'static Shape, docs: &'static [(&'static str, &'static str)]) -> PyResult<()> {
    let mut parts = 0;
    for (index, field) in shape.fields.iter().enumerate() {
        let part = is_part(field).then(|| {
            parts += 1;
            parts - 1
        });
        let property = Property {
            name: field.name,
            doc: docs.iter().find(|(name, _)| *name == field.name).map_or("", |(_, doc)| doc),
            index,
            part,
        };
        class.setattr(field.name, property)?;
    }
    Ok(())
}
