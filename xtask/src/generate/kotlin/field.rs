//! The fields of Kotlin's models: their types, and the expressions that read them.

use serde::Serialize;

use crate::ir::{Field, Kind, Role, Type};

/// A field, and what Kotlin has to know of it.
#[derive(Serialize)]
pub struct KotlinField<'a> {
    #[serde(flatten)]
    field: &'a Field,
    pub type_name: String,
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
pub struct Time {
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

pub fn kotlin_field(field: &Field, role: Role) -> KotlinField<'_> {
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

pub fn type_name(kind: &Type) -> String {
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
pub fn reader(kind: &Type) -> String {
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
