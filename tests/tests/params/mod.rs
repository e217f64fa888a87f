//! The parameters of a step, as the typed methods want them.

use airudder::OPERATIONS;
use airudder::model::{Kind, Shape, Typed};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

pub struct Params(pub Map<String, Value>);

impl Params {
    /// One argument of an operation, by its name.
    pub fn argument<T: DeserializeOwned>(&self, id: &str, name: &str) -> T {
        let operation = OPERATIONS.iter().find(|operation| operation.id == id).unwrap();
        let fields = operation.params.into_iter().flat_map(|shape| shape.fields);
        let value = self.0[name].clone();
        let wire = match fields.into_iter().find(|field| field.name == name) {
            Some(field) => value_to_wire(&field.kind, value),
            None => value,
        };
        serde_json::from_value(wire).unwrap()
    }

    /// All of them in one model. Models are read by wire names.
    pub fn model<T: Typed + DeserializeOwned>(&self) -> T {
        let mut fields = self.0.clone();
        // The file of an upload is an argument beside the model.
        fields.retain(|name, _| name != "file");
        serde_json::from_value(to_wire(T::SHAPE, &fields)).unwrap()
    }
}

fn to_wire(shape: &Shape, params: &Map<String, Value>) -> Value {
    let mut wire = Map::new();
    for (name, value) in params {
        if name == "extra" {
            wire.extend(value.as_object().unwrap().clone());
        } else {
            let field = shape.fields.iter().find(|field| field.name == name).unwrap();
            wire.insert(field.wire.to_owned(), value_to_wire(&field.kind, value.clone()));
        }
    }
    Value::Object(wire)
}

fn value_to_wire(kind: &Kind, value: Value) -> Value {
    match (kind, value) {
        (Kind::List(item), Value::Array(items)) => items.into_iter().map(|value| value_to_wire(item, value)).collect(),
        (kind, Value::Object(fields)) if kind.shape().is_some() => to_wire(kind.shape().unwrap(), &fields),
        (_, value) => value,
    }
}
