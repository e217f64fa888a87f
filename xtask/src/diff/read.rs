//! The two sides: the operations of our contract, and those of an export.

use std::path::Path;

use serde_json::Value;

use super::library::{Library, Site, Spot};
use super::shape::Shape;
use crate::bundle;
use crate::contract::Documents;
use crate::result::Result;

const METHODS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

/// An operation or event of our contract.
pub struct Ours {
    /// As the table of pages names it: `tasks.create`, `event:call.finished`.
    pub key: String,
    /// Absent for an event, whose address is the customer's.
    pub route: Option<Route>,
    pub source: String,
    pub shape: Shape,
    /// Whether the answer is a file, which no schema describes.
    pub downloads: bool,
    pub site: Site,
}

/// One operation of an export.
pub struct Theirs {
    pub folder: String,
    pub title: String,
    pub route: Option<Route>,
    pub deprecated: bool,
    pub shape: Shape,
}

/// Method and path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    pub method: String,
    pub path: String,
}

impl std::fmt::Display for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl Ours {
    /// The id without the mark of an event.
    pub fn id(&self) -> &str {
        self.key.trim_start_matches("event:")
    }
}

/// The documents of a contract's folder.
pub fn contract(folder: &Path) -> Result<Library> {
    let documents = Documents::read(folder).map_err(|problem| problem.to_string())?;
    Ok(Library(
        documents.all().map(|(file, value)| (file.to_owned(), value.clone())).collect(),
    ))
}

/// All operations and events of our contract. Of those that share a route the owner comes first.
pub fn ours(library: &Library) -> Vec<Ours> {
    let mut roots: Vec<_> = library.roots().filter(|root| root.child("openapi").is_some()).collect();
    roots.sort_by_key(|root| bundle::rank(&root.site.file));
    let mut all = Vec::new();
    for root in roots {
        for (section, is_event) in [("paths", false), ("webhooks", true)] {
            for (path, item) in root.entries(section) {
                for (method, operation) in methods(&item) {
                    let id = operation.text("operationId").unwrap_or(path);
                    all.push(Ours {
                        key: if is_event { format!("event:{id}") } else { id.to_owned() },
                        route: (!is_event).then(|| Route {
                            method: method.to_uppercase(),
                            path: path.split('#').next().unwrap_or(path).to_owned(),
                        }),
                        source: operation.text("x-airudder-source").unwrap_or_default().to_owned(),
                        shape: Shape::of(&item, &operation),
                        downloads: operation.child("x-airudder-download").is_some(),
                        site: operation.site,
                    });
                }
            }
        }
    }
    all
}

/// An export, as JSON or YAML.
pub fn export(path: &Path) -> Result<Library> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
    // As JSON first: YAML has other escapes for what lies beyond 16 bits.
    let value = serde_json::from_str(&text).or_else(|as_json| {
        let looks_like_json = text.trim_start().starts_with('{');
        serde_yaml_ng::from_str::<Value>(&text).map_err(|as_yaml| {
            if looks_like_json {
                format!("{name} is no JSON: {as_json}")
            } else {
                format!("{name} is neither JSON nor YAML: {as_yaml}")
            }
        })
    })?;
    if let Some(version) = value.get("swagger") {
        return Err(format!("{name} is Swagger {version}; export it as OpenAPI 3.0 or 3.1").into());
    }
    let version = value.get("openapi").and_then(Value::as_str);
    match version {
        Some(version) if version.starts_with("3.") => {}
        Some(version) => return Err(format!("{name} is OpenAPI {version}; 3.0 and 3.1 can be read").into()),
        None => return Err(format!("{name} is no OpenAPI document: `openapi` is missing").into()),
    }
    if !["paths", "webhooks"]
        .iter()
        .any(|section| value.get(section).is_some_and(Value::is_object))
    {
        return Err(format!("{name} has neither `paths` nor `webhooks`").into());
    }
    Ok(Library([(name.to_string(), value)].into()))
}

/// All operations of an export, webhooks included.
pub fn theirs(library: &Library) -> Vec<Theirs> {
    let mut all = Vec::new();
    for root in library.roots() {
        for (section, is_event) in [("paths", false), ("webhooks", true)] {
            for (path, item) in root.entries(section) {
                for (method, operation) in methods(&item) {
                    let title = operation.text("summary").unwrap_or(path).trim();
                    let status = operation.text("x-apifox-status");
                    all.push(Theirs {
                        folder: folder(&operation),
                        title: title.to_owned(),
                        route: (!is_event).then(|| Route {
                            method: method.to_uppercase(),
                            path: plain_path(path),
                        }),
                        deprecated: operation.flag("deprecated")
                            || status.is_some_and(|status| ["deprecated", "obsolete"].contains(&status)),
                        shape: Shape::of(&item, &operation),
                    });
                }
            }
        }
    }
    all
}

fn methods<'a>(item: &Spot<'a>) -> impl Iterator<Item = (&'static str, Spot<'a>)> {
    METHODS.into_iter().filter_map(|method| Some((method, item.child(method)?)))
}

/// The folder that an operation stands in; an export without Apifox's extensions may have it as a tag.
fn folder(operation: &Spot<'_>) -> String {
    let tags = operation.items("tags");
    let tag = tags.iter().filter_map(|tag| tag.value.as_str()).max_by_key(|tag| tag.len());
    operation.text("x-apifox-folder").or(tag).unwrap_or_default().to_owned()
}

/// The path alone, of what people write there: a base URL, a variable for one, a query, a mark that tells apart two pages of one path.
fn plain_path(path: &str) -> String {
    let path = path.trim();
    let path = path.split(['#', '?']).next().unwrap_or(path);
    let path = path.trim_start_matches('/');
    let path = match path.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => path,
    };
    let path = match path.strip_prefix("{{") {
        Some(rest) => rest.split_once("}}").map_or(path, |(_, path)| path),
        None => path,
    };
    format!("/{}", path.trim_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_without_what_people_put_around_it() {
        for path in [
            "/service/cloud/task",
            "/service/cloud/task/ ",
            "https://api.airudder.com/service/cloud/task",
            "/https://api.airudder.com/service/cloud/task",
            "{{host}}/service/cloud/task",
            "/service/cloud/task#2",
            "/service/cloud/task?Type=normal",
        ] {
            assert_eq!(plain_path(path), "/service/cloud/task", "{path}");
        }
    }
}
