//! The JavaScript and the type declarations of the npm package.

use minijinja::context;
use serde::Serialize;

use super::spellings::{Case, Spellings};
use super::{GeneratedFile, Templates};
use crate::Result;
use crate::ir::{Auth, Contract, Download, Field, Kind, Model, Operation, Role, Type, to_value};

const FOLDER: &str = "bindings-node/generated";
const FILES: [&str; 5] = ["errors.cjs", "error-codes.cjs", "errors.d.cts", "api.cjs", "api.d.cts"];

pub fn files(contract: &Contract, templates: &Templates) -> Result<Vec<GeneratedFile>> {
    let families: Vec<_> = contract.families.iter().map(|family| &family.pascal).collect();
    // Two interfaces of one name would become one, silently.
    if let Some(twice) = contract.models.iter().find(|model| families.contains(&&model.name)) {
        return Err(format!(
            "`{}` is the name of a family and of a model; the package cannot declare both",
            twice.name
        )
        .into());
    }
    let spellings = Spellings::of(contract, Case::Camel);
    let templates = templates.with_filters(|environment| {
        environment.add_filter("spoken", move |text: &str| spellings.speak(text));
    });
    // The client fills the credentials in.
    let secret: Vec<_> = contract
        .operations
        .iter()
        .filter(|operation| operation.auth == Auth::Credentials)
        .collect();
    let is_secret =
        |model: &Model| !model.params_of.is_empty() && model.params_of.iter().all(|id| secret.iter().any(|operation| operation.id == *id));
    let models: Vec<_> = contract.models.iter().filter(|model| !is_secret(model)).map(declaration).collect();
    let methods: Vec<_> = contract.operations.iter().map(method).collect();
    let context = context! { models => to_value(&models), methods => to_value(&methods), ..contract.value() };
    let file = |name: &&str| {
        let text = templates.render(&format!("node/{name}.j2"), context.clone())?;
        Ok(GeneratedFile {
            path: format!("{FOLDER}/{name}"),
            text,
        })
    };
    FILES.iter().map(file).collect()
}

/// The interface of a model.
#[derive(Serialize)]
struct Declaration<'a> {
    #[serde(flatten)]
    model: &'a Model,
    /// Name and type of each field, in the place of the model's own.
    fields: Vec<Member<'a>>,
}

#[derive(Serialize)]
struct Member<'a> {
    #[serde(flatten)]
    field: &'a Field,
    code: String,
}

fn declaration(model: &Model) -> Declaration<'_> {
    let fields = model
        .fields
        .iter()
        .map(|field| Member {
            field,
            code: member(field, model.role),
        })
        .collect();
    Declaration { model, fields }
}

fn member(field: &Field, role: Role) -> String {
    let Field { camel, .. } = field;
    let mut kind = type_name(&field.kind);
    if !field.known_values.is_empty() {
        let known: Vec<_> = field.known_values.iter().map(|value| format!("'{value}'")).collect();
        // Any text is good; an editor offers the known ones.
        kind = format!("{} | (string & {{}})", known.join(" | "));
    }
    match role {
        _ if field.required => format!("{camel}: {kind};"),
        Role::Input => format!("{camel}?: {kind} | null | undefined;"),
        // Core makes an absent list an empty one.
        Role::Answer | Role::Both if field.kind.kind == Kind::List => format!("{camel}: {kind};"),
        Role::Answer | Role::Both => format!("{camel}?: {kind};"),
    }
}

fn type_name(kind: &Type) -> String {
    let item = || kind.item.as_deref().map_or_else(|| "unknown".to_owned(), type_name);
    match kind.kind {
        Kind::Text => "string".to_owned(),
        Kind::Integer | Kind::Number => "number".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Json => "unknown".to_owned(),
        Kind::Model | Kind::Union => kind.model.clone().unwrap_or_default(),
        Kind::List => format!("{}[]", item()),
        Kind::Map => format!("Record<string, {}>", item()),
    }
}

/// The method of an operation.
#[derive(Serialize)]
struct Method<'a> {
    #[serde(flatten)]
    operation: &'a Operation,
    takes_params: bool,
    /// The parameter that says where a download goes.
    target: Option<&'static str>,
    /// Its arguments and what it returns.
    signature: String,
}

fn method(operation: &Operation) -> Method<'_> {
    let params = operation.params_model.clone().filter(|_| operation.auth != Auth::Credentials);
    let (target, target_type) = match operation.download {
        None => (None, None),
        Some(Download::File) => (Some("path"), Some("FileTarget".to_owned())),
        Some(Download::Folder) => (Some("folder"), Some("FolderTarget".to_owned())),
    };
    let all_optional = target.is_none() && operation.params.iter().all(|field| !field.required);
    let params: Vec<_> = params.into_iter().chain(target_type).collect();
    let answer = match operation.download {
        None => operation.answer.as_deref().unwrap_or("unknown"),
        Some(Download::File) => "Download",
        Some(Download::Folder) => "Download[]",
    };
    let first = match (params.is_empty(), all_optional) {
        (true, _) => String::new(),
        (false, true) => format!("params?: {} | null, ", params.join(" & ")),
        (false, false) => format!("params: {}, ", params.join(" & ")),
    };
    Method {
        operation,
        takes_params: !params.is_empty(),
        target,
        signature: format!("({first}options?: CallOptions | null): Promise<{answer}>"),
    }
}
