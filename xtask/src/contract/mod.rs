//! Reads the contract: the `OpenAPI` documents, the error table and the table of pages become [`crate::ir`].
//!
//! What the languages rely on is checked here, so that a mistake is reported with its place in the contract and not by a compiler.

mod check;
mod document;
mod errors;
mod event;
mod operation;
mod pages;
mod paging;
mod problem;
mod sample;
mod schema;
mod source;
#[cfg(test)]
mod tests;
mod travel;
mod union;

use std::path::Path;

pub use document::Documents;
use document::Node;
use operation::Reader;
use pages::Pages;
pub use problem::{Problem, Problems};
use schema::Schemas;

use crate::case;
use crate::ir::{Contract, Errors, Event, Family, Operation};

/// Reads and checks the contract in a folder.
pub fn load(folder: &Path) -> Result<Contract, Problems> {
    let one = |problem| Problems(vec![problem]);
    let documents = Documents::read(folder).map_err(one)?;
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).map_err(|error| one(Problem::new(name, error)));
    let pages = Pages::parse("pages.tsv", &read("pages.tsv")?).map_err(one)?;
    let errors = errors::parse("errors.yaml", &read("errors.yaml")?).map_err(one)?;
    assemble(&documents, &pages, errors)
}

fn assemble(documents: &Documents, pages: &Pages, errors: Errors) -> Result<Contract, Problems> {
    let mut problems = check::extensions(documents);
    let mut schemas = Schemas::new(documents);
    let mut contract = Contract {
        families: Vec::new(),
        event_families: Vec::new(),
        operations: Vec::new(),
        models: Vec::new(),
        unions: Vec::new(),
        events: Vec::new(),
        errors,
    };
    for (name, document) in documents.families() {
        match family(name, &document) {
            Ok(family) if document.has("paths") => contract.families.push(family),
            Ok(family) => contract.event_families.push(family),
            Err(problem) => problems.push(problem),
        }
        let mut reader = Reader {
            documents,
            schemas: &mut schemas,
            pages,
            family: name,
        };
        sort_out(operations(&mut reader, &document), &mut contract.operations, &mut problems);
        sort_out(events(&mut reader, &document), &mut contract.events, &mut problems);
    }
    let (models, unions) = schemas.into_parts();
    contract.models = models;
    // What could not be read would only be reported a second time.
    if problems.is_empty() {
        sort_out(union::finish(unions, &contract), &mut contract.unions, &mut problems);
    }
    if problems.is_empty() {
        travel::bodies(&mut contract);
        travel::recursion(&mut contract);
        travel::roles(&mut contract);
        problems = check::names(&contract);
    }
    if problems.is_empty() {
        Ok(contract)
    } else {
        Err(Problems(problems))
    }
}

fn sort_out<T>(results: Vec<Result<T, Problem>>, good: &mut Vec<T>, problems: &mut Vec<Problem>) {
    for result in results {
        match result {
            Ok(value) => good.push(value),
            Err(problem) => problems.push(problem),
        }
    }
}

fn family(name: &str, document: &Node) -> Result<Family, Problem> {
    let tags = document.items("tags");
    let tag = tags.iter().find(|tag| matches!(tag.text("name"), Ok(Some(tag)) if tag == name));
    let tag = tag.ok_or_else(|| document.problem(format!("`tags` has no {name}, whose description is the family's")))?;
    let description = tag.required_text("description")?;
    Ok(Family {
        name: name.to_owned(),
        camel: case::camel(name),
        pascal: case::pascal(name),
        description,
    })
}

fn operations(reader: &mut Reader, document: &Node) -> Vec<Result<Operation, Problem>> {
    let paths = document.entries("paths");
    let methods = paths
        .iter()
        .flat_map(|(path, node)| operation::methods(node).map(move |(method, node)| (path, method, node)));
    methods.map(|(path, method, node)| reader.operation(path, &method, &node)).collect()
}

fn events(reader: &mut Reader, document: &Node) -> Vec<Result<Event, Problem>> {
    let webhooks = document.entries("webhooks");
    let methods = webhooks
        .iter()
        .flat_map(|(kind, node)| operation::methods(node).map(move |(_, node)| (kind, node)));
    methods.map(|(kind, node)| reader.event(kind, &node)).collect()
}
