//! Operations: what a path and method of a document say.

use super::Problem;
use super::document::{Documents, Node};
use super::pages::Pages;
use super::schema::{Members, Schemas, constant, source};
use crate::case;
use crate::ir::{Auth, Download, Field, Kind, Location, Model, Operation, Paging, Retry, Role, Source};

const METHODS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

pub struct Reader<'a, 'd> {
    pub documents: &'d Documents,
    pub schemas: &'a mut Schemas<'d>,
    pub pages: &'a Pages,
    pub family: &'a str,
}

/// Where the parameters of an operation stand, and under which name.
struct Parameters {
    location: Location,
    members: Members,
    model: Option<String>,
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
            path: path.to_owned(),
            page: titles.first,
            pages: titles.all,
            paging: None,
            location: parameters.location,
            params: parameters.members.fields,
            constants: parameters.members.constants,
            params_model: parameters.model,
            id,
            name,
            summary,
            description,
            source,
            retry,
            auth,
            download,
            answer,
        };
        operation.paging = node
            .child("x-airudder-paging")
            .map(|paging| self.paging(&paging, &operation))
            .transpose()?;
        Ok(operation)
    }

    fn parameters(&mut self, id: &str, source: Source, node: &Node) -> Result<Parameters, Problem> {
        let query = self.query(node)?;
        let schema = node
            .descendant(&["requestBody"])
            .map(|body| self.documents.resolve(body))
            .transpose()?;
        let schema = schema.and_then(|body| body.descendant(&["content", "application/json", "schema"]));
        if schema.is_none() && node.has("requestBody") {
            return Err(node.problem("its body is not `application/json` with a schema"));
        }
        let has_query = !query.fields.is_empty() || !query.constants.is_empty();
        match schema {
            Some(_) if has_query => Err(node.problem("has parameters in the query and in the body; the SDK sends one of the two")),
            Some(schema) => self.body(schema),
            None if !has_query => Ok(Parameters {
                location: Location::None,
                members: query,
                model: None,
            }),
            None => {
                let model = (!query.fields.is_empty()).then(|| self.query_model(id, source, &query.fields));
                Ok(Parameters {
                    location: Location::Query,
                    members: query,
                    model,
                })
            }
        }
    }

    fn body(&mut self, schema: Node) -> Result<Parameters, Problem> {
        let schema = self.documents.resolve(schema)?;
        let kind = self.schemas.type_of(schema.clone())?;
        let Some(model) = kind.model else {
            return Err(schema.problem("a body is an object with a name under `components/schemas`"));
        };
        let members = self.schemas.members(&schema, source(&schema)?)?;
        let model = (!members.fields.is_empty()).then_some(model);
        Ok(Parameters {
            location: Location::Body,
            members,
            model,
        })
    }

    fn query(&mut self, node: &Node) -> Result<Members, Problem> {
        let mut members = Members::default();
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
            if let Some(constant) = constant(&wire, &schema)? {
                members.constants.push(constant);
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
        kind.model
            .ok_or_else(|| data.problem("an answer's `data` is an object with a name under `components/schemas`"))
    }

    fn paging(&mut self, paging: &Node, operation: &Operation) -> Result<Paging, Problem> {
        let parameter = |key: &str| {
            let wire = paging.required_text(key)?;
            let found = operation.params.iter().find(|field| field.wire == wire);
            found
                .cloned()
                .ok_or_else(|| paging.problem(format!("`{key}: {wire}` is no parameter")))
        };
        let answer = operation.answer.as_deref().unwrap_or_default();
        let answer = self
            .schemas
            .model_named(answer)
            .map(|model| model.fields.clone())
            .unwrap_or_default();
        let answered = |key: &str, wire: &str| {
            let found = answer.iter().find(|field| field.wire == wire);
            found
                .cloned()
                .ok_or_else(|| paging.problem(format!("`{key}: {wire}` is no field of the answer")))
        };
        let items = answered("items", &paging.required_text("items")?)?;
        let item_model = items
            .kind
            .item
            .as_ref()
            .filter(|_| items.kind.kind == Kind::List)
            .and_then(|item| item.model.clone());
        Ok(Paging {
            page: parameter("page")?,
            size: parameter("size")?,
            total: paging.text("total")?.map(|wire| answered("total", &wire)).transpose()?,
            item_model: item_model.ok_or_else(|| paging.problem("`items` is no list of named objects"))?,
            items,
        })
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
        Some(other) => Err(node.problem(format!("`x-airudder-auth: {other}` is none of token, credentials"))),
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
