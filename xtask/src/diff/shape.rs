//! What an operation takes and answers, flattened: one entry for each parameter and for each field at whatever depth.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display};

use serde_json::Value;

use super::library::{Site, Spot};

/// Which part of an exchange a field belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Header,
    Path,
    Cookie,
    Query,
    Body,
    Answer,
}

/// Where a field stands: `[]` steps into a list, `*` into a map. No step at all is the body or the answer itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub part: Part,
    pub steps: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Field {
    /// JSON's types without `null`; none when the description does not say.
    pub types: BTreeSet<String>,
    pub required: bool,
    /// Where the field is described; several when variants share it.
    pub sites: Vec<Site>,
}

#[derive(Default)]
pub struct Shape {
    pub fields: BTreeMap<Place, Field>,
    /// The body's media type.
    pub media: Option<String>,
    /// References that lead nowhere.
    pub dangling: BTreeSet<String>,
}

/// Headers that every client sends by itself, whatever the operation.
const EVERY_HEADER: [&str; 8] = [
    "authorization",
    "content-type",
    "user-agent",
    "accept",
    "is-encrypted",
    "signed",
    "x-airudder-sign",
    "x-airudder-sign-key",
];
/// Deeper than any real description; a circle of nameless schemas ends here.
const DEEPEST: usize = 24;

impl Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = match self.part {
            Part::Header => "header",
            Part::Path => "path",
            Part::Cookie => "cookie",
            Part::Query => "query",
            Part::Body => "body",
            Part::Answer => "answer",
        };
        if self.steps.is_empty() {
            return f.write_str(part);
        }
        write!(f, "{part} `{}`", self.steps.join(".").replace(".[]", "[]"))
    }
}

impl Place {
    pub fn root(part: Part) -> Self {
        Self { part, steps: Vec::new() }
    }

    pub fn parent(&self) -> Option<Self> {
        let (_, steps) = self.steps.split_last()?;
        Some(Self {
            part: self.part,
            steps: steps.to_vec(),
        })
    }

    pub fn inner(&self, step: &str) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step.to_owned());
        Self { part: self.part, steps }
    }
}

impl Shape {
    /// The shape of an operation, whose path item may hold parameters too.
    pub fn of(item: &Spot<'_>, operation: &Spot<'_>) -> Self {
        let mut shape = Self::default();
        for parameter in item.items("parameters").into_iter().chain(operation.items("parameters")) {
            shape.parameter(&parameter);
        }
        let body = operation.child("requestBody").map(|body| shape.resolved(body));
        if let Some((media, schema)) = body.as_ref().and_then(content) {
            shape.media = Some(media.to_owned());
            shape.add(&Place::root(Part::Body), &[schema], true, Vec::new(), &mut Vec::new());
        }
        let response = response(operation).map(|response| shape.resolved(response));
        if let Some((_, schema)) = response.as_ref().and_then(content) {
            shape.add(&Place::root(Part::Answer), &[schema], true, Vec::new(), &mut Vec::new());
        }
        shape
    }

    /// Whether the part has any field: one without may be a part that nobody described.
    pub fn describes(&self, part: Part) -> bool {
        self.fields.keys().any(|place| place.part == part && !place.steps.is_empty())
    }

    pub fn has_children(&self, place: &Place) -> bool {
        self.fields
            .keys()
            .any(|other| other.part == place.part && other.steps.len() > place.steps.len() && other.steps.starts_with(&place.steps))
    }

    fn parameter(&mut self, parameter: &Spot<'_>) {
        let parameter = self.resolved(parameter.clone());
        let Some(name) = parameter.text("name").map(str::trim) else {
            return;
        };
        let part = match parameter.text("in") {
            Some("query") => Part::Query,
            Some("path") => Part::Path,
            Some("cookie") => Part::Cookie,
            Some("header") if !EVERY_HEADER.contains(&name.to_ascii_lowercase().as_str()) => Part::Header,
            _ => return,
        };
        let schemas: Vec<_> = parameter.child("schema").into_iter().collect();
        let sites = vec![parameter.site.clone()];
        self.add(
            &Place::root(part).inner(name),
            &schemas,
            parameter.flag("required"),
            sites,
            &mut Vec::new(),
        );
    }

    fn resolved<'a>(&mut self, spot: Spot<'a>) -> Spot<'a> {
        let mut spot = spot;
        for _ in 0..DEEPEST {
            match spot.follow() {
                Some(Ok(target)) => spot = target,
                Some(Err(reference)) => {
                    self.dangling.insert(reference.to_owned());
                    break;
                }
                None => break,
            }
        }
        spot
    }

    /// Takes up the field at a place, which all of `schemas` together describe, and what is inside it.
    fn add(&mut self, place: &Place, schemas: &[Spot<'_>], required: bool, sites: Vec<Site>, open: &mut Vec<Site>) {
        let mut merged = Merged::default();
        for schema in schemas {
            merged.take(schema, &mut self.dangling, 0);
        }
        self.fields.insert(
            place.clone(),
            Field {
                types: merged.types,
                required,
                sites,
            },
        );
        // A schema that holds itself is described once.
        if place.steps.len() > DEEPEST || merged.followed.iter().any(|site| open.contains(site)) {
            return;
        }
        let outside = open.len();
        open.append(&mut merged.followed);
        for (name, schemas) in &merged.properties {
            let sites = schemas.iter().map(|schema| schema.site.clone()).collect();
            self.add(&place.inner(name), schemas, merged.required.contains(*name), sites, open);
        }
        for (step, schemas) in [("[]", &merged.items), ("*", &merged.values)] {
            if !schemas.is_empty() {
                self.add(&place.inner(step), schemas, true, Vec::new(), open);
            }
        }
        open.truncate(outside);
    }
}

/// What a schema and all that it is made of say together.
#[derive(Default)]
struct Merged<'a> {
    types: BTreeSet<String>,
    properties: BTreeMap<&'a str, Vec<Spot<'a>>>,
    required: BTreeSet<String>,
    items: Vec<Spot<'a>>,
    /// The values of a map.
    values: Vec<Spot<'a>>,
    followed: Vec<Site>,
}

impl<'a> Merged<'a> {
    fn take(&mut self, schema: &Spot<'a>, dangling: &mut BTreeSet<String>, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match schema.follow() {
            Some(Ok(target)) => {
                self.followed.push(target.site.clone());
                self.take(&target, dangling, depth + 1);
            }
            Some(Err(reference)) => {
                dangling.insert(reference.to_owned());
            }
            None => {}
        }
        self.types.extend(types(schema));
        for (name, property) in schema.entries("properties") {
            self.properties.entry(name).or_default().push(property);
        }
        let required = schema.value.get("required").and_then(Value::as_array).into_iter().flatten();
        self.required.extend(required.filter_map(Value::as_str).map(str::to_owned));
        self.items.extend(schema.child("items"));
        self.values
            .extend(schema.child("additionalProperties").filter(|values| values.value.is_object()));
        for part in schema.items("allOf") {
            self.take(&part, dangling, depth + 1);
        }
        let variants = schema.items("anyOf").into_iter().chain(schema.items("oneOf"));
        self.take_variants(variants.filter(|variant| variant.text("type") != Some("null")), dangling, depth);
    }

    /// Takes what any variant has; it is required when every variant requires it.
    fn take_variants(&mut self, variants: impl Iterator<Item = Spot<'a>>, dangling: &mut BTreeSet<String>, depth: usize) {
        let mut required_by_all: Option<BTreeSet<String>> = None;
        for variant in variants {
            let mut merged = Self::default();
            merged.take(&variant, dangling, depth + 1);
            self.types.append(&mut merged.types);
            for (name, mut schemas) in merged.properties {
                self.properties.entry(name).or_default().append(&mut schemas);
            }
            self.items.append(&mut merged.items);
            self.values.append(&mut merged.values);
            self.followed.append(&mut merged.followed);
            required_by_all = Some(match required_by_all {
                Some(others) => others.intersection(&merged.required).cloned().collect(),
                None => merged.required,
            });
        }
        self.required.extend(required_by_all.unwrap_or_default());
    }
}

fn types(schema: &Spot<'_>) -> Vec<String> {
    if schema.text("format") == Some("binary") {
        return vec!["file".to_owned()];
    }
    let named = match schema.value.get("type") {
        Some(Value::String(name)) => vec![name.clone()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ if schema.child("properties").is_some() => vec!["object".to_owned()],
        _ if schema.child("items").is_some() => vec!["array".to_owned()],
        _ => schema.value.get("const").and_then(type_of).map(str::to_owned).into_iter().collect(),
    };
    // `any` is Apifox's word for a field of which nobody said what it is.
    named.into_iter().filter(|name| name != "null" && name != "any").collect()
}

fn type_of(value: &Value) -> Option<&'static str> {
    match value {
        Value::String(_) => Some("string"),
        Value::Bool(_) => Some("boolean"),
        Value::Number(_) => Some("number"),
        _ => None,
    }
}

/// The media type and schema of a body or an answer: JSON if there is any.
fn content<'a>(holder: &Spot<'a>) -> Option<(&'a str, Spot<'a>)> {
    let contents = holder.entries("content");
    let rank = |media: &str| {
        let known = ["application/json", "multipart/form-data", "application/x-www-form-urlencoded"];
        known.iter().position(|known| media.starts_with(known)).unwrap_or(known.len())
    };
    let best = contents.into_iter().min_by_key(|(media, _)| rank(media));
    best.and_then(|(media, content)| Some((media.split(';').next().unwrap_or(media), content.child("schema")?)))
}

/// The answer that means success.
fn response<'a>(operation: &Spot<'a>) -> Option<Spot<'a>> {
    let responses = operation.entries("responses");
    let exact = responses.iter().find(|(status, _)| *status == "200");
    let other = || responses.iter().find(|(status, _)| status.starts_with('2'));
    let any = || responses.iter().find(|(status, _)| *status == "default");
    exact.or_else(other).or_else(any).map(|(_, response)| response.clone())
}
