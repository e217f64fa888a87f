//! Bodies made up from their schema: every field filled in, by its example where it has one.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// Makes up values, inside the schema of one document.
#[derive(Clone)]
pub(super) struct Sampler<'a> {
    documents: &'a BTreeMap<String, Value>,
    document: &'a str,
    /// The references that lead here. What refers to itself ends where it would begin again.
    inside: Vec<&'a str>,
}

impl<'a> Sampler<'a> {
    pub(super) fn new(documents: &'a BTreeMap<String, Value>, document: &'a str) -> Self {
        Self {
            documents,
            document,
            inside: Vec::new(),
        }
    }

    /// A value that follows the schema.
    pub(super) fn value(&self, schema: &'a Value) -> Option<Value> {
        // What stands beside a reference is nearer to the field and wins.
        if let Some(example) = schema.get("const").or_else(|| schema["examples"].get(0)) {
            return Some(example.clone());
        }
        if let Some(reference) = schema["$ref"].as_str() {
            return self.referred(reference);
        }
        // The variant that a union is shown by is its first, the most telling.
        if let Some(variant) = schema.get("anyOf").and_then(|variants| variants.get(0)) {
            return self.value(variant);
        }
        let mut fields = Map::new();
        for part in schema["allOf"].as_array().into_iter().flatten() {
            if let Some(Value::Object(part)) = self.value(part) {
                fields.extend(part);
            }
        }
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            fields.extend(self.value(field).map(|value| (name.clone(), value)));
        }
        if fields.is_empty() {
            return self.plain(schema);
        }
        Some(Value::Object(fields))
    }

    fn referred(&self, reference: &'a str) -> Option<Value> {
        if self.inside.contains(&reference) {
            return None;
        }
        let (other, pointer) = reference.split_once('#')?;
        let mut there = self.clone();
        there.inside.push(reference);
        if !other.is_empty() {
            there.document = other;
        }
        there.value(self.documents.get(there.document)?.pointer(pointer)?)
    }

    fn plain(&self, schema: &'a Value) -> Option<Value> {
        if let Some(word) = schema["x-extensible-enum"].get(0).or_else(|| schema.get("default")) {
            return Some(word.clone());
        }
        let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str())?;
        Some(match kind {
            "string" => json!(text(schema["format"].as_str().unwrap_or_default())),
            "integer" | "number" => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
            "boolean" => json!(true),
            "array" => self.value(&schema["items"]).into_iter().collect(),
            "object" => {
                let value = schema.get("additionalProperties").filter(|values| values.is_object());
                let value = value.and_then(|values| self.value(values));
                value.map_or_else(|| json!({}), |value| json!({"name": value}))
            }
            _ => return None,
        })
    }
}

fn text(format: &str) -> &'static str {
    match format {
        "date" => "2026-11-23",
        "date-time" => "2026-11-23T09:00:00Z",
        "account-time" => "2026-11-23 09:00:00",
        "zoned-time" => "2026-11-23 09:00:00+08:00",
        "e164" => "+6281230000001",
        "uri" => "https://example.com/",
        _ => "text",
    }
}
