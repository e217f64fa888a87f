//! Which way each model travels, and which models hold themselves.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Contract, Field, Kind, Role, Type};

/// Which way each model and union travels: towards AI Rudder, from there, or both. What travels nowhere is dropped: the body of an operation of which
/// nothing is left when its constants and its file are taken out.
pub fn roles(contract: &mut Contract) {
    let mut sent = BTreeSet::new();
    let mut received = BTreeSet::new();
    for operation in &contract.operations {
        mark(contract, operation.params_model.as_deref(), &mut sent);
        mark(contract, operation.answer.as_deref(), &mut received);
    }
    for event in &contract.events {
        mark(contract, Some(&event.model), &mut received);
    }
    let nested: BTreeSet<String> = contract
        .models
        .iter()
        .flat_map(|model| &model.fields)
        .filter_map(|field| field.kind.innermost_model())
        .flat_map(|name| contract.models_of(name))
        .map(|model| model.name.clone())
        .collect();
    let mut models = std::mem::take(&mut contract.models);
    models.retain(|model| sent.contains(&model.name) || received.contains(&model.name));
    let role = |name: &String| match (sent.contains(name), received.contains(name)) {
        (true, true) => Role::Both,
        (true, false) => Role::Input,
        (false, _) => Role::Answer,
    };
    for model in &mut models {
        let uses = contract
            .operations
            .iter()
            .filter(|operation| operation.params_model.as_ref() == Some(&model.name));
        let homes = contract
            .unions
            .iter()
            .filter(|union| union.variants.iter().any(|variant| variant.model == model.name));
        model.params_of = uses.map(|operation| operation.id.clone()).collect();
        model.variant_of = homes.map(|union| union.name.clone()).collect();
        model.role = role(&model.name);
        model.nested = nested.contains(&model.name);
    }
    contract.models = models;
    contract
        .unions
        .retain(|union| sent.contains(&union.name) || received.contains(&union.name));
    for union in &mut contract.unions {
        union.role = role(&union.name);
    }
}

fn mark(contract: &Contract, name: Option<&str>, reached: &mut BTreeSet<String>) {
    let Some(name) = name else { return };
    if !reached.insert(name.to_owned()) {
        return;
    }
    for variant in contract.union(name).iter().flat_map(|union| &union.variants) {
        mark(contract, Some(&variant.model), reached);
    }
    for field in contract.model(name).iter().flat_map(|model| &model.fields) {
        mark(contract, field.kind.innermost_model(), reached);
    }
}

/// Takes what a caller does not give out of the models of bodies: what is always the same, and the file.
pub fn bodies(contract: &mut Contract) {
    let bodies: BTreeMap<&String, &Vec<Field>> = contract
        .operations
        .iter()
        .filter_map(|operation| Some((operation.params_model.as_ref()?, &operation.params)))
        .collect();
    for model in &mut contract.models {
        if let Some(params) = bodies.get(&model.name) {
            model.fields.clone_from(params);
        }
    }
}

/// Marks the fields by which a model holds itself.
pub fn recursion(contract: &mut Contract) {
    let models = contract.models.iter();
    let fields = models.flat_map(|model| model.fields.iter().map(move |field| (&model.name, field)));
    let recursive: BTreeSet<(String, String)> = fields
        .filter(|(model, field)| holds(contract, &field.kind, model))
        .map(|(model, field)| (model.clone(), field.name.clone()))
        .collect();
    let is_recursive = |model: &String, field: &Field| recursive.contains(&(model.clone(), field.name.clone()));
    for model in &mut contract.models {
        for field in &mut model.fields {
            field.recursive = is_recursive(&model.name, field);
        }
    }
    for operation in &mut contract.operations {
        for field in &mut operation.params {
            field.recursive = operation.params_model.as_ref().is_some_and(|model| is_recursive(model, field));
        }
    }
    for union in &mut contract.unions {
        let variants = &union.variants;
        for field in union.common.iter_mut().chain(&mut union.fields) {
            field.recursive = variants.iter().any(|variant| is_recursive(&variant.model, field));
        }
    }
}

/// Whether a value of this type holds a model, through no list or map.
fn holds(contract: &Contract, kind: &Type, name: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = direct(kind).into_iter().collect();
    while let Some(next) = open.pop() {
        for model in contract.models_of(next).filter(|model| seen.insert(&model.name)) {
            open.extend(model.fields.iter().filter_map(|field| direct(&field.kind)));
        }
    }
    seen.iter().any(|seen| *seen == name)
}

/// The model or union that a type is, and not one in a list or a map.
fn direct(kind: &Type) -> Option<&str> {
    kind.model.as_deref().filter(|_| matches!(kind.kind, Kind::Model | Kind::Union))
}
