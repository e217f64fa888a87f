//! The parameters of a step, as the typed methods want them.

use airudder::model::{Field, Kind, ReadModel, Shape};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

pub struct Params(pub Map<String, Value>);

impl Params {
    /// One argument by its name.
    pub fn argument<T: DeserializeOwned>(&self, name: &str) -> T {
        serde_json::from_value(self.0[name].clone()).unwrap()
    }

    /// All of them in one model. Models are read by wire names.
    pub fn model<T: ReadModel + DeserializeOwned>(&self) -> T {
        serde_json::from_value(to_wire(T::SHAPE, &self.0)).unwrap()
    }
}

fn to_wire(shape: &Shape, params: &Map<String, Value>) -> Value {
    let mut wire = Map::new();
    for (name, value) in params {
        if name == "extra" {
            wire.extend(value.as_object().unwrap().clone());
        } else {
            let field = shape.fields.iter().find(|field| field.name == name).unwrap();
            wire.insert(field.wire.to_owned(), field_to_wire(field, value));
        }
    }
    Value::Object(wire)
}

fn field_to_wire(field: &Field, value: &Value) -> Value {
    match (&field.kind, value) {
        (Kind::Model(shape), Value::Object(fields)) => to_wire(shape, fields),
        (Kind::List(Kind::Model(shape)), Value::Array(items)) => {
            items.iter().map(|item| to_wire(shape, item.as_object().unwrap())).collect()
        }
        _ => value.clone(),
    }
}
