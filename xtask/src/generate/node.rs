//! The JavaScript and the type declarations of the npm package.

use minijinja::context;
use serde::Serialize;

use super::file::GeneratedFile;
use super::spellings::{Case, Spellings};
use super::templates::Templates;
use crate::ir::{Auth, Contract, Download, Field, Kind, Model, Operation, Role, Type, Union, to_value};
use crate::result::Result;

const FOLDER: &str = "bindings-node/generated";
const FILES: [&str; 6] = [
    "errors.cjs",
    "errors.mjs",
    "error-codes.cjs",
    "errors.d.cts",
    "api.cjs",
    "api.d.cts",
];
/// What the package's hand-written declarations export, and the generated ones beside models.
const OWN_TYPES: &[&str] = &[
    "AiRudderEvent",
    "CallOptions",
    "Client",
    "ClientOptions",
    "Download",
    "DownloadOptions",
    "DownloadProgress",
    "EventHandler",
    "EventHeaders",
    "EventKind",
    "EventOf",
    "EventReason",
    "EventReply",
    "EventRouter",
    "EventStore",
    "EventTypes",
    "Events",
    "FileTarget",
    "FolderTarget",
    "HandleOptions",
    "KnownEventKind",
    "MemoryStore",
    "NamedUpload",
    "Operation",
    "OperationId",
    "OtherTag",
    "Pages",
    "RawAnswer",
    "RawBody",
    "RawRequest",
    "Resources",
    "RouterOptions",
    "SignRequest",
    "Source",
    "SqliteStore",
    "UnknownEvent",
    "UnwrapOptions",
    "Upload",
];

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
    let names = contract
        .models
        .iter()
        .map(|model| &model.name)
        .chain(contract.unions.iter().map(|union| &union.name));
    if let Some(taken) = names.into_iter().find(|name| OWN_TYPES.contains(&name.as_str())) {
        return Err(format!("`{taken}` is the name of a type that the package has of its own").into());
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
    let models = contract.models.iter().filter(|model| !is_secret(model));
    let models: Vec<_> = models.map(|model| declaration(contract, model)).collect();
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

fn declaration<'a>(contract: &Contract, model: &'a Model) -> Declaration<'a> {
    let fields = model
        .fields
        .iter()
        .map(|field| Member {
            field,
            code: member(field, model, fallback_of(contract, model).is_some_and(|union| is_tag(union, field))),
        })
        .collect();
    Declaration { model, fields }
}

/// The union in which a model is what none of the others is.
fn fallback_of<'a>(contract: &'a Contract, model: &Model) -> Option<&'a Union> {
    let is_last = |union: &&Union| union.variants.last().is_some_and(|variant| variant.model == model.name);
    contract.unions.iter().find(is_last)
}

/// Whether a field tells the variants of a union apart.
fn is_tag(union: &Union, field: &Field) -> bool {
    union
        .discriminator
        .as_ref()
        .is_some_and(|discriminator| discriminator.name == field.name)
}

/// `is_open` says that the field names what this version does not know.
fn member(field: &Field, model: &Model, is_open: bool) -> String {
    let Field { camel, .. } = field;
    let mut kind = type_name(&field.kind);
    if let Some(constant) = &field.constant {
        kind = format!("'{constant}'");
    } else if is_open {
        // No mere text, or a comparison with a known name would rule the fallback out for nobody.
        "OtherTag".clone_into(&mut kind);
    } else if !field.known_values.is_empty() {
        let known: Vec<_> = field.known_values.iter().map(|value| format!("'{value}'")).collect();
        // Any text is good; an editor offers the known ones.
        kind = format!("{} | (string & {{}})", known.join(" | "));
    } else if field.format.as_deref() == Some("zoned-time") && model.role == Role::Input {
        kind += " | Date";
    }
    // The client fills it in, unless it tells what the object is.
    let is_given = field.required && (field.constant.is_none() || !model.variant_of.is_empty());
    match model.role {
        _ if is_given => format!("{camel}: {kind};"),
        Role::Input => format!("{camel}?: {kind} | null | undefined;"),
        // Core makes an absent list an empty one. What is sent, too, may go without.
        Role::Answer if field.kind.kind == Kind::List => format!("{camel}: {kind};"),
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
    /// How the package calls it.
    way: &'static str,
    /// The parameter that says where a download goes, or that holds the file.
    target: Option<String>,
    /// Its arguments and what it returns.
    signature: String,
    /// The first argument.
    all_params: String,
}

fn method(operation: &Operation) -> Method<'_> {
    let params = operation.params_model.clone().filter(|_| operation.auth != Auth::Credentials);
    let (way, target, target_type, answer) = match (operation.download, &operation.upload) {
        (Some(Download::File), _) => ("download", Some("path".to_owned()), Some("FileTarget".to_owned()), "Download"),
        (Some(Download::Folder), _) => ("download", Some("folder".to_owned()), Some("FolderTarget".to_owned()), "Download[]"),
        (None, Some(upload)) => {
            let name = upload.field.camel.clone();
            let file = format!("{{ {name}: Upload }}");
            ("upload", Some(name), Some(file), operation.answer.as_deref().unwrap_or("unknown"))
        }
        (None, None) => ("call", None, None, operation.answer.as_deref().unwrap_or("unknown")),
    };
    let is_optional = target.is_none() && operation.params.iter().all(|field| !field.required);
    let options = if target.is_some() { "DownloadOptions" } else { "CallOptions" };
    let types: Vec<_> = params.into_iter().chain(target_type).collect();
    let params = match (types.is_empty(), is_optional) {
        (true, _) => String::new(),
        (false, true) => format!("params?: {} | null", types.join(" & ")),
        (false, false) => format!("params: {}", types.join(" & ")),
    };
    let separator = if params.is_empty() { "" } else { ", " };
    Method {
        operation,
        takes_params: !types.is_empty(),
        way,
        target,
        signature: format!("({params}{separator}options?: {options} | null): Promise<{answer}>"),
        all_params: params,
    }
}
