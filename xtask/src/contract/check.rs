//! What holds for the contract as a whole: known extensions, and names that every language can take.

use std::collections::BTreeSet;

use serde_json::Value;

use super::document::Documents;
use super::problem::Problem;
use super::schema::is_file;
use crate::case;
use crate::ir::{Contract, Field};

const EXTENSIONS: [&str; 13] = [
    "aliases",
    "auth",
    "detect",
    "download",
    "identity",
    "name",
    "paging",
    "retry",
    "sensitive",
    "signed",
    "source",
    "timestamp",
    "wrapper",
];

/// A reader keeps a bit for each field of an object.
const MOST_FIELDS: usize = 128;

/// Names that are a keyword in one of the languages (Rust, Python, JavaScript, Kotlin) where a field or method stands.
const KEYWORDS: &str = "
    abstract and as assert async await become box break case catch class const continue crate debugger def default del
    delete do dyn elif else enum except export extends extern false final finally fn for from fun function gen global if
    impl import in instanceof interface is lambda let loop macro match mod move mut new none nonlocal not null object or
    override package pass priv pub raise ref return self static struct super switch this throw trait true try type typealias
    typeof union unsafe unsized use val var virtual void when where while with yield
";

/// Names that every model has for something of its own.
const TAKEN_IN_MODELS: &[&str] = &["extra", "extra_field", "to_dict", "to_json"];

/// Names that every call has for something of its own.
const TAKEN_IN_CALLS: &[&str] = &[
    "extra",
    "extra_body",
    "extra_field",
    "extra_headers",
    "extra_query",
    "folder",
    "max_retries",
    "on_progress",
    "options",
    "parameters",
    "path",
    "signal",
    "timeout",
];

/// Types that the hand-written part of some language has: a model of that name would be hidden behind them.
const TAKEN_BY_TYPES: &str = "
    AiRudder Answer AnyModel AsyncClient Auth AuthScheme CallOptions Case Client Delivery Download DownloadProgress Downloads Encryption Error ErrorKind Event EventData EventKind EventRouter Events
    Extra Field FileRequest FileSource FolderRequest Input Iv Location MemoryStore Method Model Native Operation Page PageStep Pager Pages Paging ProgressListener RawAnswer RawCall
    RawRequest Receiver Reply Request Resources Retry Sealed Settings SignError Signer Source SqliteStore Store Taken UnknownEvent Unsigned Upload UploadRequest
";

/// Extensions that the generator does not know: it would ignore them in silence.
pub fn extensions(documents: &Documents) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, value) in documents.all() {
        unknown_extensions(file, value, &mut problems);
    }
    problems
}

fn unknown_extensions(place: &str, value: &Value, problems: &mut Vec<Problem>) {
    match value {
        Value::Object(mapping) => {
            for (key, value) in mapping {
                let extension = key.strip_prefix("x-airudder-");
                if extension.is_some_and(|extension| !EXTENSIONS.contains(&extension)) {
                    problems.push(Problem::new(
                        place,
                        format_args!("`{key}` is no extension that the generator knows ({})", EXTENSIONS.join(", ")),
                    ));
                }
                unknown_extensions(&format!("{place} › {key}"), value, problems);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| unknown_extensions(place, value, problems)),
        _ => {}
    }
}

/// Names that stand twice, or that a language cannot take.
pub fn names(contract: &Contract) -> Vec<Problem> {
    let mut problems = Vec::new();
    unique(
        "contract",
        "operation",
        contract.operations.iter().map(|operation| operation.id.as_str()),
        &mut problems,
    );
    unique(
        "contract",
        "event",
        contract.events.iter().map(|event| event.kind.as_str()),
        &mut problems,
    );
    // In the spelling of Rust's statics, in which two names may be one.
    let models = contract.models.iter().map(|model| (&model.family, &model.name));
    let types: Vec<_> = models
        .chain(contract.unions.iter().map(|union| (&union.family, &union.name)))
        .collect();
    let statics: Vec<String> = types.iter().map(|(_, name)| case::screaming(name)).collect();
    unique("contract", "model", statics.iter().map(String::as_str), &mut problems);
    for operation in &contract.operations {
        let place = format!("{}.yaml: {}", operation.family, operation.id);
        usable(&place, &operation.name, &[], &mut problems);
        let file = operation.upload.as_ref().map(|upload| &upload.field);
        fields(&place, operation.params.iter().chain(file), TAKEN_IN_CALLS, &mut problems);
        for constant in &operation.constants {
            if operation.params.iter().any(|field| field.wire == constant.wire) {
                let text = format_args!("the constant {} is a parameter, too", constant.wire);
                problems.push(Problem::new(&place, text));
            }
        }
    }
    let others = other_types(contract);
    for (family, name) in types {
        if others.contains(name.as_str()) || *name != case::pascal(name) {
            problems.push(Problem::new(
                format_args!("{family}.yaml: {name}"),
                "is the name of another type, or not in PascalCase: call the schema something else",
            ));
        }
    }
    for union in &contract.unions {
        spellings(&format!("{}.yaml: {}", union.family, union.name), &union.fields, &mut problems);
    }
    for model in &contract.models {
        let place = format!("{}.yaml: {}", model.family, model.name);
        fields(&place, model.fields.iter(), TAKEN_IN_MODELS, &mut problems);
        spellings(&place, &model.fields, &mut problems);
        if model.fields.iter().any(is_file) {
            problems.push(Problem::new(
                &place,
                "`format: binary` is for the file of a `multipart/form-data` body only",
            ));
        }
        if let (Some(union), Some(operation)) = (model.variant_of.first(), model.params_of.first()) {
            let text = format_args!("is a variant of {union} and the body of {operation}; its constants cannot be both");
            problems.push(Problem::new(&place, text));
        }
    }
    problems
}

/// Names on the wire that a reader could not tell apart: it reads them regardless of case and `_`.
fn spellings(place: &str, fields: &[Field], problems: &mut Vec<Problem>) {
    let letters = |name: &str| name.replace('_', "").to_ascii_lowercase();
    let names = |field: &Field| {
        field
            .aliases
            .iter()
            .map(|alias| letters(&alias.name))
            .chain([letters(&field.wire)])
            .collect::<BTreeSet<_>>()
    };
    let names: Vec<_> = fields.iter().flat_map(names).collect();
    unique(
        place,
        "wire name, regardless of case and `_`,",
        names.iter().map(String::as_str),
        problems,
    );
    if fields.len() > MOST_FIELDS {
        problems.push(Problem::new(place, format_args!("has more than {MOST_FIELDS} fields")));
    }
}

/// The types beside the models.
fn other_types(contract: &Contract) -> BTreeSet<&str> {
    let errors = &contract.errors;
    let groups = errors.groups.iter().map(|group| group.class.as_str());
    let kinds = errors.kinds.iter().map(|kind| kind.class.as_str());
    let families = contract.families.iter().map(|family| family.pascal.as_str());
    groups
        .chain(kinds)
        .chain(families)
        .chain([errors.root.as_str()])
        .chain(TAKEN_BY_TYPES.split_whitespace())
        .collect()
}

fn fields<'a>(place: &str, fields: impl Iterator<Item = &'a Field> + Clone, taken: &[&str], problems: &mut Vec<Problem>) {
    unique(place, "field", fields.clone().map(|field| field.name.as_str()), problems);
    unique(place, "wire name", fields.clone().map(|field| field.wire.as_str()), problems);
    for field in fields {
        usable(&format!("{place} › {}", field.wire), &field.name, taken, problems);
    }
}

fn usable(place: &str, name: &str, taken: &[&str], problems: &mut Vec<Problem>) {
    let starts_well = name.starts_with(|letter: char| letter.is_ascii_lowercase());
    let continues_well = name
        .chars()
        .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    if !starts_well || !continues_well {
        problems.push(Problem::new(
            place,
            format_args!("`{name}` is no name in every language: set `x-airudder-name`"),
        ));
    } else if KEYWORDS.split_whitespace().any(|keyword| keyword == name) {
        problems.push(Problem::new(
            place,
            format_args!("`{name}` is a keyword in one of the languages: set `x-airudder-name`"),
        ));
    } else if taken.contains(&name) {
        problems.push(Problem::new(
            place,
            format_args!("`{name}` is what every call or model calls something of its own: set `x-airudder-name`"),
        ));
    }
}

fn unique<'a>(place: &str, what: &str, names: impl Iterator<Item = &'a str>, problems: &mut Vec<Problem>) {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            problems.push(Problem::new(place, format_args!("the {what} {name} stands there twice")));
        }
    }
}
