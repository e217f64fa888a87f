//! The Python package: its families, classes, dictionaries and exceptions, and the texts of its native classes.

mod text;
mod types;

use std::collections::BTreeSet;

use minijinja::context;
use serde::Serialize;

use super::file::GeneratedFile;
use super::spellings::{Case, Spellings};
use super::templates::Templates;
use crate::ir::{Auth, Contract, Download, Errors, Family, Field, Kind, Model, Operation, Role, Union, to_value};
use crate::result::Result;
use text::{docstring, escaped, hanging, imported, union};
use types::{answer_type, dictionaries, input_type, optional, words_of};

const PACKAGE: &str = "bindings-python/python/airudder/generated";
const CRATE: &str = "bindings-python/src/generated";

/// What every method has as an argument beside those of its operation.
const OPTIONS: [&str; 6] = [
    "on_progress",
    "timeout",
    "max_retries",
    "extra_query",
    "extra_body",
    "extra_headers",
];
/// What cannot be the name of an argument.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
    "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try",
    "while", "with", "yield",
];
/// The types of `airudder.types` that are no dictionaries.
const SCALARS: [&str; 5] = ["AccountTime", "Day", "File", "Text", "ZonedTime"];
/// What every class of an answer has beside the fields of its model.
const MEMBERS: [&str; 3] = ["extra", "from_dict", "to_dict"];

pub fn files(contract: &Contract, templates: &Templates) -> Result<Vec<GeneratedFile>> {
    check_names(contract)?;
    let spellings = Spellings::of(contract, Case::Snake);
    let templates = templates.with_filters(|environment| {
        environment.add_filter("spoken", move |text: &str| spellings.speak(text));
        environment.add_filter("escaped", |text: &str| escaped(text));
        environment.add_filter("hanging", |text: &str, indent: &str| hanging(text, indent));
        environment.add_filter("docstring", |text: &str, indent: &str| docstring(text, indent));
        environment.add_filter("imported", |names: Vec<String>, module: &str, indent: &str| {
            imported(indent, module, &names)
        });
        environment.add_filter("union", |types: Vec<String>, name: &str| union(name, &types));
        environment.add_filter("rust_string", |text: &str| format!("{text:?}"));
    });
    let class = |model| class(contract, model);
    let answers: Vec<_> = contract.models.iter().filter(|model| is_class(model.role)).map(&class).collect();
    let inputs: Vec<_> = contract.models.iter().filter(|model| is_dictionary(model)).map(&class).collect();
    let answer_unions: Vec<_> = contract.unions.iter().filter(|union| is_class(union.role)).map(alias).collect();
    let input_unions: Vec<_> = contract
        .unions
        .iter()
        .filter(|union| union.role != Role::Answer)
        .map(alias)
        .collect();
    let event_models: BTreeSet<&str> = contract.events.iter().map(|event| event.model.as_str()).collect();
    let class_names: BTreeSet<&str> = answers.iter().map(|class| class.model.name.as_str()).chain(["Model"]).collect();
    let model_names: BTreeSet<&str> = answer_unions
        .iter()
        .map(|alias| alias.union.name.as_str())
        .chain(class_names.clone())
        .collect();
    let members = || inputs.iter().flat_map(|class| &class.fields).map(|field| &field.member);
    let all = context! {
        class_names => to_value(&class_names),
        model_names => to_value(&model_names),
        stub_types => to_value(stub_types(&answers, &answer_unions)),
        uses_literal => members().any(|member| member.contains("Literal[")),
        uses_models => members().any(|member| member.contains("models.")),
        uses_sequence => members().any(|member| member.contains("Sequence[")),
        answers => to_value(&answers),
        answer_unions => to_value(&answer_unions),
        inputs => to_value(&inputs),
        input_unions => to_value(&input_unions),
        event_models => to_value(&event_models),
        tree => tree(&contract.errors),
        classes => to_value(error_classes(&contract.errors)),
        ..contract.value()
    };
    let render = |folder: &str, name: &str, template: &str, context| -> Result<GeneratedFile> {
        Ok(GeneratedFile {
            path: format!("{folder}/{name}"),
            text: templates.render(&format!("python/{template}.j2"), context)?,
        })
    };
    let mut files = vec![
        render(CRATE, "mod.rs", "mod.rs", all.clone())?,
        render(CRATE, "events.rs", "events.rs", all.clone())?,
        render(CRATE, "models.rs", "models.rs", all.clone())?,
        render(PACKAGE, "__init__.py", "init.py", all.clone())?,
        render(PACKAGE, "errors.py", "errors.py", all.clone())?,
        render(PACKAGE, "events.py", "events.py", all.clone())?,
        render(PACKAGE, "models.py", "models.py", all.clone())?,
        render(PACKAGE, "models.pyi", "models.pyi", all.clone())?,
        render(PACKAGE, "types.py", "types.py", all.clone())?,
    ];
    for flavour in FLAVOURS {
        let Flavour { folder, prefix, .. } = flavour;
        let families = context! { folder => *folder, prefix => *prefix, ..all.clone() };
        files.push(render(PACKAGE, &format!("{folder}/__init__.py"), "resources.py", families)?);
        for family in &contract.families {
            let context = resource(contract, family, flavour);
            files.push(render(PACKAGE, &format!("{folder}/{}.py", family.name), "resource.py", context)?);
        }
    }
    Ok(files)
}

/// The blocking and the asyncio side stand in modules of their own, so that nobody loads both who uses one.
struct Flavour {
    folder: &'static str,
    prefix: &'static str,
    is_async: bool,
}

const FLAVOURS: &[Flavour] = &[
    Flavour {
        folder: "resources",
        prefix: "",
        is_async: false,
    },
    Flavour {
        folder: "async_resources",
        prefix: "Async",
        is_async: true,
    },
];

/// Refuses names that Python, or this package, uses for something else.
fn check_names(contract: &Contract) -> Result<()> {
    for operation in &contract.operations {
        let is_taken = |field: &&Field| KEYWORDS.contains(&field.name.as_str()) || OPTIONS.contains(&field.name.as_str());
        let file = operation.upload.as_ref().map(|upload| &upload.field);
        if let Some(field) = operation.params.iter().chain(file).find(is_taken) {
            return Err(format!(
                "{}: `{}` cannot be an argument; give `{}` another x-airudder-name",
                operation.id, field.name, field.wire
            )
            .into());
        }
    }
    for model in &contract.models {
        let is_taken = |field: &&Field| KEYWORDS.contains(&field.name.as_str()) || MEMBERS.contains(&field.name.as_str());
        if let Some(field) = model.fields.iter().find(is_taken) {
            return Err(format!(
                "{}: `{}` cannot be an attribute; give `{}` another x-airudder-name",
                model.name, field.name, field.wire
            )
            .into());
        }
    }
    Ok(())
}

/// Whether a model is the class of an answer, or of a part of one.
fn is_class(role: Role) -> bool {
    role != Role::Input
}

/// Whether callers give a model as a dictionary. Parameters are keyword arguments.
fn is_dictionary(model: &Model) -> bool {
    model.role != Role::Answer && (model.params_of.is_empty() || model.nested)
}

/// What the stubs of the classes take from `typing`.
fn stub_types(answers: &[Class<'_>], unions: &[Alias<'_>]) -> BTreeSet<&'static str> {
    let returns = |word: &str| {
        answers
            .iter()
            .flat_map(|class| &class.fields)
            .any(|field| words_of(&field.returns).any(|found| found == word))
    };
    let used = [
        ("Any", returns("Any")),
        ("Literal", returns("Literal")),
        ("TypeAlias", !unions.is_empty()),
        ("final", true),
    ];
    used.into_iter().filter_map(|(name, is_used)| is_used.then_some(name)).collect()
}

/// A union as a type alias.
#[derive(Serialize)]
struct Alias<'a> {
    #[serde(flatten)]
    union: &'a Union,
    types: Vec<&'a str>,
}

fn alias(union: &Union) -> Alias<'_> {
    Alias {
        union,
        types: union.variants.iter().map(|variant| variant.model.as_str()).collect(),
    }
}

/// A model as a class, or as a dictionary.
#[derive(Serialize)]
struct Class<'a> {
    #[serde(flatten)]
    model: &'a Model,
    /// In the place of the model's own.
    fields: Vec<Attribute<'a>>,
}

#[derive(Serialize)]
struct Attribute<'a> {
    #[serde(flatten)]
    field: &'a Field,
    /// The type of the attribute of an answer.
    returns: String,
    /// The type of the key of a dictionary.
    member: String,
    /// The type of the argument of a method.
    argument: String,
    /// Which dictionaries an argument takes, for people.
    dictionaries: Option<String>,
}

fn class<'a>(contract: &Contract, model: &'a Model) -> Class<'a> {
    Class {
        model,
        fields: model
            .fields
            .iter()
            .map(|field| fixed(contract, field, !model.variant_of.is_empty()))
            .collect(),
    }
}

/// A field of a model, which may have one value only. Where that value tells the variant of a union, a dictionary has to have it.
fn fixed<'a>(contract: &Contract, field: &'a Field, is_in_variant: bool) -> Attribute<'a> {
    let attribute = attribute(contract, field);
    let Some(value) = &field.constant else { return attribute };
    let literal = format!("Literal[{value:?}]");
    Attribute {
        returns: literal.clone(),
        member: if is_in_variant {
            format!("Required[{literal}]")
        } else {
            literal.clone()
        },
        argument: literal,
        ..attribute
    }
}

fn attribute<'a>(contract: &Contract, field: &'a Field) -> Attribute<'a> {
    let returns = answer_type(&field.kind);
    // A word of a known set is no number that is sent as text.
    let format = if field.known_values.is_empty() {
        field.format.as_deref()
    } else {
        Some("word")
    };
    let argument = input_type(contract, &field.kind, format);
    // Core makes an absent list an empty one.
    let is_always_there = field.required || field.kind.kind == Kind::List;
    Attribute {
        returns: if is_always_there { returns } else { optional(returns) },
        member: if field.required {
            format!("Required[{argument}]")
        } else {
            optional(argument.clone())
        },
        argument: if field.required { argument } else { optional(argument) },
        dictionaries: None,
        field,
    }
}

/// An operation as a method.
#[derive(Serialize)]
struct Method<'a> {
    #[serde(flatten)]
    operation: &'a Operation,
    required: Vec<Attribute<'a>>,
    optional: Vec<Attribute<'a>>,
    /// The argument that says where a download goes.
    target: Option<&'static str>,
    /// The argument that holds the file of an upload.
    file: Option<&'a Field>,
    /// The native method that makes the call.
    request: &'static str,
    returns: String,
    /// What comes back, for people.
    answer_text: String,
}

fn resource(contract: &Contract, family: &Family, flavour: &Flavour) -> minijinja::Value {
    let mut methods: Vec<_> = contract
        .operations_of(&family.name)
        .map(|operation| method(contract, operation))
        .collect();
    let items = methods
        .iter()
        .filter_map(|method| method.operation.paging.as_ref())
        .map(|paging| &paging.item_model);
    let sends_file = methods.iter().any(|method| method.file.is_some());
    let answers: BTreeSet<&String> = methods
        .iter()
        .filter_map(|method| method.operation.answer.as_ref())
        .chain(items)
        .collect();
    let fields = methods
        .iter_mut()
        .flat_map(|method| method.required.iter_mut().chain(&mut method.optional));
    let mut words: BTreeSet<String> = sends_file.then(|| "File".to_owned()).into_iter().collect();
    for field in fields {
        words.extend(words_of(&field.argument).map(str::to_owned));
        // A model that is an answer, too, is a class here: its dictionary goes by another name.
        let is_class = |word: &&str| answers.iter().any(|answer| answer == word);
        let class = words_of(&field.argument).find(is_class).map(str::to_owned);
        if let Some(class) = class {
            let renamed = field.argument.replace(&class, &format!("{class}Dict"));
            field.argument = renamed.replace(&format!("models.{class}Dict"), &format!("models.{class}"));
        }
    }
    let pagings: Vec<_> = methods.iter().filter_map(|method| method.operation.paging.as_ref()).collect();
    let iterator = if flavour.is_async { "AsyncIterator" } else { "Iterator" };
    let abstract_types: BTreeSet<&str> = [
        ("Callable", methods.iter().any(|method| method.operation.download.is_some())),
        ("Mapping", true),
        (iterator, !pagings.is_empty()),
        ("Sequence", words.contains("Sequence")),
    ]
    .into_iter()
    .filter_map(|(name, is_used)| is_used.then_some(name))
    .collect();
    let is_named = |word: &str| contract.model(word).is_some() || contract.union(word).is_some();
    let is_type = |word: &&String| SCALARS.contains(&word.as_str()) || is_named(word);
    let (renamed, types): (Vec<_>, Vec<_>) = words.iter().filter(is_type).partition(|word| answers.contains(word));
    context! {
        family => to_value(family),
        class => format!("{}{}", flavour.prefix, family.pascal),
        is_async => flavour.is_async,
        operations => to_value(&methods),
        answers => to_value(&answers),
        types => to_value(&types),
        renamed => to_value(&renamed),
        abstract => to_value(&abstract_types),
        has_pages => !pagings.is_empty(),
        uses_models => words.contains("models"),
        uses_path => methods.iter().any(|method| method.target.is_some()),
        root => &contract.errors.root,
    }
}

fn method<'a>(contract: &Contract, operation: &'a Operation) -> Method<'a> {
    // The client fills the credentials in.
    let params = operation.params.iter().filter(|_| operation.auth != Auth::Credentials);
    let (required, optional) = params
        .map(|field| Attribute {
            dictionaries: dictionaries(contract, &field.kind),
            ..attribute(contract, field)
        })
        .partition(|field| field.field.required);
    let (target, request, returns, answer_text) = match operation.download {
        None => {
            let request = if operation.upload.is_some() { "upload" } else { "call" };
            let answer = operation.answer.as_deref().unwrap_or("None");
            let text = contract.model(answer).map_or_else(String::new, |model| model.description.clone());
            (None, request, answer.to_owned(), text)
        }
        Some(Download::File) => (
            Some("path"),
            "download_file",
            "Download".to_owned(),
            "The file that was written.".to_owned(),
        ),
        Some(Download::Folder) => (
            Some("folder"),
            "download_folder",
            "tuple[Download, ...]".to_owned(),
            "The files that were written.".to_owned(),
        ),
    };
    Method {
        operation,
        required,
        optional,
        target,
        file: operation.upload.as_ref().map(|upload| &upload.field),
        request,
        returns,
        answer_text,
    }
}

/// The exceptions as a tree of lines.
fn tree(errors: &Errors) -> Vec<String> {
    fn grow(errors: &Errors, class: &str, depth: usize, lines: &mut Vec<String>) {
        lines.push(format!("{}{class}", "    ".repeat(depth)));
        let groups = errors.groups.iter().map(|group| (&group.class, &group.parent));
        let kinds = errors.kinds.iter().map(|kind| (&kind.class, &kind.parent));
        for (child, _) in groups.chain(kinds).filter(|(_, parent)| *parent == class) {
            grow(errors, child, depth + 1, lines);
        }
    }
    let mut lines = Vec::new();
    grow(errors, &errors.root, 0, &mut lines);
    lines
}

/// The names of all exceptions, sorted.
fn error_classes(errors: &Errors) -> BTreeSet<&str> {
    let groups = errors.groups.iter().map(|group| group.class.as_str());
    let kinds = errors.kinds.iter().map(|kind| kind.class.as_str());
    groups.chain(kinds).chain([errors.root.as_str()]).collect()
}
