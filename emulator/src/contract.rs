//! The contract: which operations there are and what their requests and answers look like.
//!
//! It is the same description that the SDK is generated from, compiled into the program as JSON.

mod problems;

use std::collections::BTreeMap;

use http::Method;
use jsonschema::{Draft, Registry, Validator};
use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::envelope::Refusal;
use problems::Problems;

const DOCUMENTS: &str = include_str!(concat!(env!("OUT_DIR"), "/contract.json"));
/// Under which address the documents refer to each other; nothing is ever fetched from there.
const BASE: &str = "contract:///";

/// The contract that the program carries cannot be used: a defect of the contract.
#[derive(Debug, Error)]
#[error("the contract cannot be used: {0}")]
pub struct ContractError(String);

/// One operation of the API.
#[derive(Debug)]
pub struct Operation {
    /// Its `operationId`, as `tasks.create`.
    pub id: String,
    /// Its HTTP method.
    pub method: Method,
    /// Its path.
    pub path: String,
    /// Whether it takes a key and secret in place of a token.
    pub signs_in: bool,
    integers: Vec<String>,
    query: Validator,
    body: Option<Validator>,
}

/// What a method and path stand for.
#[derive(Debug)]
pub enum Route<'a> {
    /// An operation.
    Operation(&'a Operation),
    /// The path exists, with these methods.
    OtherMethod(Vec<&'a Method>),
    /// The path does not exist.
    Unknown,
}

/// All operations, with the means to check what goes in and out.
#[derive(Debug)]
pub struct Contract {
    documents: BTreeMap<String, Value>,
    operations: Vec<Operation>,
    problems: Problems,
}

impl Contract {
    /// Reads the contract that the program carries.
    pub fn load() -> Result<Self, ContractError> {
        Self::from_documents(serde_json::from_str(DOCUMENTS).map_err(broken)?)
    }

    fn from_documents(documents: BTreeMap<String, Value>) -> Result<Self, ContractError> {
        let registry = registry(&documents)?;
        let mut operations = Vec::new();
        for (name, document) in &documents {
            for (path, item) in entries(document, "paths") {
                for (method, operation) in item.as_object().into_iter().flatten() {
                    let at = Place {
                        documents: &documents,
                        registry: &registry,
                        document: name,
                        pointer: format!("/paths/{}/{method}", escaped(path)),
                    };
                    if let Some(operation) = at.operation(path, method, operation)? {
                        operations.push(operation);
                    }
                }
            }
        }
        drop(registry);
        Ok(Self {
            problems: Problems::new(documents.values()),
            operations,
            documents,
        })
    }

    /// Finds the operation for a request.
    #[must_use]
    pub fn route(&self, method: &Method, path: &str) -> Route<'_> {
        let mut methods = Vec::new();
        for operation in self.operations.iter().filter(|known| known.path == path) {
            if operation.method == *method {
                return Route::Operation(operation);
            }
            methods.push(&operation.method);
        }
        if methods.is_empty() {
            Route::Unknown
        } else {
            Route::OtherMethod(methods)
        }
    }

    /// All operations.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// Checks the query of a request and gives its parameters back, numbers as numbers.
    pub fn check_query(&self, operation: &Operation, query: &str) -> Result<Map<String, Value>, Refusal> {
        let parameters = url::form_urlencoded::parse(query.as_bytes())
            .map(|(name, text)| {
                let number = operation
                    .integers
                    .iter()
                    .any(|integer| *integer == name)
                    .then(|| text.parse::<i64>().ok())
                    .flatten();
                let value = number.map_or_else(|| Value::from(text.as_ref()), Value::from);
                (name.into_owned(), value)
            })
            .collect();
        let parameters = Value::Object(parameters);
        self.problems.check(&operation.query, &parameters)?;
        match parameters {
            Value::Object(parameters) => Ok(parameters),
            _ => Ok(Map::new()),
        }
    }

    /// Checks the body of a request and gives it back; an operation without a body takes any.
    pub fn check_body(&self, operation: &Operation, body: &[u8]) -> Result<Value, Refusal> {
        let Some(validator) = &operation.body else {
            return Ok(Value::Null);
        };
        let body = serde_json::from_slice(body).map_err(|error| Refusal::bad_request(format!("the body is no JSON: {error}")))?;
        self.problems.check(validator, &body)?;
        Ok(body)
    }

    /// The schema that an operation's JSON answer (`200`) or an event's body follows; for tests of whoever plays AI Rudder.
    pub fn schema_of(&self, id: &str) -> Result<Validator, ContractError> {
        for (name, document) in &self.documents {
            for (section, below) in [
                ("paths", "/responses/200/content/application~1json/schema"),
                ("webhooks", "/requestBody/content/application~1json/schema"),
            ] {
                for (path, item) in entries(document, section) {
                    for (method, operation) in item.as_object().into_iter().flatten() {
                        if operation["operationId"] == id {
                            let pointer = format!("/{section}/{}/{method}{below}", escaped(path));
                            return compile(&json!({"$ref": address(name, &pointer)}), &registry(&self.documents)?);
                        }
                    }
                }
            }
        }
        Err(ContractError(format!("there is no {id}")))
    }
}

/// Where in which document the contract is being read.
struct Place<'a> {
    documents: &'a BTreeMap<String, Value>,
    registry: &'a Registry<'a>,
    document: &'a str,
    pointer: String,
}

impl Place<'_> {
    fn operation(&self, path: &str, method: &str, operation: &Value) -> Result<Option<Operation>, ContractError> {
        // A path item holds other things beside its methods.
        let Some(id) = operation["operationId"].as_str() else {
            return Ok(None);
        };
        let (query, integers) = self.query(&operation["parameters"])?;
        let body = "/requestBody/content/application~1json/schema";
        Ok(Some(Operation {
            id: id.to_owned(),
            method: Method::from_bytes(method.to_uppercase().as_bytes()).map_err(broken)?,
            path: path.to_owned(),
            signs_in: operation["x-airudder-auth"] == "credentials",
            integers,
            query,
            body: operation
                .pointer(body)
                .map(|_| {
                    let pointer = format!("{}{body}", self.pointer);
                    compile(&json!({"$ref": address(self.document, &pointer)}), self.registry)
                })
                .transpose()?,
        }))
    }

    /// One schema for the whole query, so that its errors name the parameter as a body's errors name the field.
    fn query(&self, parameters: &Value) -> Result<(Validator, Vec<String>), ContractError> {
        let mut properties = Map::new();
        let mut required = Vec::new();
        let mut integers = Vec::new();
        for index in 0..parameters.as_array().map_or(0, Vec::len) {
            let pointer = format!("{}/parameters/{index}", self.pointer);
            let (document, pointer, parameter) = self.follow(self.document, &pointer)?;
            if parameter["in"] != "query" {
                continue;
            }
            let name = parameter["name"]
                .as_str()
                .ok_or_else(|| ContractError(format!("{pointer} has no name")))?;
            let schema = format!("{pointer}/schema");
            if self.follow(document, &schema)?.2["type"] == "integer" {
                integers.push(name.to_owned());
            }
            if parameter["required"] == true {
                required.push(name.to_owned());
            }
            properties.insert(name.to_owned(), json!({"$ref": address(document, &schema)}));
        }
        let schema = json!({"type": "object", "properties": properties, "required": required});
        Ok((compile(&schema, self.registry)?, integers))
    }

    /// What stands at a place, after its references.
    fn follow<'b>(&'b self, document: &'b str, pointer: &str) -> Result<(&'b str, String, &'b Value), ContractError> {
        let missing = || ContractError(format!("{document} has nothing at {pointer}"));
        let value = self
            .documents
            .get(document)
            .and_then(|document| document.pointer(pointer))
            .ok_or_else(missing)?;
        let Some(reference) = value["$ref"].as_str() else {
            return Ok((document, pointer.to_owned(), value));
        };
        let (other, pointer) = reference.split_once('#').ok_or_else(missing)?;
        self.follow(if other.is_empty() { document } else { other }, pointer)
    }
}

fn entries<'a>(document: &'a Value, section: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    document[section].as_object().into_iter().flatten()
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn address(document: &str, pointer: &str) -> String {
    format!("{BASE}{document}#{pointer}")
}

fn registry(documents: &BTreeMap<String, Value>) -> Result<Registry<'_>, ContractError> {
    let mut registry = Registry::new().draft(Draft::Draft202012);
    for (name, document) in documents {
        registry = registry.add(format!("{BASE}{name}"), document).map_err(broken)?;
    }
    registry.prepare().map_err(broken)
}

fn compile(schema: &Value, registry: &Registry<'_>) -> Result<Validator, ContractError> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .with_registry(registry)
        .build(schema)
        .map_err(broken)
}

#[allow(clippy::needless_pass_by_value, reason = "goes into `map_err`")]
fn broken(error: impl ToString) -> ContractError {
    ContractError(error.to_string())
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests;
