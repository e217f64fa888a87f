//! The methods of resources.

use serde::Serialize;

use super::field::{KotlinField, kotlin_field, reader, type_name};
use crate::ir::{Auth, Download, Field, Operation, Role};

/// A method of a resource.
#[derive(Serialize)]
pub(super) struct Method<'a> {
    #[serde(flatten)]
    operation: &'a Operation,
    arguments: Vec<KotlinField<'a>>,
    /// The class that holds the parameters, when there is one.
    params_class: Option<&'a str>,
    /// Whether that class can be made of nothing.
    all_optional: bool,
    returns: String,
    /// What the method takes beside its parameters: the file that it sends, or the place for what it brings.
    place: Option<Place<'a>>,
    /// Set when the answer is one page of many, and another method goes through all of them.
    listing: Option<Listing<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    type_name: &'static str,
    doc: &'a str,
}

#[derive(Serialize)]
struct Listing<'a> {
    /// The field of an answer that holds its items, and how they are read.
    items: &'a str,
    read: String,
    item_type: String,
}

pub(super) fn of(operation: &Operation) -> Method<'_> {
    Method {
        arguments: params(operation).iter().map(|field| kotlin_field(field, Role::Input)).collect(),
        params_class: operation.params_model.as_deref().filter(|_| has_params_class(operation)),
        all_optional: params(operation).iter().all(|field| !field.required),
        returns: match operation.download {
            Some(Download::File) => "Download".to_owned(),
            Some(Download::Folder) => "List<Download>".to_owned(),
            None => operation.answer.clone().unwrap_or_default(),
        },
        place: place(operation),
        listing: operation.paging.as_ref().map(|paging| Listing {
            items: &paging.items.name,
            read: reader(&paging.item),
            item_type: type_name(&paging.item),
        }),
        operation,
    }
}

fn place(operation: &Operation) -> Option<Place<'_>> {
    if let Some(upload) = &operation.upload {
        return Some(Place {
            name: &upload.field.camel,
            type_name: "Upload",
            doc: &upload.field.description,
        });
    }
    let (name, doc) = match operation.download? {
        Download::File => ("path", "where to; a file that is there is replaced, once the new one is complete"),
        Download::Folder => (
            "folder",
            "where to; it is made when it is not there, and the files' names begin with the id of the task, plan or workflow",
        ),
    };
    Some(Place {
        name,
        type_name: "Path",
        doc,
    })
}

/// What a caller gives: not the credentials, which the client has.
pub(super) fn params(operation: &Operation) -> &[Field] {
    if operation.auth == Auth::Credentials {
        &[]
    } else {
        &operation.params
    }
}

pub(super) fn has_params_class(operation: &Operation) -> bool {
    params(operation).iter().any(|field| !field.required)
}
