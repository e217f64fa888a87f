//! Schemas: the types of fields, and the models that named objects become.

use serde_json::Value;

use super::Problem;
use super::document::{Documents, Node};
use crate::case;
use crate::ir::{Constant, Field, Kind, Model, Role, Source, Type};

const FORMATS: [&str; 3] = ["e164", "date", "account-time"];

/// The models that were met so far, in that order.
pub struct Schemas<'a> {
    documents: &'a Documents,
    models: Vec<Model>,
}

/// What an object schema holds.
#[derive(Default)]
pub struct Members {
    pub fields: Vec<Field>,
    pub constants: Vec<Constant>,
}

impl<'a> Schemas<'a> {
    pub fn new(documents: &'a Documents) -> Self {
        Self {
            documents,
            models: Vec::new(),
        }
    }

    pub fn into_models(self) -> Vec<Model> {
        self.models
    }

    pub fn model_named(&self, name: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.name == name)
    }

    /// Takes up a model that no schema describes: the parameters of an operation that has no body.
    pub fn add(&mut self, model: Model) {
        self.models.push(model);
    }

    /// The type that a schema describes. Named objects become models on the way.
    pub fn type_of(&mut self, node: Node) -> Result<Type, Problem> {
        let node = self.documents.resolve(node)?;
        if node.has("enum") {
            return Err(node.problem("`enum` closes the list of values, and a new value would then be refused: say `x-extensible-enum`"));
        }
        if node.has("allOf") {
            return self.model(&node);
        }
        let mut types = match node.value.get("type") {
            Some(Value::String(name)) => vec![name.clone()],
            _ => node.texts("type")?,
        };
        types.retain(|name| name != "null");
        types.sort_unstable();
        match types.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            [] => Err(node.problem("has no `type` (an id is `[string, integer]`, anything at all is `object`)")),
            ["string"] | ["integer" | "number", "string"] | ["integer", "number", "string"] => Ok(Type::plain(Kind::Text)),
            ["integer"] => Ok(Type::plain(Kind::Integer)),
            ["number"] | ["integer", "number"] => Ok(Type::plain(Kind::Number)),
            ["boolean"] => Ok(Type::plain(Kind::Boolean)),
            ["array"] => {
                let items = node.child("items").ok_or_else(|| node.problem("`items` is missing"))?;
                Ok(Type::of(Kind::List, self.type_of(items)?))
            }
            ["object"] => self.object(&node),
            unions if unions.iter().all(|name| is_json_type(name)) => Ok(Type::plain(Kind::Json)),
            other => Err(node.problem(format!("`type: {other:?}` is none of JSON's types"))),
        }
    }

    fn object(&mut self, node: &Node) -> Result<Type, Problem> {
        if !node.has("properties") {
            match node.value.get("additionalProperties") {
                Some(Value::Object(_)) => {
                    let item = node
                        .child("additionalProperties")
                        .ok_or_else(|| node.problem("`additionalProperties` is missing"))?;
                    return Ok(Type::of(Kind::Map, self.type_of(item)?));
                }
                Some(Value::Bool(true)) => return Ok(Type::plain(Kind::Json)),
                _ if node.schema.is_none() => return Ok(Type::plain(Kind::Json)),
                _ => {}
            }
        }
        self.model(node)
    }

    /// The model of a resolved, named object schema.
    fn model(&mut self, node: &Node) -> Result<Type, Problem> {
        let Some((file, name)) = &node.schema else {
            return Err(node.problem("an object with properties needs a name: move it to `components/schemas` and refer to it"));
        };
        let family = file.trim_end_matches(".yaml");
        if let Some(known) = self.models.iter().find(|model| model.name == *name) {
            if known.family == family {
                return Ok(Type::model(name));
            }
            return Err(node.problem(format!(
                "a schema {name} stands in {file} and in {}.yaml; names have to differ",
                known.family
            )));
        }
        // From the schema itself: what stands beside a reference to it describes one field, not the model.
        let schema = self.documents.schema(file, name)?;
        let source = source(&schema)?.ok_or_else(|| schema.problem("`x-airudder-source` is missing"))?;
        let position = self.models.len();
        self.models.push(Model {
            name: name.clone(),
            description: schema.required_text("description")?,
            role: Role::Answer,
            source,
            fields: Vec::new(),
            family: family.to_owned(),
            params_of: Vec::new(),
            nested: false,
        });
        let members = self.members(&schema, Some(source))?;
        self.models[position].fields = members.fields;
        Ok(Type::model(name))
    }

    /// The fields and constants of an object schema and of everything in its `allOf`.
    pub fn members(&mut self, node: &Node, source_of_fields: Option<Source>) -> Result<Members, Problem> {
        let mut members = Members::default();
        for part in node.items("allOf") {
            let part = self.documents.resolve(part)?;
            let source_of_part = source(&part)?.or(source_of_fields);
            let inherited = self.members(&part, source_of_part)?;
            members.fields.extend(inherited.fields);
            members.constants.extend(inherited.constants);
        }
        let required = node.texts("required")?;
        let properties = node.entries("properties");
        if let Some(absent) = required
            .iter()
            .find(|name| !properties.iter().any(|(property, _)| property == *name))
        {
            return Err(node.problem(format!("`required` names {absent}, which is no property")));
        }
        for (wire, property) in properties {
            let own_source = source(&property)?;
            let schema = self.documents.resolve(property)?;
            if let Some(constant) = constant(&wire, &schema)? {
                members.constants.push(constant);
                continue;
            }
            let source = own_source.or(source_of_fields).or(source(&schema)?);
            members
                .fields
                .push(self.field(&wire, &schema, &schema, required.contains(&wire), source)?);
        }
        // A stable sort: the contract's order stays within both halves.
        members.fields.sort_by_key(|field| !field.required);
        Ok(members)
    }

    /// A field whose texts stand in `meta` and whose type stands in `schema`; both are resolved.
    pub fn field(&mut self, wire: &str, meta: &Node, schema: &Node, required: bool, source: Option<Source>) -> Result<Field, Problem> {
        let named = meta.text("x-airudder-name")?;
        let name = named.clone().unwrap_or_else(|| case::snake(wire));
        if named.is_some_and(|named| named != case::snake(&named)) {
            return Err(meta.problem(format!("`x-airudder-name: {name}` is not snake_case")));
        }
        let innermost = self.innermost(schema.clone())?;
        let format = schema.text("format")?.or(innermost.text("format")?);
        if let Some(format) = format.as_ref().filter(|format| !FORMATS.contains(&format.as_str())) {
            return Err(meta.problem(format!("`format: {format}` is none of {FORMATS:?}")));
        }
        let mut known_values = schema.texts("x-extensible-enum")?;
        known_values.extend(if schema.has("items") {
            innermost.texts("x-extensible-enum")?
        } else {
            Vec::new()
        });
        Ok(Field {
            camel: case::camel(&name),
            pascal: case::pascal(&name),
            wire: wire.to_owned(),
            description: meta.required_text("description")?,
            kind: self.type_of(schema.clone())?,
            format,
            required,
            sensitive: meta.flag("x-airudder-sensitive")? || schema.flag("x-airudder-sensitive")?,
            source: source.ok_or_else(|| meta.problem("`x-airudder-source` is missing, here and on the schema around it"))?,
            known_values,
            default: schema.value.get("default").cloned(),
            minimum: schema.value.get("minimum").and_then(Value::as_number).cloned(),
            name,
        })
    }

    /// The schema at the bottom of lists.
    fn innermost(&self, node: Node) -> Result<Node, Problem> {
        match node.child("items") {
            Some(items) => self.innermost(self.documents.resolve(items)?),
            None => Ok(node),
        }
    }
}

fn is_json_type(name: &str) -> bool {
    ["array", "boolean", "integer", "number", "object", "string"].contains(&name)
}

/// A field that always holds the same text.
pub fn constant(wire: &str, schema: &Node) -> Result<Option<Constant>, Problem> {
    match schema.value.get("const") {
        None => Ok(None),
        Some(Value::String(value)) => Ok(Some(Constant {
            wire: wire.to_owned(),
            value: value.clone(),
        })),
        Some(_) => Err(schema.problem("`const` is no text")),
    }
}

/// How sure a node says that it is.
pub fn source(node: &Node) -> Result<Option<Source>, Problem> {
    match node.text("x-airudder-source")?.as_deref() {
        None => Ok(None),
        Some("documented") => Ok(Some(Source::Documented)),
        Some("reported") => Ok(Some(Source::Reported)),
        Some("assumed") => Ok(Some(Source::Assumed)),
        Some(other) => Err(node.problem(format!("`x-airudder-source: {other}` is none of documented, reported, assumed"))),
    }
}
