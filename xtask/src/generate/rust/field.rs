//! The fields of Rust's models: their types, and how arguments become them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::case;
use crate::ir::{Field, Kind, Model, Role, Type};

/// The family in whose module each model stands.
#[derive(Clone)]
pub struct Homes(pub BTreeMap<String, String>);

impl Homes {
    /// A model's path, seen from the module of a family. `prefix` leads to the modules of the others.
    pub fn path(&self, model: &str, home: &str, prefix: &str) -> String {
        match self.0.get(model) {
            Some(family) if family != home => format!("{prefix}::{family}::{model}"),
            _ => model.to_owned(),
        }
    }

    pub fn type_name(&self, kind: &Type, home: &str, prefix: &str) -> String {
        let item = || {
            kind.item
                .as_ref()
                .map_or_else(|| "Value".to_owned(), |item| self.type_name(item, home, prefix))
        };
        match kind.kind {
            Kind::Text => "String".to_owned(),
            Kind::Integer => "i64".to_owned(),
            Kind::Number => "f64".to_owned(),
            Kind::Boolean => "bool".to_owned(),
            Kind::Json => "serde_json::Value".to_owned(),
            Kind::Model | Kind::Union => self.path(kind.model.as_deref().unwrap_or_default(), home, prefix),
            Kind::List => format!("Vec<{}>", item()),
            Kind::Map => format!("std::collections::BTreeMap<String, {}>", item()),
        }
    }

    /// The type of an argument, and the expression that makes the field's value of it.
    pub fn argument(&self, field: &Field, home: &str, prefix: &str) -> (String, String) {
        let (kind, argument) = (&field.kind, &field.name);
        let name = self.type_name(kind, home, prefix);
        let item = kind.item.as_ref().filter(|item| item.kind == Kind::Union);
        match (kind.kind, item) {
            (Kind::Model, _) if field.recursive => (format!("impl Into<Box<{name}>>"), format!("{argument}.into()")),
            (Kind::Union, _) if field.recursive => (format!("impl Into<{name}>"), format!("Box::new({argument}.into())")),
            (Kind::Integer | Kind::Number | Kind::Boolean | Kind::Model, _) => (name, argument.clone()),
            (Kind::List, Some(item)) => (
                format!("impl IntoIterator<Item = impl Into<{}>>", self.type_name(item, home, prefix)),
                format!("{argument}.into_iter().map(Into::into).collect()"),
            ),
            (Kind::Text | Kind::Json | Kind::Union | Kind::List | Kind::Map, _) => {
                (format!("impl Into<{name}>"), format!("{argument}.into()"))
            }
        }
    }
}

#[derive(Serialize)]
pub struct RustField<'a> {
    #[serde(flatten)]
    pub field: &'a Field,
    /// Where it stands in the model's shape.
    pub index: usize,
    /// The type of the struct's field.
    pub slot: String,
    /// The type of an argument that sets it.
    pub argument: String,
    /// From the argument to the value.
    pub convert: String,
    /// From the argument to the value of a field that need not be set.
    pub convert_optional: String,
    /// The `Kind` in the model's shape.
    pub shape_kind: String,
}

pub fn rust_field<'a>(field: &'a Field, model: &Model, homes: &Homes) -> RustField<'a> {
    let name = homes.type_name(&field.kind, &model.family, "super");
    // An answer's list that is absent is an empty one; a request's is not sent.
    let always_there = field.required || (model.role != Role::Input && field.kind.kind == Kind::List);
    let name = if field.recursive { format!("Box<{name}>") } else { name };
    let (argument, convert) = homes.argument(field, &model.family, "super");
    RustField {
        index: model.fields.iter().position(|other| other.name == field.name).unwrap_or_default(),
        slot: if always_there { name } else { format!("Option<{name}>") },
        convert_optional: if always_there {
            convert.clone()
        } else {
            format!("Some({convert})")
        },
        argument,
        convert,
        shape_kind: shape_kind(&field.kind),
        field,
    }
}

pub fn shape_kind(kind: &Type) -> String {
    let item = || kind.item.as_ref().map_or_else(|| "Kind::Json".to_owned(), |item| shape_kind(item));
    match kind.kind {
        Kind::Text => "Kind::Text".to_owned(),
        Kind::Integer => "Kind::Integer".to_owned(),
        Kind::Number => "Kind::Number".to_owned(),
        Kind::Boolean => "Kind::Boolean".to_owned(),
        Kind::Json => "Kind::Json".to_owned(),
        Kind::Model => format!("Kind::Model(&{})", case::screaming(kind.model.as_deref().unwrap_or_default())),
        Kind::Union => format!("Kind::Union(&{})", case::screaming(kind.model.as_deref().unwrap_or_default())),
        Kind::List => format!("Kind::List(&{})", item()),
        Kind::Map => format!("Kind::Map(&{})", item()),
    }
}
