//! Answers and events as frozen Python objects.
//!
//! There is one class for each model, and they differ in nothing but their fields: an object holds core's model, moved and never copied, and
//! reads a field through core's reflection on access.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ptr;
use std::sync::{Arc, OnceLock};

use airudder::Case;
use airudder::model::{AnyModel, Field, Kind, Model as Core, Ref, Shape, to_value};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple, PyType};

use crate::output;
use crate::path::{Path, Step, entries};

/// The base of every answer and event of AI Rudder.
///
/// It cannot be changed. It can be compared, hashed, copied and pickled, and its `repr` shows neither secrets nor people's data.
#[pyclass(frozen, subclass, module = "airudder.models")]
pub struct Model {
    /// The whole answer, which this is, or is a part of.
    root: Arc<dyn Core>,
    /// From the whole answer to this part.
    path: Path,
    /// The objects and lists directly below this one that were accessed. Most objects have none.
    parts: PyOnceLock<Box<Parts>>,
}

/// The objects and lists below an object, in the order of their fields, made on first access.
struct Parts(Vec<PyOnceLock<Py<PyAny>>>);

impl Parts {
    fn of(core: &dyn Core) -> Self {
        let parts = core.shape().fields.iter().filter(|field| is_part(field));
        Self(parts.map(|_| PyOnceLock::new()).collect())
    }
}

/// Makes the objects of one class.
pub trait Make: Sync {
    /// The fields of the class.
    fn shape(&self) -> &'static Shape;
    /// An object of the class.
    fn make(&self, py: Python<'_>, model: Model) -> PyResult<Py<PyAny>>;
}

/// Finds the class of a shape.
type Find = fn(&'static Shape) -> Option<&'static dyn Make>;

static CLASSES: OnceLock<Find> = OnceLock::new();

/// Sets how classes are found. Called once, when the module is loaded.
pub fn set_classes(find: Find) {
    // Every interpreter of the process finds the same classes.
    let _ = CLASSES.set(find);
}

fn class_of(shape: &'static Shape) -> Option<&'static dyn Make> {
    CLASSES.get().and_then(|find| find(shape))
}

/// A whole answer as an object of its class.
pub fn object(py: Python<'_>, answer: AnyModel) -> PyResult<Py<PyAny>> {
    let class = class_of(answer.shape());
    Model::new(answer.into(), Path::EMPTY).into_python(py, class)
}

impl Model {
    fn new(root: Arc<dyn Core>, path: Path) -> Self {
        Self {
            root,
            path,
            parts: PyOnceLock::new(),
        }
    }

    fn into_python(self, py: Python<'_>, class: Option<&dyn Make>) -> PyResult<Py<PyAny>> {
        match class {
            Some(class) => class.make(py, self),
            None => Ok(Py::new(py, self)?.into_any()),
        }
    }

    pub fn core(&self) -> &dyn Core {
        match self.path.walk(self.root.as_ref()) {
            Ref::Model(model) => model,
            // Every path was made by walking it, so it ends at a model.
            _ => self.root.as_ref(),
        }
    }

    /// The value of a field; `part` is its place among the fields whose values are kept.
    pub fn field(&self, py: Python<'_>, index: usize, part: Option<usize>) -> PyResult<Py<PyAny>> {
        let core = self.core();
        let make = || self.value(py, core.get(index), self.path.then(Step::field(index)), &mut None);
        let Some(part) = part else {
            return make();
        };
        match self.parts.get_or_init(py, || Box::new(Parts::of(core))).0.get(part) {
            Some(part) => Ok(part.get_or_try_init(py, make)?.clone_ref(py)),
            None => make(),
        }
    }

    /// `before` is the class of the object made before this one: in a list, the next is mostly of the same.
    fn value(&self, py: Python<'_>, value: Ref<'_>, path: Path, before: &mut Option<&'static dyn Make>) -> PyResult<Py<PyAny>> {
        match value {
            Ref::Model(model) => {
                let shape = model.shape();
                if !before.is_some_and(|class| ptr::eq(class.shape(), shape)) {
                    *before = class_of(shape);
                }
                Self::new(self.root.clone(), path).into_python(py, *before)
            }
            Ref::List(list) => {
                let mut items = Vec::with_capacity(list.len());
                for index in 0..list.len() {
                    items.push(self.value(py, list.get(index), path.then(Step::item(index)), before)?);
                }
                Ok(PyTuple::new(py, items)?.into_any().unbind())
            }
            Ref::Map(map) => {
                let entries = entries(map).into_iter().enumerate();
                let dict = PyDict::new(py);
                for (index, (name, value)) in entries {
                    dict.set_item(name, self.value(py, value, path.then(Step::entry(index)), before)?)?;
                }
                Ok(dict.into_any().unbind())
            }
            scalar => output::scalar(py, scalar),
        }
    }
}

/// Whether a field's value is made once and kept. Other values are made anew for each access: a dictionary that was kept could be changed, and the answer
/// with it.
pub const fn is_part(field: &Field) -> bool {
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
        let module = py.import(intern!(py, "airudder._native"))?;
        Ok(module.call_method1(intern!(py, "_from_dict"), (class, fields))?.unbind())
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
