//! Operations: what a path and method of a document say.

use super::document::{Documents, Node};
use super::pages::Pages;
use super::paging;
use super::problem::Problem;
use super::schema::{Schemas, constant, is_file};
use super::source::source;
use crate::case;
use crate::ir::{Auth, Constant, Download, Field, Location, Model, Operation, Retry, Role, Source, Upload};

const METHODS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

pub struct Reader<'a, 'd> {
    pub documents: &'d Documents,
    pub schemas: &'a mut Schemas<'d>,
    pub pages: &'a Pages,
    pub family: &'a str,
}

/// The parameters of an operation, where they stand, and under which name.
struct Parameters {
    location: Location,
    fields: Vec<Field>,
    constants: Vec<Constant>,
    model: Option<String>,
    upload: Option<Upload>,
}

/// The operations of a path, by method, each with a place that names it.
pub fn methods(path: &Node) -> impl Iterator<Item = (String, Node)> {
    let keys = path
        .value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, _)| key.clone())
        .collect::<Vec<_>>();
    keys.into_iter().filter(|key| METHODS.contains(&key.as_str())).filter_map(|method| {
        let mut node = path.child(&method)?;
        if let Ok(Some(id)) = node.text("operationId") {
            node.place = format!("{}: {id}", node.file);
        }
        Some((method.to_uppercase(), node))
    })
}

impl Reader<'_, '_> {
    pub fn operation(&mut self, path: &str, method: &str, node: &Node) -> Result<Operation, Problem> {
        let id = node.required_text("operationId")?;
        let name = match id.split_once('.') {
            Some((family, name)) if family == self.family && name == case::snake(name) => name.to_owned(),
            _ => return Err(node.problem(format!("`operationId` is not `{}.<snake_case name>`", self.family))),
        };
        if !["GET", "POST"].contains(&method) {
            return Err(node.problem(format!("the SDK sends no {method}")));
        }
        let source = source(node)?.ok_or_else(|| node.problem("`x-airudder-source` is missing"))?;
        let download = download(node)?;
        let summary = node.required_text("summary")?;
        let titles = self.pages.of(&id, &summary);
        let description = node.required_text("description")?;
        let retry = retry(node)?;
        let auth = auth(node)?;
        let parameters = self.parameters(&id, source, node)?;
        let answer = if download.is_some() { None } else { Some(self.answer(node)?) };
        let mut operation = Operation {
            camel: case::camel(&name),
            pascal: case::pascal(&name),
            family: self.family.to_owned(),
            method: method.to_owned(),
            // Two operations may share a path; in the contract a fragment then tells their keys apart.
            path: path.split('#').next().unwrap_or_default().to_owned(),
            page: titles.first,
            pages: titles.all,
            paging: None,
            location: parameters.location,
            params: parameters.fields,
            constants: parameters.constants,
            params_model: parameters.model,
            id,
            name,
            summary,
            description,
            source,
            retry,
            auth,
            download,
            upload: parameters.upload,
            answer,
        };
        operation.paging = node
            .child("x-airudder-paging")
            .map(|node| paging::read(self.schemas, &node, &operation))
            .transpose()?;
        Ok(operation)
    }

    fn parameters(&mut self, id: &str, source: Source, node: &Node) -> Result<Parameters, Problem> {
        let query = self.query(node)?;
        let has_query = !query.fields.is_empty() || !query.constants.is_empty();
        let body = node
            .descendant(&["requestBody"])
            .map(|body| self.documents.resolve(body))
            .transpose()?;
        let Some(body) = body else {
            let model = (!query.fields.is_empty()).then(|| self.query_model(id, source, &query.fields));
            let location = if has_query { Location::Query } else { Location::None };
            return Ok(Parameters { location, model, ..query });
        };
        if has_query {
            return Err(node.problem("has parameters in the query and in the body; the SDK sends one of the two"));
        }
        let schema = |media: &str| body.descendant(&["content", media, "schema"]);
        match (schema("application/json"), schema("multipart/form-data")) {
            (Some(schema), None) => self.body(schema, Location::Body),
            (None, Some(schema)) => self.body(schema, Location::Multipart),
            _ => Err(node.problem("its body is not `application/json` with a schema, nor `multipart/form-data` with one")),
        }
    }

    /// The body's fields. Its constants and its file are none: a caller does not give the ones, and gives the other by itself.
    fn body(&mut self, schema: Node, location: Location) -> Result<Parameters, Problem> {
        let schema = self.documents.resolve(schema)?;
        let kind = self.schemas.type_of(schema.clone())?;
        let model = kind.as_model().and_then(|name| self.schemas.model_named(name));
        let Some(model) = model else {
            return Err(schema.problem("a body is an object with a name under `components/schemas`"));
        };
        let constants = model.fields.iter().filter_map(|field| {
            Some(Constant {
                wire: field.wire.clone(),
                value: field.constant.clone()?,
            })
        });
        let constants = constants.collect();
        let given = model.fields.iter().filter(|field| field.constant.is_none()).cloned();
        let (mut files, fields): (Vec<_>, Vec<_>) = given.partition(is_file);
        let upload = files.pop().map(|field| Upload { field });
        if !files.is_empty() || upload.is_some() != (location == Location::Multipart) {
            return Err(schema.problem("`multipart/form-data` has one field of `format: binary`, and no other body has any"));
        }
        Ok(Parameters {
            location,
            model: kind.model.filter(|_| !fields.is_empty()),
            fields,
            constants,
            upload,
        })
    }

    fn query(&mut self, node: &Node) -> Result<Parameters, Problem> {
        let mut members = Parameters {
            location: Location::Query,
            fields: Vec::new(),
            constants: Vec::new(),
            model: None,
            upload: None,
        };
        for parameter in node.items("parameters") {
            let place = parameter.place.clone();
            let mut parameter = self.documents.resolve(parameter)?;
            let wire = parameter.required_text("name")?;
            parameter.place = format!("{place} ({wire})");
            if parameter.text("in")?.as_deref() != Some("query") {
                return Err(parameter.problem("a parameter of the SDK stands `in: query`"));
            }
            let schema = parameter.child("schema").ok_or_else(|| parameter.problem("`schema` is missing"))?;
            let schema = self.documents.resolve(schema)?;
            if let Some(value) = constant(&schema)? {
                members.constants.push(Constant { wire, value });
                continue;
            }
            let source = source(&parameter)?.or(source(&schema)?);
            let required = parameter.flag("required")?;
            members
                .fields
                .push(self.schemas.field(&wire, &parameter, &schema, required, source)?);
        }
        members.fields.sort_by_key(|field| !field.required);
        Ok(members)
    }

    fn query_model(&mut self, id: &str, source: Source, fields: &[Field]) -> String {
        let name = format!("{}Params", case::pascal(id));
        self.schemas.add(Model {
            name: name.clone(),
            description: format!("The parameters of `{id}`."),
            role: Role::Input,
            source,
            fields: fields.to_vec(),
            family: self.family.to_owned(),
            params_of: Vec::new(),
            nested: false,
            variant_of: Vec::new(),
        });
        name
    }

    /// The model of the answer's `data`.
    fn answer(&mut self, node: &Node) -> Result<String, Problem> {
        let missing = || node.problem("its answer 200 has no `application/json` schema");
        let response = node.descendant(&["responses", "200"]).ok_or_else(missing)?;
        let response = self.documents.resolve(response)?;
        let schema = response
            .descendant(&["content", "application/json", "schema"])
            .ok_or_else(missing)?;
        let envelope = self.documents.resolve(schema)?;
        let mut parts = vec![envelope.clone()];
        for part in envelope.items("allOf") {
            parts.push(self.documents.resolve(part)?);
        }
        // The last one: the envelope itself has a `data` too, of which it knows nothing.
        let data = parts.iter().rev().find_map(|part| part.descendant(&["properties", "data"]));
        let data = data.ok_or_else(|| node.problem("its answer 200 has no `data`"))?;
        let data = self.documents.resolve(data)?;
        let kind = self.schemas.type_of(data.clone())?;
        kind.as_model()
            .map(str::to_owned)
            .ok_or_else(|| data.problem("an answer's `data` is an object with a name under `components/schemas`"))
    }
}

fn retry(node: &Node) -> Result<Retry, Problem> {
    match node.required_text("x-airudder-retry")?.as_str() {
        "read" => Ok(Retry::Read),
        "repeatable" => Ok(Retry::Repeatable),
        "once" => Ok(Retry::Once),
        other => Err(node.problem(format!("`x-airudder-retry: {other}` is none of read, repeatable, once"))),
    }
}

fn auth(node: &Node) -> Result<Auth, Problem> {
    match node.text("x-airudder-auth")?.as_deref() {
        None | Some("token") => Ok(Auth::Token),
        Some("credentials") => Ok(Auth::Credentials),
        Some("sign") => Ok(Auth::Sign),
        Some(other) => Err(node.problem(format!("`x-airudder-auth: {other}` is none of token, credentials, sign"))),
    }
}

fn download(node: &Node) -> Result<Option<Download>, Problem> {
    match node.text("x-airudder-download")?.as_deref() {
        None => Ok(None),
        Some("file") => Ok(Some(Download::File)),
        Some("folder") => Ok(Some(Download::Folder)),
        Some(other) => Err(node.problem(format!("`x-airudder-download: {other}` is none of file, folder"))),
    }
}
