//! The whole contract as one `OpenAPI` document, for programs that read one: mock servers, fuzzers, viewers.
//!
//! A path and method can stand in one document once. The family that owns a route speaks for it; the others differ in what they send there,
//! and their own documents say how.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::case;
use crate::contract::Documents;
use crate::result::Result;

/// Whose description of a shared route is taken; families that share none follow in the order of their names.
const OWNERS: [&str; 5] = ["tasks", "plans", "didi", "workflows", "leads"];
const METHODS: [&str; 2] = ["get", "post"];
const COMPONENTS: &str = "#/components/";

/// One `OpenAPI` 3.1 document of everything in a contract's folder.
pub fn bundle(folder: &Path) -> Result<Value> {
    let documents = Documents::read(folder).map_err(|problem| problem.to_string())?;
    let (mut families, shared): (Vec<_>, Vec<_>) = documents.all().partition(|(_, document)| document.get("openapi").is_some());
    families.sort_by_key(|(file, _)| rank(file));
    let (_, first) = *families
        .first()
        .ok_or_else(|| format!("{} describes no family", folder.display()))?;
    let mut names = Names::default();
    let mut bundle = Bundle::default();
    // In this order, so that it is the shared and the owner's definitions that keep their names.
    for (file, document) in shared.iter().chain(&families) {
        names.take(file, document);
    }
    for (file, document) in shared.iter().chain(&families) {
        bundle.components(file, document, &names);
    }
    for (file, document) in &families {
        bundle.family(file, document, &names);
    }
    Ok(bundle.finish(first))
}

/// Sorts the documents of families: the owners of shared routes first.
pub fn rank(file: &str) -> (usize, String) {
    let family = file.trim_end_matches(".yaml");
    let position = OWNERS.iter().position(|owner| *owner == family);
    (position.unwrap_or(OWNERS.len()), family.to_owned())
}

/// Writes the bundle of a contract's folder, and the folders above it.
pub fn write(folder: &Path, out: &Path) -> Result<()> {
    let text = serde_json::to_string_pretty(&bundle(folder)?)?;
    if let Some(above) = out.parent() {
        std::fs::create_dir_all(above).map_err(|error| format!("{}: {error}", above.display()))?;
    }
    std::fs::write(out, text + "\n").map_err(|error| format!("{}: {error}", out.display()))?;
    Ok(())
}

/// The names that components have in the bundle.
#[derive(Default)]
struct Names {
    /// (section, name) and the definition that has it, with its references absolute.
    taken: BTreeMap<(String, String), Value>,
    /// (file, section, name) and the name in the bundle, where the two differ.
    renamed: BTreeMap<(String, String, String), String>,
}

impl Names {
    fn take(&mut self, file: &str, document: &Value) {
        for (section, name, definition) in definitions(document) {
            let definition = with_references(definition, &|reference| match reference.strip_prefix('#') {
                Some(pointer) => format!("{file}#{pointer}"),
                None => reference.to_owned(),
            });
            match self.taken.get(&(section.clone(), name.clone())) {
                None => {
                    self.taken.insert((section.clone(), name.clone()), definition);
                }
                Some(known) if *known == definition => {}
                Some(_) => {
                    let own = format!("{}{name}", case::pascal(file.trim_end_matches(".yaml")));
                    self.renamed.insert((file.to_owned(), section.clone(), name.clone()), own);
                }
            }
        }
    }

    fn of(&self, file: &str, section: &str, name: &str) -> String {
        let renamed = self.renamed.get(&(file.to_owned(), section.to_owned(), name.to_owned()));
        renamed.cloned().unwrap_or_else(|| name.to_owned())
    }

    /// A value with its references led to the bundle's own components.
    fn localised(&self, file: &str, value: &Value) -> Value {
        with_references(value, &|reference| {
            let (other, pointer) = reference.split_once('#').unwrap_or((reference, ""));
            let file = if other.is_empty() { file } else { other.trim_start_matches("./") };
            match component(&format!("#{pointer}")) {
                Some((section, name)) => format!("{COMPONENTS}{section}/{}", self.of(file, &section, &name)),
                None => format!("#{pointer}"),
            }
        })
    }
}

#[derive(Default)]
struct Bundle {
    tags: Vec<Value>,
    paths: Map<String, Value>,
    webhooks: Map<String, Value>,
    components: Map<String, Value>,
}

impl Bundle {
    fn components(&mut self, file: &str, document: &Value, names: &Names) {
        for (section, name, definition) in definitions(document) {
            let own = names.of(file, section, name);
            let section = self.components.entry(section.clone()).or_insert_with(|| json!({}));
            section[own] = names.localised(file, definition);
        }
    }

    fn family(&mut self, file: &str, document: &Value, names: &Names) {
        self.tags.extend(document["tags"].as_array().into_iter().flatten().cloned());
        let security = &document["security"];
        for (path, item) in entries(document, "paths") {
            // What follows a `#` tells apart two operations that share a path.
            let path = path.split('#').next().unwrap_or(path);
            let merged = self.paths.entry(path).or_insert_with(|| json!({}));
            add(merged, &names.localised(file, item), security);
        }
        for (kind, item) in entries(document, "webhooks") {
            let merged = self.webhooks.entry(kind).or_insert_with(|| json!({}));
            add(merged, &names.localised(file, item), security);
        }
    }

    fn finish(mut self, first: &Value) -> Value {
        self.keep_only_used();
        let mut bundle = json!({
            "openapi": "3.1.0",
            "info": {
                "title": "AI Rudder",
                "version": first["info"]["version"],
                "summary": "Every family of the API in one document.",
                "license": first["info"]["license"],
            },
            "servers": first["servers"],
            "tags": self.tags,
            "paths": self.paths,
        });
        if !self.webhooks.is_empty() {
            bundle["webhooks"] = Value::Object(self.webhooks);
        }
        bundle["components"] = Value::Object(self.components);
        bundle
    }

    /// A linter finds fault with a definition that nothing refers to.
    fn keep_only_used(&mut self) {
        let mut used = BTreeSet::new();
        let mut open = Vec::new();
        for item in self.paths.values().chain(self.webhooks.values()) {
            mentioned(item, &mut open);
        }
        while let Some((section, name)) = open.pop() {
            let definition = self.components.get(&section).and_then(|section| section.get(&name));
            if let Some(definition) = definition.filter(|_| used.insert((section, name))) {
                mentioned(definition, &mut open);
            }
        }
        for (section, components) in &mut self.components {
            if let Some(components) = components.as_object_mut() {
                components.retain(|name, _| used.contains(&(section.clone(), name.clone())));
            }
        }
        self.components
            .retain(|_, components| components.as_object().is_some_and(|components| !components.is_empty()));
    }
}

/// Takes the methods of a path item that are not there yet.
fn add(merged: &mut Value, item: &Value, security: &Value) {
    for (method, operation) in item.as_object().into_iter().flatten() {
        if merged.get(method).is_some() {
            continue;
        }
        let mut operation = operation.clone();
        if METHODS.contains(&method.as_str()) && operation.get("security").is_none() && !security.is_null() {
            operation["security"] = security.clone();
        }
        merged[method] = operation;
    }
}

/// The components that a value names: by references, and by the security that it asks for.
fn mentioned(value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(reference) if key == "$ref" => found.extend(component(reference)),
                    Value::Array(alternatives) if key == "security" => {
                        let schemes = alternatives.iter().filter_map(Value::as_object).flat_map(Map::keys);
                        found.extend(schemes.map(|scheme| ("securitySchemes".to_owned(), scheme.clone())));
                    }
                    value => mentioned(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| mentioned(item, found)),
        _ => {}
    }
}

/// `#/components/schemas/Task` as its section and name.
fn component(reference: &str) -> Option<(String, String)> {
    let (section, name) = reference.strip_prefix(COMPONENTS)?.split_once('/')?;
    Some((section.to_owned(), name.to_owned()))
}

/// What a document defines under `components`: section, name and definition. `token: {$ref: common.yaml#...}`, which only brings a shared
/// definition under the same name into the document, is none.
fn definitions(document: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    let sections = entries(document, "components");
    let named = sections.flat_map(|(section, components)| {
        let components = components.as_object().into_iter().flatten();
        components.map(move |(name, definition)| (section, name, definition))
    });
    named.filter(|(_, name, definition)| {
        let reference = definition
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| reference.rsplit('/').next());
        reference != Some(name) || definition.as_object().is_some_and(|members| members.len() > 1)
    })
}

fn with_references(value: &Value, change: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| match value {
                Value::String(reference) if key == "$ref" => (key.clone(), Value::from(change(reference))),
                value => (key.clone(), with_references(value, change)),
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => items.iter().map(|item| with_references(item, change)).collect(),
        value => value.clone(),
    }
}

fn entries<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    value.get(key).and_then(Value::as_object).into_iter().flatten()
}
