//! The Kotlin surface: data classes, resources, exceptions, and the faces for Java.

mod method;
mod model;
mod union;

use std::sync::Arc;

use minijinja::context;
use minijinja::value::Value;
use serde::Serialize;

use super::spellings::{Case, Spellings};
use super::{GeneratedFile, Templates};
use crate::Result;
use crate::ir::{Contract, Field, Kind, Role, Type, to_value};

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

/// A field, and what Kotlin has to know of it.
#[derive(Serialize)]
struct KotlinField<'a> {
    #[serde(flatten)]
    field: &'a Field,
    type_name: String,
    /// What it is when it is not given; none when it has to be.
    preset: Option<&'static str>,
    /// The expression that reads it from `json`.
    read: String,
    /// The types that a time or a day has in Java's own library.
    times: &'static [Time],
    /// The function that makes the text of one.
    conversion: Option<&'static str>,
}

/// A type of Java's library that a text can be made of.
#[derive(Serialize)]
struct Time {
    class: &'static str,
    /// The expression that makes the text of `value`.
    text: &'static str,
}

const ZONED_TIMES: &[Time] = &[
    Time {
        class: "java.time.OffsetDateTime",
        text: "value.toZonedTime()",
    },
    Time {
        class: "java.time.ZonedDateTime",
        text: "value.toZonedTime()",
    },
    Time {
        class: "java.time.Instant",
        text: "value.toZonedTime()",
    },
];
const ACCOUNT_TIMES: &[Time] = &[Time {
    class: "java.time.LocalDateTime",
    text: "value.toAccountTime()",
}];
const DATES: &[Time] = &[Time {
    class: "java.time.LocalDate",
    text: "value.toString()",
}];

fn kotlin_field(field: &Field, role: Role) -> KotlinField<'_> {
    let name = type_name(&field.kind);
    // An answer's list that is absent is an empty one; a request's is not sent.
    let empty_list = role == Role::Answer && !field.required && field.kind.kind == Kind::List;
    let read = match (field.required, empty_list) {
        (true, _) => format!("json.required(\"{}\", {})", field.name, reader(&field.kind)),
        (false, true) => format!("json.optional(\"{}\", {}).orEmpty()", field.name, reader(&field.kind)),
        (false, false) => format!("json.optional(\"{}\", {})", field.name, reader(&field.kind)),
    };
    let (times, conversion) = match field.format.as_deref() {
        Some("zoned-time") => (ZONED_TIMES, Some("toZonedTime")),
        Some("account-time") => (ACCOUNT_TIMES, Some("toAccountTime")),
        Some("date") => (DATES, None),
        _ => (&[][..], None),
    };
    KotlinField {
        type_name: if field.required || empty_list { name } else { format!("{name}?") },
        preset: match (field.required, empty_list) {
            (true, _) => None,
            (false, true) => Some("emptyList()"),
            (false, false) => Some("null"),
        },
        read,
        times,
        conversion,
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
        Kind::Json => "JsonElement".to_owned(),
        Kind::Model | Kind::Union => kind.model.clone().unwrap_or_default(),
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
        Kind::Json => "anything".to_owned(),
        Kind::Model | Kind::Union => format!("model({}::from)", kind.model.as_deref().unwrap_or_default()),
        Kind::List => format!("list({})", item()),
        Kind::Map => format!("map({})", item()),
    }
}
