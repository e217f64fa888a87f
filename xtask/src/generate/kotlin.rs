//! The Kotlin surface: data classes, resources, exceptions, and the faces for Java.

use std::collections::BTreeSet;

use minijinja::context;
use minijinja::value::Value;
use serde::Serialize;

use super::spellings::{Case, Spellings};
use super::{GeneratedFile, Templates};
use crate::Result;
use crate::ir::{Auth, Contract, Download, Field, Kind, Model, Operation, Role, Type, to_value};

const FOLDER: &str = "bindings-kotlin/airudder/src/main/generated/com/airudder";

pub fn files(contract: &Contract, templates: &Templates) -> Result<Vec<GeneratedFile>> {
    let templates = with_kotlin_filters(templates, Spellings::of(contract, Case::Camel));
    let models = needed_models(contract);
    let mut files = Vec::new();
    let mut file = |name: String, template: &str, context: Value| -> Result<()> {
        let text = templates.render(&format!("kotlin/{template}.kt.j2"), context)?;
        files.push(GeneratedFile {
            path: format!("{FOLDER}/{name}.kt"),
            text,
        });
        Ok(())
    };
    for template in ["Exceptions", "Event", "Resources", "JavaFaces"] {
        file(template.to_owned(), template, contract.value())?;
    }
    for model in &models {
        file(model.model.name.clone(), "Model", to_value(model))?;
    }
    for family in &contract.families {
        let methods: Vec<_> = contract.operations_of(&family.name).map(method).collect();
        let context = context! { family => to_value(family), operations => to_value(&methods) };
        for (name, template) in [("", "Family"), ("Blocking", "BlockingFamily"), ("Futures", "FuturesFamily")] {
            file(format!("{name}{}", family.pascal), template, context.clone())?;
        }
    }
    Ok(files)
}

fn with_kotlin_filters(templates: &Templates, spellings: Spellings) -> Templates {
    templates.with_filters(|environment| {
        environment.add_filter("exception", exception);
        // What stands in brackets would be a link.
        environment.add_filter("kdoc", move |text: &str| spellings.speak(text).replace('[', "\\["));
    })
}

/// `RateLimitedError` is called `RateLimitedException` in Kotlin and Java.
fn exception(class: &str) -> String {
    format!("{}Exception", class.strip_suffix("Error").unwrap_or(class))
}

/// A model and what Kotlin has to know of it.
#[derive(Serialize)]
struct KotlinModel<'a> {
    model: &'a Model,
    fields: Vec<KotlinField<'a>>,
    /// Whether a caller makes such objects, and Java thus needs a builder.
    is_input: bool,
    /// Whether AI Rudder makes such objects.
    is_answer: bool,
}

#[derive(Serialize)]
struct KotlinField<'a> {
    #[serde(flatten)]
    field: &'a Field,
    type_name: String,
    /// What it is when it is not given; none when it has to be.
    preset: Option<&'static str>,
    /// The expression that reads it from `json`.
    read: String,
}

fn kotlin_field(field: &Field, role: Role) -> KotlinField<'_> {
    let name = type_name(&field.kind);
    // An answer's list that is absent is an empty one; a request's is not sent.
    let empty_list = role != Role::Input && !field.required && field.kind.kind == Kind::List;
    let read = match (field.required, empty_list) {
        (true, _) => format!("json.required(\"{}\", {})", field.name, reader(&field.kind)),
        (false, true) => format!("json.optional(\"{}\", {}).orEmpty()", field.name, reader(&field.kind)),
        (false, false) => format!("json.optional(\"{}\", {})", field.name, reader(&field.kind)),
    };
    KotlinField {
        type_name: if field.required || empty_list { name } else { format!("{name}?") },
        preset: match (field.required, empty_list) {
            (true, _) => None,
            (false, true) => Some("emptyList()"),
            (false, false) => Some("null"),
        },
        read,
        field,
    }
}

fn type_name(kind: &Type) -> String {
    let item = || kind.item.as_deref().map_or_else(|| "JsonElement".to_owned(), type_name);
    match kind.kind {
        Kind::Text => "String".to_owned(),
        Kind::Integer => "Long".to_owned(),
        Kind::Number => "Double".to_owned(),
        Kind::Boolean => "Boolean".to_owned(),
        Kind::Json | Kind::Union => "JsonElement".to_owned(),
        Kind::Model => kind.model.clone().unwrap_or_default(),
        Kind::List => format!("List<{}>", item()),
        Kind::Map => format!("Map<String, {}>", item()),
    }
}

/// The expression that reads a type from JSON; its words stand in `Json.kt`.
fn reader(kind: &Type) -> String {
    let item = || kind.item.as_deref().map_or_else(|| "anything".to_owned(), reader);
    match kind.kind {
        Kind::Text => "text".to_owned(),
        Kind::Integer => "integer".to_owned(),
        Kind::Number => "number".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Json | Kind::Union => "anything".to_owned(),
        Kind::Model => format!("model({}::from)", kind.model.as_deref().unwrap_or_default()),
        Kind::List => format!("list({})", item()),
        Kind::Map => format!("map({})", item()),
    }
}

/// The models that Kotlin needs a class for: what comes back, what stands in it, and the parameters of operations where some may be left out. Where
/// all have to be given they are the method's own, in Java too.
fn needed_models(contract: &Contract) -> Vec<KotlinModel<'_>> {
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
    models
        .map(|model| KotlinModel {
            fields: model.fields.iter().map(|field| kotlin_field(field, model.role)).collect(),
            is_input: model.role != Role::Answer,
            is_answer: model.role != Role::Input,
            model,
        })
        .collect()
}

fn need<'a>(contract: &'a Contract, name: &'a str, needed: &mut BTreeSet<&'a str>) {
    if needed.insert(name)
        && let Some(model) = contract.model(name)
    {
        for inner in model.fields.iter().filter_map(|field| field.kind.innermost_model()) {
            need(contract, inner, needed);
        }
    }
}

/// A method of a resource.
#[derive(Serialize)]
struct Method<'a> {
    #[serde(flatten)]
    operation: &'a Operation,
    arguments: Vec<KotlinField<'a>>,
    /// The class that holds the parameters, when there is one.
    params_class: Option<&'a str>,
    /// Whether that class can be made of nothing.
    all_optional: bool,
    returns: String,
    /// Set when the answer is one page of many: the method that goes through all of them has all arguments but the page.
    pages: Option<Pages<'a>>,
}

#[derive(Serialize)]
struct Pages<'a> {
    page: &'a str,
    items: &'a str,
    total: Option<&'a str>,
    item_type: &'a str,
}

/// What a caller gives: not the credentials, which the client has.
fn params(operation: &Operation) -> &[Field] {
    if operation.auth == Auth::Credentials {
        &[]
    } else {
        &operation.params
    }
}

fn has_params_class(operation: &Operation) -> bool {
    params(operation).iter().any(|field| !field.required)
}

fn method(operation: &Operation) -> Method<'_> {
    Method {
        arguments: params(operation).iter().map(|field| kotlin_field(field, Role::Input)).collect(),
        params_class: operation.params_model.as_deref().filter(|_| has_params_class(operation)),
        all_optional: params(operation).iter().all(|field| !field.required),
        returns: match operation.download {
            Some(Download::File) => "Download".to_owned(),
            Some(Download::Folder) => "List<Download>".to_owned(),
            None => operation.answer.clone().unwrap_or_default(),
        },
        pages: operation.paging.as_ref().and_then(|paging| {
            Some(Pages {
                page: &paging.page.as_ref()?.camel,
                items: &paging.items.camel,
                total: paging.total.as_ref().map(|total| total.camel.as_str()),
                item_type: &paging.item_model,
            })
        }),
        operation,
    }
}
