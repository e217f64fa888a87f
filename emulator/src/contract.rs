//! The contract: which operations there are and what their requests and answers look like.
//!
//! It is the same description that the SDK is generated from, compiled into the program as JSON.

mod problems;
mod sample;
mod unions;

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Method;
use jsonschema::{Draft, Registry, Validator};
use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::envelope::Refusal;
use crate::form::{self, Form};
use problems::Problems;
use sample::Sampler;

const DOCUMENTS: &str = include_str!(concat!(env!("OUT_DIR"), "/contract.json"));
/// Under which address the documents refer to each other; nothing is ever fetched from there.
const BASE: &str = "contract:///";

/// Whose operations come first where families share method and path; the others follow by name.
const OWNERS: [&str; 3] = ["tasks.yaml", "plans.yaml", "workflows.yaml"];
const JSON_BODY: &str = "/requestBody/content/application~1json/schema";
const FORM_BODY: &str = "/requestBody/content/multipart~1form-data/schema";

/// The contract that the program carries cannot be used: a defect of the contract.
#[derive(Debug, Error)]
#[error("the contract cannot be used: {0}")]
pub struct ContractError(String);

/// What lets a request in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// A token.
    Token,
    /// A key and secret, for which there is a token.
    Credentials,
    /// A sign of the body.
    Sign,
}

/// One operation of the API.
#[derive(Debug)]
pub struct Operation {
    /// Its `operationId`, as `tasks.create`.
    pub id: String,
    /// Its HTTP method.
    pub method: Method,
    /// Its path.
    pub path: String,
    /// What lets a request in.
    pub access: Access,
    integers: Vec<String>,
    /// The names of all parameters and of the fields of the body.
    names: Vec<String>,
    query: Validator,
    body: Option<Body>,
}

/// The body that an operation takes.
#[derive(Debug)]
enum Body {
    Json(Validator),
    /// Names the fields that are integers, and the one that is a file.
    Form(Validator, Vec<String>, String),
}

/// A body as it came, in clear.
#[derive(Debug)]
pub enum Payload {
    /// Any but a form.
    Bytes(Bytes),
    /// A form.
    Form(Form),
}

/// What a request asks for, checked.
#[derive(Debug, PartialEq)]
pub struct Asked {
    /// The parameters of the query.
    pub query: Map<String, Value>,
    /// The body; null when the operation takes none.
    pub body: Value,
}

/// Which operation a request is for.
#[derive(Debug)]
pub struct Choice<'a> {
    /// The operation, and after it those that the request may be for just as well. Never empty.
    pub operations: Vec<&'a Operation>,
    /// What it asks for, or why it is refused.
    pub asked: Result<Asked, Refusal>,
}

/// What a method and path stand for.
#[derive(Debug)]
pub enum Route<'a> {
    /// Operations, of which the request chooses one. Never empty.
    Operations(Vec<&'a Operation>),
    /// The path exists, with these methods.
    OtherMethod(Vec<&'a Method>),
    /// The path does not exist.
    Unknown,
}

/// All operations, with the means to check what goes in and out.
#[derive(Debug)]
pub struct Contract {
    documents: BTreeMap<String, Value>,
    /// As they are written, unions included.
    originals: BTreeMap<String, Value>,
    operations: Vec<Operation>,
    problems: Problems,
}

impl Contract {
    /// Reads the contract that the program carries.
    pub fn load() -> Result<Self, ContractError> {
        Self::from_documents(serde_json::from_str(DOCUMENTS).map_err(broken)?)
    }

    fn from_documents(mut documents: BTreeMap<String, Value>) -> Result<Self, ContractError> {
        let originals = documents.clone();
        unions::choose_variants(&mut documents);
        let registry = registry(&documents)?;
        let mut operations = Vec::new();
        let owners = OWNERS.iter().filter_map(|owner| documents.get_key_value(*owner));
        let others = documents.iter().filter(|(name, _)| !OWNERS.contains(&name.as_str()));
        for (name, document) in owners.chain(others) {
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
            originals,
        })
    }

    /// Finds the operations for a request.
    #[must_use]
    pub fn route(&self, method: &Method, path: &str) -> Route<'_> {
        let on_path = || self.operations.iter().filter(|known| known.path == path);
        let found: Vec<_> = on_path().filter(|known| known.method == *method).collect();
        if !found.is_empty() {
            return Route::Operations(found);
        }
        let mut methods: Vec<_> = on_path().map(|known| &known.method).collect();
        methods.dedup();
        if methods.is_empty() {
            Route::Unknown
        } else {
            Route::OtherMethod(methods)
        }
    }

    /// Of operations with the same method and path, the one that a request is for: of those that accept it, the first among those that
    /// know most of the names in it. When all refuse it, the first one's reason counts.
    #[must_use]
    pub fn choose<'a>(&'a self, candidates: &[&'a Operation], query: &str, payload: &Payload) -> Choice<'a> {
        let mut refused = None;
        let mut accepted: Vec<(usize, &Operation, Asked)> = Vec::new();
        for operation in candidates {
            let asked = self
                .check_query(operation, query)
                .and_then(|query| self.check_payload(operation, payload).map(|body| Asked { query, body }));
            match asked {
                Ok(asked) => accepted.push((operation.fit(&asked), operation, asked)),
                Err(refusal) => refused = refused.or(Some(refusal)),
            }
        }
        let best = accepted.iter().map(|(fit, ..)| *fit).max();
        accepted.retain(|(fit, ..)| Some(*fit) == best);
        let operations: Vec<_> = accepted.iter().map(|(_, operation, _)| *operation).collect();
        match accepted.into_iter().next() {
            Some((_, _, asked)) => Choice {
                operations,
                asked: Ok(asked),
            },
            None => Choice {
                operations: candidates.to_vec(),
                asked: Err(refused.unwrap_or_else(|| Refusal::not_found("there is no such path"))),
            },
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
            .map(|(name, text)| (name.to_string(), form::parameter(&name, &text, &operation.integers)))
            .collect();
        let parameters = Value::Object(parameters);
        self.problems.check(&operation.query, &parameters)?;
        match parameters {
            Value::Object(parameters) => Ok(parameters),
            _ => Ok(Map::new()),
        }
    }

    /// Checks the body of a request and gives it back; an operation without a body takes any.
    pub fn check_payload(&self, operation: &Operation, payload: &Payload) -> Result<Value, Refusal> {
        let (validator, body) = match (&operation.body, payload) {
            (None, _) => return Ok(Value::Null),
            (Some(Body::Json(validator)), Payload::Bytes(bytes)) => {
                let body = serde_json::from_slice(bytes);
                (
                    validator,
                    body.map_err(|error| Refusal::bad_request(format!("the body is no JSON: {error}")))?,
                )
            }
            (Some(Body::Form(validator, integers, file)), Payload::Form(form)) => {
                if form.files.iter().any(|upload| upload.field != *file) || form.files.len() > 1 {
                    return Err(Refusal::bad_request(format!("the form takes one file, as its field {file}")));
                }
                if form.files.is_empty() {
                    return Err(Refusal::bad_request(format!("{file}: must be a file, with a file name")));
                }
                (validator, form.fields(integers))
            }
            (Some(Body::Json(_)), Payload::Form(_)) => return Err(Refusal::bad_request("the body is no JSON: it is a form")),
            (Some(Body::Form(..)), Payload::Bytes(_)) => {
                return Err(Refusal::bad_request("the body must be of the type multipart/form-data"));
            }
        };
        self.problems.check(validator, &body)?;
        Ok(body)
    }

    /// The kinds of all events.
    pub fn events(&self) -> impl Iterator<Item = &str> {
        self.webhooks().filter_map(|(_, event)| event["operationId"].as_str())
    }

    /// A body for an event of this kind, made up by the contract; `None` when there is no such event.
    #[must_use]
    pub fn sample_event(&self, kind: &str) -> Option<Value> {
        let (document, event) = self.webhooks().find(|(_, event)| event["operationId"] == kind)?;
        let mut body = Sampler::new(&self.originals, document).value(event.pointer(JSON_BODY)?)?;
        // A field that another kind is told by would make it that one.
        for absent in event["x-airudder-detect"]["absent"].as_array().into_iter().flatten() {
            body.as_object_mut().zip(absent.as_str()).map(|(fields, name)| fields.remove(name));
        }
        Some(body)
    }

    /// The same with other fields: `data` replaces them, or leaves those out that are `null`.
    #[must_use]
    pub fn sample_event_with(&self, kind: &str, data: Map<String, Value>) -> Option<Value> {
        let mut body = self.sample_event(kind)?;
        if let Some(fields) = body.as_object_mut() {
            let left_out: Vec<_> = data
                .iter()
                .filter(|(_, value)| value.is_null())
                .map(|(name, _)| name.clone())
                .collect();
            fields.extend(data);
            fields.retain(|name, _| !left_out.contains(name));
        }
        Some(body)
    }

    fn webhooks(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.originals.iter().flat_map(|(name, document)| {
            entries(document, "webhooks")
                .flat_map(|(_, item)| item.as_object().into_iter().flatten().map(|(_, event)| (name.as_str(), event)))
        })
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

impl Operation {
    /// How many of the names in a request the operation knows.
    fn fit(&self, asked: &Asked) -> usize {
        let fields = asked.body.as_object().into_iter().flat_map(Map::keys);
        asked.query.keys().chain(fields).filter(|name| self.names.contains(name)).count()
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
        let (query, integers, mut names) = self.query(&operation["parameters"])?;
        let compiled = |pointer: &str| {
            let pointer = format!("{}{pointer}", self.pointer);
            compile(&json!({"$ref": address(self.document, &pointer)}), self.registry)
        };
        let mut body = None;
        if operation.pointer(JSON_BODY).is_some() {
            names.extend(self.fields(JSON_BODY, |_| true)?);
            body = Some(Body::Json(compiled(JSON_BODY)?));
        } else if operation.pointer(FORM_BODY).is_some() {
            names.extend(self.fields(FORM_BODY, |_| true)?);
            let integers = self.fields(FORM_BODY, |field| field["type"] == "integer")?;
            let file = self.fields(FORM_BODY, |field| field["format"] == "binary")?.into_iter().next();
            let file = file.ok_or_else(|| ContractError(format!("the form of {id} has no file")))?;
            body = Some(Body::Form(compiled(FORM_BODY)?, integers, file));
        }
        Ok(Some(Operation {
            id: id.to_owned(),
            method: Method::from_bytes(method.to_uppercase().as_bytes()).map_err(broken)?,
            // What follows `#` tells operations of one path apart and is not sent.
            path: path.split('#').next().unwrap_or_default().to_owned(),
            access: match operation["x-airudder-auth"].as_str() {
                Some("credentials") => Access::Credentials,
                Some("sign") => Access::Sign,
                _ => Access::Token,
            },
            integers,
            names,
            query,
            body,
        }))
    }

    /// The names of the fields of a body that are as wanted.
    fn fields(&self, body: &str, wanted: impl Fn(&Value) -> bool) -> Result<Vec<String>, ContractError> {
        let mut names = Vec::new();
        let mut open = vec![(self.document.to_owned(), format!("{}{body}", self.pointer))];
        while let Some((document, pointer)) = open.pop() {
            let (document, pointer, schema) = self.follow(&document, &pointer)?;
            for (name, _) in entries(schema, "properties") {
                let field = format!("{pointer}/properties/{}", escaped(name));
                if wanted(self.follow(document, &field)?.2) {
                    names.push(name.clone());
                }
            }
            for part in 0..schema["allOf"].as_array().map_or(0, Vec::len) {
                open.push((document.to_owned(), format!("{pointer}/allOf/{part}")));
            }
        }
        Ok(names)
    }

    /// One schema for the whole query, so that its errors name the parameter as a body's errors name the field.
    fn query(&self, parameters: &Value) -> Result<(Validator, Vec<String>, Vec<String>), ContractError> {
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
        let names = properties.keys().cloned().collect();
        let schema = json!({"type": "object", "properties": properties, "required": required});
        Ok((compile(&schema, self.registry)?, integers, names))
    }

    /// What stands at a place, after its references.
    fn follow<'b>(&'b self, document: &str, pointer: &str) -> Result<(&'b str, String, &'b Value), ContractError> {
        let missing = || ContractError(format!("{document} has nothing at {pointer}"));
        let (document, value) = self
            .documents
            .get_key_value(document)
            .and_then(|(name, document)| Some((name.as_str(), document.pointer(pointer)?)))
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
    // The pointer of a path with a fragment holds a `#` of its own.
    format!("{BASE}{document}#{}", pointer.replace('#', "%23"))
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
