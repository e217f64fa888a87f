//! Schemas: the types of fields, and the models that named objects become.

use serde_json::Value;

use super::document::{Documents, Node};
use super::problem::Problem;
use super::source::{aliases, source};
use super::union::Sketch;
use crate::case;
use crate::ir::{Field, Kind, Model, Role, Source, Type};

/// `binary` is the file of an upload, and taken out of the fields.
const FORMATS: [&str; 5] = ["e164", "date", "account-time", "zoned-time", BINARY];
const BINARY: &str = "binary";

/// The models that were met so far, in that order.
pub struct Schemas<'a> {
    documents: &'a Documents,
    models: Vec<Model>,
    unions: Vec<Sketch>,
}

impl<'a> Schemas<'a> {
    pub fn new(documents: &'a Documents) -> Self {
        Self {
            documents,
            models: Vec::new(),
            unions: Vec::new(),
        }
    }

    pub fn into_parts(self) -> (Vec<Model>, Vec<Sketch>) {
        (self.models, self.unions)
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
        if node.has("oneOf") {
            return Err(node.problem("`oneOf` refuses what fits two of its schemas: say `anyOf`"));
        }
        if node.has("anyOf") {
            return self.union(&node);
        }
        if node.has("allOf") {
            return self.model(&node);
        }
        if node.has("const") {
            return Ok(Type::plain(Kind::Text));
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
        if self.is_known(node, family, name)? {
            return Ok(Type::model(name));
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
            variant_of: Vec::new(),
        });
        self.models[position].fields = self.fields(&schema, Some(source))?;
        Ok(Type::model(name))
    }

    /// The union of a resolved, named schema. What its variants have in common is looked at once all models are read.
    fn union(&mut self, node: &Node) -> Result<Type, Problem> {
        let Some((file, name)) = &node.schema else {
            return Err(node.problem("a union needs a name: move it to `components/schemas` and refer to it"));
        };
        let family = file.trim_end_matches(".yaml");
        if self.is_known(node, family, name)? {
            return Ok(Type::union(name));
        }
        let schema = self.documents.schema(file, name)?;
        let position = self.unions.len();
        self.unions.push(Sketch::read(name, family, &schema)?);
        let mut variants = Vec::new();
        for option in schema.items("anyOf") {
            let option = self.documents.resolve(option)?;
            let kind = self.type_of(option.clone())?;
            let model = kind.model.filter(|_| kind.kind == Kind::Model);
            let model = model.ok_or_else(|| option.problem("a variant is an object with a name under `components/schemas`"))?;
            variants.push((model, option.detect()?));
        }
        self.unions[position].variants = variants;
        Ok(Type::union(name))
    }

    /// Whether a model or union of this name was met before.
    fn is_known(&self, node: &Node, family: &str, name: &str) -> Result<bool, Problem> {
        let models = self.models.iter().map(|model| (&model.name, &model.family));
        let mut all = models.chain(self.unions.iter().map(|union| (&union.name, &union.family)));
        match all.find(|(known, _)| *known == name) {
            None => Ok(false),
            Some((_, home)) if home == family => Ok(true),
            Some((_, home)) => Err(node.problem(format!(
                "a schema {name} stands in {family}.yaml and in {home}.yaml; names have to differ"
            ))),
        }
    }

    /// The fields of an object schema and of everything in its `allOf`.
    fn fields(&mut self, node: &Node, source_of_fields: Option<Source>) -> Result<Vec<Field>, Problem> {
        let mut fields = Vec::new();
        for part in node.items("allOf") {
            let part = self.documents.resolve(part)?;
            let source_of_part = source(&part)?.or(source_of_fields);
            fields.extend(self.fields(&part, source_of_part)?);
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
            let source = own_source.or(source_of_fields).or(source(&schema)?);
            fields.push(self.field(&wire, &schema, &schema, required.contains(&wire), source)?);
        }
        // A stable sort: the contract's order stays within both halves.
        fields.sort_by_key(|field| !field.required);
        Ok(fields)
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
            aliases: aliases(meta)?,
            description: meta.required_text("description")?,
            kind: self.type_of(schema.clone())?,
            format,
            constant: constant(schema)?,
            recursive: false,
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

/// Whether a field is the file of an upload.
pub fn is_file(field: &Field) -> bool {
    field.format.as_deref() == Some(BINARY)
}

/// The text that a field always holds.
pub fn constant(schema: &Node) -> Result<Option<String>, Problem> {
    match schema.value.get("const") {
        None => Ok(None),
        Some(Value::String(value)) => Ok(Some(value.clone())),
        Some(_) => Err(schema.problem("`const` is no text")),
    }
}
