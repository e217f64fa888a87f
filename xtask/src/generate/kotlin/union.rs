//! The interfaces of what may be one of several data classes.

use serde::Serialize;

use super::field::{KotlinField, kotlin_field};
use crate::ir::{Contract, Field, Role, Union};

/// A union and what Kotlin has to know of it.
#[derive(Serialize)]
pub(super) struct Interface<'a> {
    union: &'a Union,
    /// The properties that all of its classes have.
    fields: Vec<KotlinField<'a>>,
    /// The classes but the last.
    known: Vec<&'a str>,
    /// The class of what none of them is.
    fallback: &'a str,
    is_answer: bool,
}

/// All unions of the contract.
pub(super) fn all(contract: &Contract) -> Vec<Interface<'_>> {
    contract.unions.iter().map(|union| Interface::of(contract, union)).collect()
}

impl<'a> Interface<'a> {
    pub(super) fn of(contract: &'a Contract, union: &'a Union) -> Self {
        let mut known: Vec<_> = union.variants.iter().map(|variant| variant.model.as_str()).collect();
        let fallback = known.pop().unwrap_or_default();
        Self {
            fields: union.common.iter().map(|field| common(contract, union, field)).collect(),
            known,
            fallback,
            is_answer: union.role != Role::Input,
            union,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.union.name
    }

    /// The properties that a class of this union has for its sake.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let names: Vec<&'a str> = self.union.common.iter().map(|field| field.camel.as_str()).collect();
        names.into_iter().chain(["extra"])
    }
}

/// A field that all variants have, of the type that holds in each of them: a class of Kotlin may promise more than its interface, but not less.
fn common<'a>(contract: &'a Contract, union: &'a Union, field: &'a Field) -> KotlinField<'a> {
    let variants = union.variants.iter().filter_map(|variant| contract.model(&variant.model));
    let types: Vec<String> = variants
        .filter_map(|model| {
            let own = model.fields.iter().find(|own| own.name == field.name)?;
            Some(if own.constant.is_some() {
                "String".to_owned()
            } else {
                kotlin_field(own, model.role).type_name
            })
        })
        .collect();
    let mut result = kotlin_field(field, union.role);
    let widest = types.iter().find(|name| name.ends_with('?')).or_else(|| types.first());
    if let Some(name) = widest {
        result.type_name.clone_from(name);
    }
    result
}
