//! The Kotlin surface: data classes, resources, exceptions, and the faces for Java.

mod field;
mod method;
mod model;
mod union;

use std::sync::Arc;

use minijinja::context;
use minijinja::value::Value;

use super::file::GeneratedFile;
use super::spellings::{Case, Spellings};
use super::templates::Templates;
use crate::ir::{Contract, to_value};
use crate::result::Result;

const FOLDER: &str = "bindings-kotlin/airudder/src/main/generated/com/airudder";

pub fn files(contract: &Contract, templates: &Templates) -> Result<Vec<GeneratedFile>> {
    let templates = with_kotlin_filters(templates, contract);
    let mut files = Vec::new();
    let mut file = |name: &str, template: &str, context: Value| -> Result<()> {
        let text = templates.render(&format!("kotlin/{template}.kt.j2"), context)?;
        files.push(GeneratedFile {
            path: format!("{FOLDER}/{name}.kt"),
            text,
        });
        Ok(())
    };
    for template in ["Exceptions", "Event", "Resources", "JavaFaces"] {
        file(template, template, contract.value())?;
    }
    for model in &model::needed(contract) {
        file(model.name(), "Model", to_value(model))?;
    }
    for union in &union::all(contract) {
        file(union.name(), "Union", to_value(union))?;
    }
    for family in &contract.families {
        let methods: Vec<_> = contract.operations_of(&family.name).map(method::of).collect();
        let context = context! { family => to_value(family), operations => to_value(&methods) };
        for (name, template) in [("", "Family"), ("Blocking", "BlockingFamily"), ("Futures", "FuturesFamily")] {
            file(&format!("{name}{}", family.pascal), template, context.clone())?;
        }
    }
    Ok(files)
}

fn with_kotlin_filters(templates: &Templates, contract: &Contract) -> Templates {
    let spellings = Arc::new(Spellings::of(contract, Case::Camel));
    let kinds = contract.errors.kinds.iter();
    let links: Vec<_> = kinds
        .map(|kind| (format!("`{}`", kind.kind), format!("[{}]", exception(&kind.class))))
        .collect();
    templates.with_filters(|environment| {
        environment.add_filter("exception", exception);
        environment.add_filter("kotlin_string", kotlin_string);
        environment.add_filter("link", |name: &str| format!("[{name}]"));
        // A text that speaks of errors by their codes, with links to their classes.
        environment.add_filter("exceptions", move |text: &str| {
            links.iter().fold(text.to_owned(), |text, (code, link)| text.replace(code, link))
        });
        let spoken = Arc::clone(&spellings);
        environment.add_filter("spoken", move |text: &str| spoken.speak(text));
        // What stands in brackets would be a link.
        environment.add_filter("kdoc", move |text: &str| spellings.speak(text).replace('[', "\\["));
    })
}

/// `RateLimitedError` is called `RateLimitedException` in Kotlin and Java.
fn exception(class: &str) -> String {
    format!("{}Exception", class.strip_suffix("Error").unwrap_or(class))
}

/// A text in quotes, in which a `$` is no more than that.
fn kotlin_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$"))
}
