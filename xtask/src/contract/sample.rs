//! Bodies as AI Rudder might post them, made of the contract's examples.

use serde_json::{Map, Value, json};

use super::document::{Documents, Node};
use super::problem::Problem;

/// A value that follows a schema.
pub fn value(documents: &Documents, node: Node) -> Result<Option<Value>, Problem> {
    Sampler {
        documents,
        inside: Vec::new(),
    }
    .value(node)
}

struct Sampler<'d> {
    documents: &'d Documents,
    /// The named schemas around: one that stands in itself is left out there.
    inside: Vec<(String, String)>,
}

impl Sampler<'_> {
    fn value(&mut self, node: Node) -> Result<Option<Value>, Problem> {
        let node = self.documents.resolve(node)?;
        let Some(name) = node.schema.clone() else {
            return self.made(&node);
        };
        if self.inside.contains(&name) {
            return Ok(None);
        }
        self.inside.push(name);
        let value = self.made(&node);
        self.inside.pop();
        value
    }

    fn made(&mut self, node: &Node) -> Result<Option<Value>, Problem> {
        let written = node.value.get("const").or_else(|| node.value.get("examples")?.get(0));
        if let Some(written) = written.or_else(|| node.value.get("x-extensible-enum")?.get(0)) {
            return Ok(Some(written.clone()));
        }
        if let Some(first) = node.items("anyOf").into_iter().next() {
            return self.value(first);
        }
        let mut fields = Map::new();
        for part in node.items("allOf") {
            if let Some(Value::Object(part)) = self.value(part)? {
                fields.extend(part);
            }
        }
        for (name, field) in node.entries("properties") {
            if let Some(value) = self.value(field)? {
                fields.insert(name, value);
            }
        }
        if !fields.is_empty() {
            return Ok(Some(Value::Object(fields)));
        }
        let kind = node.value.get("type");
        let kind = kind.and_then(|kind| kind.as_str().or_else(|| kind.get(0)?.as_str()));
        Ok(Some(match kind.unwrap_or_default() {
            "integer" | "number" => json!(1),
            "boolean" => json!(true),
            "array" => match node.child("items") {
                Some(items) => self.value(items)?.into_iter().collect(),
                None => json!([]),
            },
            "object" => json!({}),
            _ => json!("text"),
        }))
    }
}
