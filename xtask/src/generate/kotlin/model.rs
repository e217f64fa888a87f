//! The data classes.

use std::collections::BTreeSet;

use serde::Serialize;

use super::field::{KotlinField, kotlin_field};
use super::method::{has_params_class, params};
use super::union::Interface;
use crate::ir::{Contract, Field, Model, Role};

/// A model and what Kotlin has to know of it.
#[derive(Serialize)]
pub(super) struct KotlinModel<'a> {
    model: &'a Model,
    /// What its constructor takes.
    fields: Vec<KotlinField<'a>>,
    /// Fields that always have the same value.
    constants: Vec<&'a Field>,
    /// Whether a caller makes such objects, and Java thus needs a builder.
    is_input: bool,
    /// Whether AI Rudder makes such objects.
    is_answer: bool,
    /// The unions of which it is one.
    interfaces: &'a [String],
    /// The properties that it has for their sake.
    overridden: BTreeSet<&'a str>,
}

impl KotlinModel<'_> {
    pub(super) fn name(&self) -> &str {
        &self.model.name
    }
}

/// The models that Kotlin needs a class for: what comes back, what stands in it, and the parameters of operations where some may be left out. Where
/// all have to be given they are the method's own, in Java too.
pub(super) fn needed(contract: &Contract) -> Vec<KotlinModel<'_>> {
    let mut needed = BTreeSet::new();
    for operation in &contract.operations {
        if let Some(answer) = &operation.answer {
            need(contract, answer, &mut needed);
        }
        if has_params_class(operation)
            && let Some(params) = &operation.params_model
        {
            need(contract, params, &mut needed);
        }
        for model in params(operation).iter().filter_map(|field| field.kind.innermost_model()) {
            need(contract, model, &mut needed);
        }
    }
    for event in &contract.events {
        need(contract, &event.model, &mut needed);
    }
    let models = contract.models.iter().filter(|model| needed.contains(model.name.as_str()));
    models.map(|model| kotlin_model(contract, model)).collect()
}

fn need<'a>(contract: &'a Contract, name: &'a str, needed: &mut BTreeSet<&'a str>) {
    for model in contract.models_of(name) {
        if needed.insert(&model.name) {
            for inner in model.fields.iter().filter_map(|field| field.kind.innermost_model()) {
                need(contract, inner, needed);
            }
        }
    }
}

fn kotlin_model<'a>(contract: &'a Contract, model: &'a Model) -> KotlinModel<'a> {
    let unions = model.variant_of.iter().filter_map(|name| contract.union(name));
    KotlinModel {
        fields: given(model).map(|field| kotlin_field(field, model.role)).collect(),
        constants: model.fields.iter().filter(|field| field.constant.is_some()).collect(),
        is_input: model.role != Role::Answer,
        is_answer: model.role != Role::Input,
        interfaces: &model.variant_of,
        overridden: unions.flat_map(|union| Interface::of(contract, union).names()).collect(),
        model,
    }
}

/// The fields whose values are not always the same.
fn given(model: &Model) -> impl Iterator<Item = &Field> {
    model.fields.iter().filter(|field| field.constant.is_none())
}
