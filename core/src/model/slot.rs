//! The types that a field of a typed model can have, and how each takes a value.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Extra, List, Map, Model, Ref};
use crate::json::Scalar;
use crate::schema::{Shape, UnionShape};

/// A type that a field can have. What it cannot take, it answers with `None`.
pub trait Slot: Send + Sync + 'static {
    /// The value, borrowed.
    fn view(&self) -> Ref<'_>;
    /// Takes a value that holds no others.
    fn set(&mut self, scalar: Scalar<'_>) -> Option<()> {
        let _ = scalar;
        None
    }
    /// Takes any JSON.
    fn set_json(&mut self, value: Value) -> Option<()> {
        drop(value);
        None
    }
    /// Becomes an empty object, `variant` of a union.
    fn open_object(&mut self, variant: Option<usize>) -> Option<&mut dyn ModelMut> {
        let _ = variant;
        None
    }
    /// Becomes an empty list, or an empty object with free names.
    fn open_many(&mut self) -> Option<&mut dyn Many> {
        None
    }
}

/// A model whose fields can be set.
pub trait ModelMut: Model {
    /// The field at `index` of [`shape`](Model::shape). `None` for a constant.
    fn slot_mut(&mut self, index: usize) -> Option<&mut dyn Slot>;
    /// The fields beyond the typed ones.
    fn extra_mut(&mut self) -> &mut Extra;
}

/// A list, or an object with free names, that grows.
pub trait Many {
    /// The slot of a new item, or of the entry with this name.
    fn add(&mut self, name: Option<String>) -> &mut dyn Slot;
    /// Gives back the memory beyond the end.
    fn shrink(&mut self) {}
}

/// A model whose type is known when the program is compiled.
pub trait Typed: ModelMut + Slot + Default {
    /// Its fields.
    const SHAPE: &'static Shape;
}

/// A union whose type is known when the program is compiled.
pub trait TypedUnion: Slot + Default {
    /// Its variants.
    const SHAPE: &'static UnionShape;
    /// The model inside.
    fn as_model(&self) -> &dyn Model;
}

impl Slot for String {
    fn view(&self) -> Ref<'_> {
        Ref::Text(self)
    }

    fn set(&mut self, scalar: Scalar<'_>) -> Option<()> {
        let Scalar::Text(text) = scalar else { return None };
        *self = text.decode().into_owned();
        Some(())
    }
}

impl Slot for i64 {
    fn view(&self) -> Ref<'_> {
        Ref::Integer(*self)
    }

    fn set(&mut self, scalar: Scalar<'_>) -> Option<()> {
        *self = match scalar {
            Scalar::Digits(digits) => digits.parse().ok()?,
            Scalar::Integer(number) => number,
            _ => return None,
        };
        Some(())
    }
}

impl Slot for f64 {
    fn view(&self) -> Ref<'_> {
        Ref::Number(*self)
    }

    fn set(&mut self, scalar: Scalar<'_>) -> Option<()> {
        let Scalar::Number(number) = scalar else { return None };
        *self = number;
        Some(())
    }
}

impl Slot for bool {
    fn view(&self) -> Ref<'_> {
        Ref::Boolean(*self)
    }

    fn set(&mut self, scalar: Scalar<'_>) -> Option<()> {
        let Scalar::Boolean(truth) = scalar else { return None };
        *self = truth;
        Some(())
    }
}

impl Slot for Value {
    fn view(&self) -> Ref<'_> {
        Ref::Json(self)
    }

    fn set_json(&mut self, value: Value) -> Option<()> {
        *self = value;
        Some(())
    }
}

impl<T: Slot + Default> Slot for Option<T> {
    fn view(&self) -> Ref<'_> {
        self.as_ref().map_or(Ref::Absent, Slot::view)
    }

    fn set(&mut self, scalar: Scalar<'_>) -> Option<()> {
        self.insert(T::default()).set(scalar)
    }

    fn set_json(&mut self, value: Value) -> Option<()> {
        self.insert(T::default()).set_json(value)
    }

    fn open_object(&mut self, variant: Option<usize>) -> Option<&mut dyn ModelMut> {
        self.insert(T::default()).open_object(variant)
    }

    fn open_many(&mut self) -> Option<&mut dyn Many> {
        self.insert(T::default()).open_many()
    }
}

impl<T: Slot> Slot for Box<T> {
    fn view(&self) -> Ref<'_> {
        T::view(self)
    }

    fn open_object(&mut self, variant: Option<usize>) -> Option<&mut dyn ModelMut> {
        T::open_object(self, variant)
    }
}

impl<T: Slot + Default> Slot for Vec<T> {
    fn view(&self) -> Ref<'_> {
        Ref::List(self)
    }

    fn open_many(&mut self) -> Option<&mut dyn Many> {
        self.clear();
        Some(self)
    }
}

impl<T: Slot + Default> Many for Vec<T> {
    fn add(&mut self, _: Option<String>) -> &mut dyn Slot {
        let index = self.len();
        self.push(T::default());
        &mut self[index]
    }

    fn shrink(&mut self) {
        self.shrink_to_fit();
    }
}

impl<T: Slot + Default> Slot for BTreeMap<String, T> {
    fn view(&self) -> Ref<'_> {
        Ref::Map(self)
    }

    fn open_many(&mut self) -> Option<&mut dyn Many> {
        self.clear();
        Some(self)
    }
}

impl<T: Slot + Default> Many for BTreeMap<String, T> {
    fn add(&mut self, name: Option<String>) -> &mut dyn Slot {
        self.entry(name.unwrap_or_default()).or_default()
    }
}

impl<T: Slot> List for Vec<T> {
    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn get(&self, index: usize) -> Ref<'_> {
        self.as_slice().get(index).map_or(Ref::Absent, Slot::view)
    }
}

impl<T: Slot> Map for BTreeMap<String, T> {
    fn len(&self) -> usize {
        BTreeMap::len(self)
    }

    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Ref<'a>)) {
        for (name, value) in self {
            visit(name, value.view());
        }
    }
}
