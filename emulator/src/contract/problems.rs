//! What is wrong with a request, in words that name the field and never repeat what stands in it.

use std::collections::HashMap;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::LocationSegment;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use crate::envelope::Refusal;

/// More would hide the first, which usually explains the rest.
const SHOWN: usize = 5;

/// Turns validation errors into refusals.
#[derive(Debug)]
pub(super) struct Problems {
    /// What the contract says of each pattern: people read that more easily than the pattern.
    patterns: HashMap<String, String>,
}

impl Problems {
    pub(super) fn new<'a>(documents: impl Iterator<Item = &'a Value>) -> Self {
        let mut patterns = HashMap::new();
        documents.for_each(|document| collect(document, &mut patterns));
        Self { patterns }
    }

    pub(super) fn check(&self, validator: &Validator, value: &Value) -> Result<(), Refusal> {
        let mut errors = validator.iter_errors(value);
        let mut texts: Vec<_> = errors.by_ref().take(SHOWN).map(|error| self.text(&error)).collect();
        if texts.is_empty() {
            return Ok(());
        }
        match errors.count() {
            0 => {}
            more => texts.push(format!("and {more} more")),
        }
        Err(Refusal::bad_request(texts.join("; ")))
    }

    fn text(&self, error: &ValidationError<'_>) -> String {
        let mut path = error.instance_path().iter().fold(String::new(), |path, segment| match segment {
            LocationSegment::Index(index) => format!("{path}[{index}]"),
            LocationSegment::Property(name) if path.is_empty() => name.to_string(),
            LocationSegment::Property(name) => format!("{path}.{name}"),
        });
        if let ValidationErrorKind::Required { property } = error.kind() {
            let name = property.as_str().unwrap_or_default();
            return if path.is_empty() {
                format!("{name}: is missing")
            } else {
                format!("{path}.{name}: is missing")
            };
        }
        if path.is_empty() {
            "the body".clone_into(&mut path);
        }
        format!("{path}: {}", self.demand(error))
    }

    fn demand(&self, error: &ValidationError<'_>) -> String {
        use ValidationErrorKind as Kind;
        match error.kind() {
            Kind::Pattern { pattern } => self
                .patterns
                .get(pattern)
                .map_or_else(|| format!("must match {pattern}"), |text| format!("must be {text}")),
            Kind::Type { kind } => match kind {
                TypeKind::Single(wanted) => format!("must be of type {wanted}"),
                TypeKind::Multiple(wanted) => {
                    let wanted: Vec<_> = wanted.iter().map(|wanted| wanted.to_string()).collect();
                    format!("must be of type {}", wanted.join(" or "))
                }
            },
            Kind::Constant { expected_value } => format!("must be {expected_value}"),
            Kind::Enum { options } => format!("must be one of {options}"),
            Kind::MinLength { limit: 1 } => "must not be empty".to_owned(),
            Kind::MinItems { limit } => format!("must have {limit} or more entries"),
            Kind::MaxItems { limit } => format!("must have {limit} entries at most"),
            Kind::Minimum { limit } => format!("must be {limit} or more"),
            Kind::Maximum { limit } => format!("must be {limit} at most"),
            // The library's own words, with the value left out.
            _ => error.masked().to_string(),
        }
    }
}

/// The description of every schema with a pattern: `A phone number in E.164.` becomes `a phone number in E.164`.
fn collect(value: &Value, patterns: &mut HashMap<String, String>) {
    if let (Some(pattern), Some(text)) = (value["pattern"].as_str(), value["description"].as_str()) {
        let mut letters = text.trim().trim_end_matches('.').chars();
        if let Some(first) = letters.next() {
            patterns.insert(pattern.to_owned(), first.to_lowercase().chain(letters).collect());
        }
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, patterns)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, patterns)),
        _ => {}
    }
}
