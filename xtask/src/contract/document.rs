//! The YAML files and the references between them.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value};

use super::problem::Problem;
use crate::ir::Detect;

/// The files of the contract, by name (`tasks.yaml`).
#[derive(Default)]
pub struct Documents(BTreeMap<String, Value>);

/// A place in a document, with the references in it followed.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where references inside are resolved: the file that the value stands in.
    pub file: String,
    /// For messages: file and path.
    pub place: String,
    pub value: Value,
    /// The file and name of the schema, when it is one of a document's `components/schemas`.
    pub schema: Option<(String, String)>,
}

const SCHEMAS: &str = "/components/schemas/";
/// A chain of references that is longer goes in a circle.
const LONGEST_CHAIN: usize = 16;

impl Documents {
    /// Reads every `.yaml` file of a folder.
    pub fn read(folder: &Path) -> Result<Self, Problem> {
        let listing = std::fs::read_dir(folder).map_err(|error| Problem::new(folder.display(), error))?;
        let mut documents = Self::default();
        for entry in listing {
            let path = entry.map_err(|error| Problem::new(folder.display(), error))?.path();
            if path.extension().is_some_and(|extension| extension == "yaml") {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let text = std::fs::read_to_string(&path).map_err(|error| Problem::new(&name, error))?;
                documents.add(&name, &text)?;
            }
        }
        Ok(documents)
    }

    pub fn add(&mut self, name: &str, text: &str) -> Result<(), Problem> {
        // Not read as JSON at once: only YAML's own value refuses a key that stands there twice.
        let yaml: serde_yaml_ng::Value = serde_yaml_ng::from_str(text).map_err(|error| Problem::new(name, error))?;
        let value = serde_json::to_value(yaml).map_err(|error| Problem::new(name, error))?;
        self.0.insert(name.to_owned(), value);
        Ok(())
    }

    /// The documents that describe operations or events, and the name of their family.
    pub fn families(&self) -> impl Iterator<Item = (&str, Node)> {
        self.0
            .iter()
            .filter(|(_, value)| value.get("openapi").is_some())
            .map(|(file, value)| {
                let node = Node {
                    file: file.clone(),
                    place: file.clone(),
                    value: value.clone(),
                    schema: None,
                };
                (file.trim_end_matches(".yaml"), node)
            })
    }

    pub fn all(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(file, value)| (file.as_str(), value))
    }

    /// Follows a node's `$ref`. What stands beside the `$ref` (a description, an extension) wins over what it refers to.
    pub fn resolve(&self, node: Node) -> Result<Node, Problem> {
        let mut node = node;
        for _ in 0..LONGEST_CHAIN {
            let Some(reference) = node.value.get("$ref") else { return Ok(node) };
            let Some(reference) = reference.as_str() else {
                return Err(node.problem("`$ref` is no text"));
            };
            node = self.follow(&node, reference)?;
        }
        Err(node.problem("its `$ref`s go in a circle"))
    }

    fn follow(&self, node: &Node, reference: &str) -> Result<Node, Problem> {
        let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let file = if file.is_empty() {
            node.file.as_str()
        } else {
            file.trim_start_matches("./")
        };
        let target = self.0.get(file).and_then(|document| document.pointer(pointer));
        let Some(target) = target else {
            return Err(node.problem(format!("`$ref: {reference}` leads nowhere")));
        };
        let Some(target) = target.as_object() else {
            return Err(node.problem(format!("`$ref: {reference}` is no mapping")));
        };
        let mut merged = target.clone();
        for (key, value) in node.value.as_object().into_iter().flatten() {
            if key != "$ref" {
                merged.insert(key.clone(), value.clone());
            }
        }
        Ok(Node {
            file: file.to_owned(),
            place: node.place.clone(),
            value: Value::Object(merged),
            schema: pointer.strip_prefix(SCHEMAS).map(|name| (file.to_owned(), name.to_owned())),
        })
    }

    /// A schema of a document, as if a reference had led there.
    pub fn schema(&self, file: &str, name: &str) -> Result<Node, Problem> {
        let node = Node {
            file: file.to_owned(),
            place: format!("{file}: {name}"),
            value: Value::Object(Map::new()),
            schema: None,
        };
        let found = self.follow(&node, &format!("{file}#{SCHEMAS}{name}"))?;
        self.resolve(found)
    }
}

impl Node {
    pub fn problem(&self, text: impl std::fmt::Display) -> Problem {
        Problem::new(&self.place, text)
    }

    pub fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some()
    }

    /// A text, `None` when it is absent.
    pub fn text(&self, key: &str) -> Result<Option<String>, Problem> {
        match self.value.get(key) {
            None => Ok(None),
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text.trim().to_owned())),
            Some(_) => Err(self.problem(format!("`{key}` is no text, or empty"))),
        }
    }

    /// A text that has to be there.
    pub fn required_text(&self, key: &str) -> Result<String, Problem> {
        self.text(key)?.ok_or_else(|| self.problem(format!("`{key}` is missing")))
    }

    /// A switch, off when it is absent.
    pub fn flag(&self, key: &str) -> Result<bool, Problem> {
        match self.value.get(key) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.problem(format!("`{key}` is neither true nor false"))),
        }
    }

    /// A list of texts, empty when it is absent.
    pub fn texts(&self, key: &str) -> Result<Vec<String>, Problem> {
        let Some(list) = self.value.get(key) else { return Ok(Vec::new()) };
        let texts = list
            .as_array()
            .and_then(|list| list.iter().map(|item| item.as_str().map(str::to_owned)).collect());
        texts.ok_or_else(|| self.problem(format!("`{key}` is no list of texts")))
    }

    /// The fields by which a body is known.
    pub fn detect(&self) -> Result<Option<Detect>, Problem> {
        let Some(detect) = self.child("x-airudder-detect") else {
            return Ok(None);
        };
        let present = detect.texts("present")?;
        if present.is_empty() {
            return Err(detect.problem("`present` names no field, so every body would fit"));
        }
        let absent = detect.texts("absent")?;
        Ok(Some(Detect { present, absent }))
    }

    /// The value under a key, references unresolved.
    pub fn child(&self, key: &str) -> Option<Self> {
        self.value.get(key).map(|value| self.at(key, value))
    }

    /// The value under a path of keys, references unresolved.
    pub fn descendant(&self, path: &[&str]) -> Option<Self> {
        path.iter().try_fold(self.clone(), |node, key| node.child(key))
    }

    /// The named values of a mapping, in its order.
    pub fn entries(&self, key: &str) -> Vec<(String, Self)> {
        let mapping = self.value.get(key).and_then(Value::as_object);
        mapping
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), self.at(name, value)))
            .collect()
    }

    /// The values of a list, in its order.
    pub fn items(&self, key: &str) -> Vec<Self> {
        let list = self.value.get(key).and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .enumerate()
            .map(|(index, value)| self.at(&format!("{key}[{index}]"), value))
            .collect()
    }

    fn at(&self, step: &str, value: &Value) -> Self {
        Self {
            file: self.file.clone(),
            place: format!("{} › {step}", self.place),
            value: value.clone(),
            schema: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARED: &str = "components: {schemas: {Id: {type: string, description: An id.}, Loop: {$ref: '#/components/schemas/Loop'}}}";
    const FAMILY: &str = "\
openapi: 3.1.0
components:
  schemas:
    Near: {$ref: '#/components/schemas/Far', x-airudder-name: near}
    Far: {$ref: 'common.yaml#/components/schemas/Id', description: The task's id.}
    Lost: {$ref: 'common.yaml#/components/schemas/Gone'}
    Circle: {$ref: 'common.yaml#/components/schemas/Loop'}
";

    fn documents() -> Documents {
        let mut documents = Documents::default();
        documents.add("common.yaml", SHARED).expect("shared");
        documents.add("tasks.yaml", FAMILY).expect("family");
        documents
    }

    #[test]
    fn references_lead_through_files_and_their_siblings_win() {
        let node = documents().schema("tasks.yaml", "Near").expect("resolves");
        assert_eq!(node.text("description"), Ok(Some("The task's id.".to_owned())));
        assert_eq!(node.text("x-airudder-name"), Ok(Some("near".to_owned())));
        assert_eq!(node.text("type"), Ok(Some("string".to_owned())));
        assert_eq!(node.file, "common.yaml");
        assert_eq!(node.schema, Some(("common.yaml".to_owned(), "Id".to_owned())));
    }

    #[test]
    fn a_reference_into_nothing_is_named() {
        let problem = documents().schema("tasks.yaml", "Lost").expect_err("leads nowhere");
        assert!(
            problem
                .to_string()
                .contains("`$ref: common.yaml#/components/schemas/Gone` leads nowhere"),
            "{problem}"
        );
        assert!(problem.to_string().starts_with("tasks.yaml"), "{problem}");
    }

    #[test]
    fn a_circle_of_references_ends() {
        let problem = documents().schema("tasks.yaml", "Circle").expect_err("circle");
        assert!(problem.to_string().contains("circle"), "{problem}");
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        let problem = documents().add("twice.yaml", "a: 1\na: 2\n").expect_err("twice");
        assert!(problem.to_string().starts_with("twice.yaml"), "{problem}");
    }
}
