//! What the contract's types are called in Python.

use crate::ir::{Contract, Kind, Role, Type};

/// A type that may be absent.
pub fn optional(name: String) -> String {
    if name == "Any" || name == "object" {
        name
    } else {
        format!("{name} | None")
    }
}

/// The type of an attribute of an answer.
pub fn answer_type(kind: &Type) -> String {
    let item = || kind.item.as_deref().map_or_else(|| "Any".to_owned(), answer_type);
    match kind.kind {
        Kind::Text => "str".to_owned(),
        Kind::Integer => "int".to_owned(),
        Kind::Number => "float".to_owned(),
        Kind::Boolean => "bool".to_owned(),
        Kind::Json => "Any".to_owned(),
        Kind::Model | Kind::Union => kind.model.clone().unwrap_or_default(),
        Kind::List => format!("tuple[{}, ...]", item()),
        Kind::Map => format!("dict[str, {}]", item()),
    }
}

/// The type of an argument, or of the key of a dictionary.
pub fn input_type(contract: &Contract, kind: &Type, format: Option<&str>) -> String {
    let item = || {
        kind.item
            .as_deref()
            .map_or_else(|| "object".to_owned(), |item| input_type(contract, item, None))
    };
    match (kind.kind, format) {
        (Kind::Text, None) => "Text".to_owned(),
        (Kind::Text, Some("date")) => "Day".to_owned(),
        (Kind::Text, Some("account-time")) => "AccountTime".to_owned(),
        (Kind::Text, Some("zoned-time")) => "ZonedTime".to_owned(),
        (Kind::Text, Some(_)) => "str".to_owned(),
        (Kind::Integer, _) => "int".to_owned(),
        (Kind::Number, _) => "float".to_owned(),
        (Kind::Boolean, _) => "bool".to_owned(),
        (Kind::Json, _) => "object".to_owned(),
        (Kind::Model | Kind::Union, _) => dictionary(contract, kind.model.as_deref().unwrap_or_default()),
        (Kind::List, _) => format!("Sequence[{}]", item()),
        (Kind::Map, _) => format!("Mapping[str, {}]", item()),
    }
}

/// A dictionary, or the class of the same name where AI Rudder sends it, too: what came may be sent on.
fn dictionary(contract: &Contract, name: &str) -> String {
    let role = contract
        .model(name)
        .map(|model| model.role)
        .or_else(|| contract.union(name).map(|union| union.role));
    if role == Some(Role::Both) {
        format!("{name} | models.{name}")
    } else {
        name.to_owned()
    }
}

/// The dictionaries that a value of this type is made of.
pub fn dictionaries(contract: &Contract, kind: &Type) -> Option<String> {
    let name = kind.innermost_model()?;
    let subject = if kind.kind == Kind::List { "Each" } else { "It" };
    let Some(union) = contract.union(name) else {
        return Some(format!("{subject} is a dictionary, `{name}`."));
    };
    let types: Vec<_> = union.variants.iter().map(|variant| format!("`{}`", variant.model)).collect();
    Some(format!("{subject} is one of these dictionaries: {}.", types.join(", ")))
}

/// The names in a type.
pub fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}
