//! Models and their values, borrowed: what a caller sees who does not know their types.

use std::any::Any;

use serde_json::Value;

use super::Extra;
use crate::schema::Shape;

/// A typed object of AI Rudder's API: the parameters of an operation, an answer, a part of either, or an event.
pub trait Model: Any + Send + Sync {
    /// Its fields, with their names and types.
    fn shape(&self) -> &'static Shape;
    /// The value of the field at `index` of [`shape`](Model::shape).
    fn get(&self, index: usize) -> Ref<'_>;
    /// What the type does not know.
    fn extra(&self) -> &Extra;
    /// Whether a request sends the field at `index`. A model that also comes as an answer has an empty list where a request leaves one out.
    fn is_sent(&self, index: usize) -> bool {
        !matches!(self.get(index), Ref::Absent)
    }
}

/// An answer whose type is only known at run time.
pub type AnyModel = Box<dyn Model>;

/// The value of a field, borrowed.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations)] // its values may be people's data
pub enum Ref<'a> {
    /// Not set.
    Absent,
    /// Text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// Any JSON.
    Json(&'a Value),
    /// An object.
    Model(&'a dyn Model),
    /// A list.
    List(&'a dyn List),
    /// An object with free names.
    Map(&'a dyn Map),
}

/// A list of values.
pub trait List {
    /// How many.
    fn len(&self) -> usize;
    /// The value at `index`; absent beyond the end.
    fn get(&self, index: usize) -> Ref<'_>;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// An object with free names.
pub trait Map {
    /// How many entries.
    fn len(&self) -> usize;
    /// Calls `visit` for each entry, in the order of the names.
    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Ref<'a>));
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
