//! Answers and events as frozen Python objects.
//!
//! There is one class for each model, and they differ in nothing but their properties: an object holds core's model, moved and never copied, and
//! reads a field through core's reflection when it is asked for.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use airudder::Case;
use airudder::model::{AnyModel, Field, Kind, Map as CoreMap, Model as Core, Ref, Shape, to_value};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyCFunction, PyDict, PyTuple, PyType};
use serde_json::Value;

use crate::generated::models;
use crate::{input, output};

/// What every answer and event of AI Rudder can do.
///
/// It cannot be changed. It can be compared, hashed, copied and pickled, and its `repr` shows neither secrets nor people's data.
#[pyclass(frozen, subclass, module = "airudder.models")]
pub struct Model {
    /// The whole answer, which this is, or is a part of.
    root: Arc<dyn Core>,
    /// From the whole answer to this part.
    path: Vec<Step>,
    /// The objects and lists right below this one, in the order of their fields, made when they are first asked for.
    parts: Vec<PyOnceLock<Py<PyAny>>>,
}

#[derive(Clone, Copy)]
enum Step {
    Field(usize),
    Item(usize),
    Entry(usize),
}

/// A whole answer as an object of its class.
pub fn object(py: Python<'_>, answer: AnyModel) -> PyResult<Py<PyAny>> {
    models::of_class(py, Model::new(answer.into(), Vec::new()))
}

impl Model {
    fn new(root: Arc<dyn Core>, path: Vec<Step>) -> Self {
        let mut model = Self {
            root,
            path,
            parts: Vec::new(),
        };
        let parts = model.core().shape().fields.iter().filter(|field| is_part(field)).count();
        model.parts.resize_with(parts, PyOnceLock::new);
        model
    }

    pub fn core(&self) -> &dyn Core {
        let mut here = Ref::Model(self.root.as_ref());
        for step in &self.path {
            here = match (here, *step) {
                (Ref::Model(model), Step::Field(index)) => model.get(index),
                (Ref::List(list), Step::Item(index)) => list.get(index),
                (Ref::Map(map), Step::Entry(index)) => entry(map, index),
                (elsewhere, _) => elsewhere,
            };
        }
        // Every path was made by walking it, so it ends at a model.
        if let Ref::Model(model) = here { model } else { self.root.as_ref() }
    }

    fn field(&self, py: Python<'_>, index: usize) -> PyResult<Py<PyAny>> {
        let core = self.core();
        let (before, from_here) = core.shape().fields.split_at(index);
        let make = || self.value(py, core.get(index), &[Step::Field(index)]);
        if !from_here.first().is_some_and(is_part) {
            return make();
        }
        let part = match self.parts.get(before.iter().filter(|field| is_part(field)).count()) {
            Some(part) => part.get_or_try_init(py, make)?,
            None => return make(),
        };
        Ok(part.clone_ref(py))
    }

    fn value(&self, py: Python<'_>, value: Ref<'_>, steps: &[Step]) -> PyResult<Py<PyAny>> {
        match value {
            Ref::Model(_) => models::of_class(py, Self::new(self.root.clone(), [&self.path[..], steps].concat())),
            Ref::List(list) => {
                let items = (0..list.len()).map(|index| self.value(py, list.get(index), &[steps, &[Step::Item(index)]].concat()));
                Ok(PyTuple::new(py, items.collect::<PyResult<Vec<_>>>()?)?.into_any().unbind())
            }
            Ref::Map(map) => {
                let entries = entries(map).into_iter().enumerate();
                let dict = PyDict::new(py);
                for (index, (name, value)) in entries {
                    dict.set_item(name, self.value(py, value, &[steps, &[Step::Entry(index)]].concat())?)?;
                }
                Ok(dict.into_any().unbind())
            }
            scalar => output::scalar(py, scalar),
        }
    }
}

fn entries(map: &dyn CoreMap) -> Vec<(&str, Ref<'_>)> {
    let mut entries = Vec::with_capacity(map.len());
    map.each(&mut |name, value| entries.push((name, value)));
    entries
}

fn entry(map: &dyn CoreMap, index: usize) -> Ref<'_> {
    entries(map).get(index).map_or(Ref::Absent, |(_, value)| *value)
}

/// Whether a field's value is made once and kept. All others are made anew each time, for nobody must change an answer through its dictionaries.
const fn is_part(field: &Field) -> bool {
    matches!(field.kind, Kind::Model(_) | Kind::List(_))
}

#[pymethods]
impl Model {
    /// The same as a dictionary that JSON can write: absent fields are left out, fields that this version does not know stand under `extra`.
    fn to_dict(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        output::json(py, &to_value(self.core(), Case::Snake))
    }

    /// An object as AI Rudder would have sent it, from what `to_dict` gives: for tests of your own code, and for pickle.
    #[classmethod]
    fn from_dict(class: &Bound<'_, PyType>, fields: &Bound<'_, PyDict>) -> PyResult<Py<PyAny>> {
        let py = class.py();
        let name = class.name()?;
        let Some((shape, decode)) = models::decoder(name.to_str()?) else {
            return Err(PyValueError::new_err("from_dict belongs to the classes of airudder.models"));
        };
        let wire = input::wire(shape, input::arguments(fields)?).map_err(PyValueError::new_err)?;
        let answer = decode(Value::Object(wire).to_string().as_bytes()).map_err(|error| PyValueError::new_err(error.to_string()))?;
        object(py, answer)
    }

    /// The fields that this version does not know, and values that do not fit their field, by the names that AI Rudder gives them.
    #[getter]
    fn extra<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let extra = PyDict::new(py);
        for (name, value) in self.core().extra().iter() {
            extra.set_item(name, output::json(py, value)?)?;
        }
        Ok(extra)
    }

    fn __repr__(&self) -> String {
        output::shown(Ref::Model(self.core()))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let Ok(other) = other.cast::<Self>() else { return false };
        let (one, other) = (self.core(), other.get().core());
        std::ptr::eq(one.shape(), other.shape()) && to_value(one, Case::Snake) == to_value(other, Case::Snake)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let core = self.core();
        core.shape().name.hash(&mut hasher);
        for index in 0..core.shape().fields.len() {
            match core.get(index) {
                Ref::Text(text) => (index, text).hash(&mut hasher),
                Ref::Integer(number) => (index, number).hash(&mut hasher),
                Ref::Boolean(truth) => (index, truth).hash(&mut hasher),
                // Equal objects have equal hashes without them.
                _ => {}
            }
        }
        hasher.finish()
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __reduce__(slf: &Bound<'_, Self>) -> PyResult<(Py<PyAny>, (Py<PyAny>,))> {
        let rebuild = slf.get_type().getattr("from_dict")?.unbind();
        Ok((rebuild, (slf.get().to_dict(slf.py())?,)))
    }
}

/// Gives a class one property for each field of its model.
pub fn add_properties(class: &Bound<'_, PyType>, shape: &'static Shape, docs: &[(&str, &str)]) -> PyResult<()> {
    let py = class.py();
    let property = py.import("builtins")?.getattr("property")?;
    for (index, field) in shape.fields.iter().enumerate() {
        let get = PyCFunction::new_closure(py, None, None, move |arguments, _| {
            let object = arguments.get_item(0)?;
            object.cast::<Model>()?.get().field(arguments.py(), index)
        })?;
        let doc = docs.iter().find(|(name, _)| *name == field.name).map(|(_, doc)| *doc);
        class.setattr(field.name, property.call1((get, py.None(), py.None(), doc))?)?;
    }
    Ok(())
}

/// Declares the classes, with the texts of their fields.
macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident { $($field:literal: $text:literal,)* })*) => {
        $(
            $(#[$doc])*
            #[pyo3::pyclass(frozen, extends = $crate::model::Model, module = "airudder.models")]
            pub struct $name;
        )*

        /// Adds the classes to the module.
        pub fn register(module: &pyo3::Bound<'_, pyo3::types::PyModule>) -> pyo3::PyResult<()> {
            use pyo3::types::PyModuleMethods;
            $(
                module.add_class::<$name>()?;
                let class = module.py().get_type::<$name>();
                $crate::model::add_properties(&class, <airudder::$name as airudder::model::ReadModel>::SHAPE, &[$(($field, $text)),*])?;
            )*
            Ok(())
        }

        /// An object of the class of its model.
        pub fn of_class(py: pyo3::Python<'_>, model: $crate::model::Model) -> pyo3::PyResult<pyo3::Py<pyo3::PyAny>> {
            match model.core().shape().name {
                $(stringify!($name) => {
                    let object = pyo3::PyClassInitializer::from(model).add_subclass($name);
                    Ok(pyo3::Py::new(py, object)?.into_any())
                })*
                _ => Ok(pyo3::Py::new(py, model)?.into_any()),
            }
        }

        /// How to read a model of this name.
        pub fn decoder(name: &str) -> Option<(&'static airudder::model::Shape, airudder::model::Decoder)> {
            match name {
                $(stringify!($name) => Some((<airudder::$name as airudder::model::ReadModel>::SHAPE, airudder::model::decode::<airudder::$name>)),)*
                _ => None,
            }
        }
    };
}
pub(crate) use classes;
