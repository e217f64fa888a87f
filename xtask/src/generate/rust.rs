//! The generated part of core.

mod field;
mod union;

use std::cmp::Reverse;

use minijinja::context;
use serde::Serialize;

use super::file::GeneratedFile;
use super::templates::Templates;
use crate::ir::{Auth, Contract, Download, Family, Field, Model, Operation, to_value};
use crate::result::Result;
use field::{Homes, RustField, rust_field};
use union::rust_union;

const FOLDER: &str = "core/src/generated";
/// The calls of the suite that plays the shared cases by types.
const TYPED_CALLS: &str = "tests/tests/generated/mod.rs";
/// As many parameters stand in the method itself, when all of them have to be given.
const MOST_POSITIONAL: usize = 3;

pub fn files(contract: &Contract, templates: &Templates) -> Result<Vec<GeneratedFile>> {
    let homes = Homes(
        contract
            .models
            .iter()
            .map(|model| (model.name.clone(), model.family.clone()))
            .chain(contract.unions.iter().map(|union| (union.name.clone(), union.family.clone())))
            .collect(),
    );
    let templates = with_rust_filters(templates, &homes);
    let all_models: Vec<_> = contract.models.iter().map(|model| rust_model(model, &homes)).collect();
    let all_unions: Vec<_> = contract.unions.iter().map(|union| rust_union(union, contract, &homes)).collect();
    let models = contract.models.iter().map(|model| model.family.as_str());
    let mut families_of_models: Vec<&str> = models.chain(contract.unions.iter().map(|union| union.family.as_str())).collect();
    families_of_models.sort_unstable();
    families_of_models.dedup();
    let resources: Vec<&str> = contract.families.iter().map(|family| family.name.as_str()).collect();
    let mut detectable: Vec<_> = contract.events.iter().filter(|event| !event.detect.present.is_empty()).collect();
    detectable.sort_by_key(|event| Reverse(event.detect.present.len() + event.detect.absent.len()));

    let mut files = Vec::new();
    let mut file = |name: &str, text: String| {
        files.push(GeneratedFile {
            path: format!("{FOLDER}/{name}"),
            text,
        });
    };
    file("mod.rs", templates.render("rust/mod.rs.j2", context! {})?);
    file("error_kind.rs", templates.render("rust/error_kind.rs.j2", contract.value())?);
    file("operations.rs", templates.render("rust/operations.rs.j2", contract.value())?);
    file(
        "shapes.rs",
        templates.render(
            "rust/shapes.rs.j2",
            context! { models => to_value(&all_models), unions => to_value(&all_unions) },
        )?,
    );
    let events = context! { detectable => to_value(&detectable), ..contract.value() };
    file("events.rs", templates.render("rust/events.rs.j2", events)?);
    file(
        "models/mod.rs",
        templates.render("rust/families.rs.j2", context! { families => to_value(&families_of_models) })?,
    );
    for family in families_of_models {
        let models: Vec<_> = all_models.iter().filter(|model| model.model.family == family).collect();
        let unions: Vec<_> = all_unions.iter().filter(|union| union.union.family == family).collect();
        file(
            &format!("models/{family}.rs"),
            templates.render(
                "rust/models.rs.j2",
                context! { models => to_value(&models), unions => to_value(&unions) },
            )?,
        );
    }
    file(
        "resources/mod.rs",
        templates.render("rust/families.rs.j2", context! { families => to_value(&resources) })?,
    );
    for family in &contract.families {
        file(
            &format!("resources/{}.rs", family.name),
            resource(contract, family, &homes, &templates)?,
        );
    }
    let methods: Vec<Method> = contract.operations.iter().map(|operation| method(operation, &homes)).collect();
    files.push(GeneratedFile {
        path: TYPED_CALLS.to_owned(),
        text: templates.render("rust/typed_calls.rs.j2", context! { methods => to_value(&methods) })?,
    });
    Ok(files)
}

fn with_rust_filters(templates: &Templates, homes: &Homes) -> Templates {
    let homes = homes.clone();
    templates.with_filters(|environment| {
        environment.add_filter("rust_string", |text: &str| format!("{text:?}"));
        environment.add_filter("model_path", move |name: &str, home: &str, prefix: &str| {
            homes.path(name, home, prefix)
        });
    })
}

#[derive(Serialize)]
struct RustModel<'a> {
    #[serde(flatten)]
    model: &'a Model,
    /// In the place of the model's own.
    fields: Vec<RustField<'a>>,
}

fn rust_model<'a>(model: &'a Model, homes: &Homes) -> RustModel<'a> {
    RustModel {
        model,
        fields: model.fields.iter().map(|field| rust_field(field, model, homes)).collect(),
    }
}

/// A method of a resource, beside what its documentation says.
#[derive(Serialize)]
struct Method<'a> {
    operation: &'a Operation,
    /// The parameters that are arguments of the method, to be documented with it.
    positional: &'a [Field],
    arguments: Vec<String>,
    returns: String,
    request: &'static str,
    /// The expression that makes the parameters.
    params: Option<String>,
    /// The expression that says where a download goes, or what an upload sends, after a comma.
    target: String,
    /// Set when the answer is one page of many: what gives all items.
    all: Option<All<'a>>,
}

/// The method that goes through all pages of a list.
#[derive(Serialize)]
struct All<'a> {
    /// `list_all`.
    name: String,
    returns: String,
    /// The field of the answer that holds a page's items.
    items: &'a str,
}

fn resource(contract: &Contract, family: &Family, homes: &Homes, templates: &Templates) -> Result<String> {
    let methods: Vec<Method> = contract
        .operations_of(&family.name)
        .map(|operation| method(operation, homes))
        .collect();
    let mut imports: Vec<_> = methods.iter().map(|method| method.request).collect();
    imports.extend(methods.iter().filter(|method| method.all.is_some()).map(|_| "Pages"));
    imports.extend(
        methods
            .iter()
            .filter(|method| method.operation.upload.is_some())
            .map(|_| "FileSource"),
    );
    imports.sort_unstable();
    imports.dedup();
    let uses_models = methods
        .iter()
        .any(|method| method.params.is_some() || method.returns.contains("models::"));
    let imports = match imports[..] {
        [import] => import.to_owned(),
        _ => format!("{{{}}}", imports.join(", ")),
    };
    templates.render(
        "rust/resource.rs.j2",
        context! { family => to_value(family), methods => to_value(&methods), imports => imports, uses_models => uses_models },
    )
}

fn method<'a>(operation: &'a Operation, homes: &Homes) -> Method<'a> {
    // The client fills the credentials in.
    let params_model = operation.params_model.as_deref().filter(|_| operation.auth != Auth::Credentials);
    let is_positional = operation.params.len() <= MOST_POSITIONAL && operation.params.iter().all(|field| field.required);
    let mut arguments = Vec::new();
    let file = operation.upload.as_ref().map(|upload| upload.field.name.as_str());
    arguments.extend(file.map(|name| format!("{name}: impl Into<FileSource>")));
    let params = params_model.map(|model| {
        let path = homes.path(model, "", "models");
        if !is_positional {
            arguments.push(format!("params: {path}"));
            return "params".to_owned();
        }
        arguments.extend(
            operation
                .params
                .iter()
                .map(|field| format!("{}: {}", field.name, homes.argument(field, "", "models").0)),
        );
        let names: Vec<&str> = operation.params.iter().map(|field| field.name.as_str()).collect();
        format!("{path}::new({})", names.join(", "))
    });
    let (request, target) = match (operation.download, file) {
        (None, None) => ("Request", String::new()),
        (None, Some(name)) => ("UploadRequest", format!(", {name}.into()")),
        (Some(Download::File), _) => ("FileRequest", ", path.into()".to_owned()),
        (Some(Download::Folder), _) => ("FolderRequest", ", folder.into()".to_owned()),
    };
    let answer = operation.answer.as_ref().map(|answer| homes.path(answer, "", "models"));
    match operation.download {
        None => {}
        Some(Download::File) => arguments.push("path: impl Into<PathBuf>".to_owned()),
        Some(Download::Folder) => arguments.push("folder: impl Into<PathBuf>".to_owned()),
    }
    Method {
        operation,
        positional: if is_positional && params.is_some() {
            &operation.params
        } else {
            &[]
        },
        arguments,
        all: operation.paging.as_ref().zip(answer.as_ref()).map(|(paging, answer)| All {
            name: format!("{}_all", operation.name),
            returns: format!("Pages<{answer}, {}>", homes.type_name(&paging.item, "", "models")),
            items: &paging.items.name,
        }),
        returns: answer.map_or_else(|| request.to_owned(), |answer| format!("{request}<{answer}>")),
        request,
        params,
        target,
    }
}
