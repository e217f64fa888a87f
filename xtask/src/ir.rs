//! What the contract says, free of `OpenAPI` and of any language: the only thing that a language's templates see.
//!
//! # Adding a language, or a file to one
//!
//! 1. Write the templates as `xtask/templates/<language>/<name>.j2`. They are [minijinja](https://docs.rs/minijinja) (Jinja2) templates; a name that
//!    does not exist is an error, nothing is escaped, and a line that holds only a `{% … %}` leaves no line behind. The first or second line of
//!    every generated file must hold `{{ generated_by }}` in a comment.
//! 2. Write `xtask/src/generate/<language>.rs` with
//!    `pub fn files(contract: &Contract, templates: &Templates) -> Result<Vec<GeneratedFile>>` and add it to `GENERATORS` in `generate/mod.rs`.
//!    `templates.render("python/models.pyi.j2", context! { … })` gives the text; `contract.value()` and [`to_value`] turn parts of this module into
//!    template values. Every path is relative to the root of the workspace and has a folder called `generated` in it.
//! 3. What the templates need beyond the fields below (a type's name in the language, say) is best a filter: take the environment with
//!    `Templates::with_filters`, see `generate/rust.rs`. Filters that every language has: `snake`, `camel`, `pascal`, `screaming`, `comment(prefix)`
//!    (prefixes every line of a text and wraps it at 120 columns), `json_string`, `escape_cells` (for Markdown tables).
//! 4. `cargo xtask generate` writes, removes what is no longer generated, and runs the formatter of the file's type (`generate/format.rs`).
//!    Templates should come out formatted by themselves where a formatter is not part of the Rust toolchain.
//!
//! # How to read it
//!
//! - A struct's field names are the names in the templates: `operation.summary`, `field.required`. `None` is `none`, so `{% if field.format %}` works.
//! - Lists keep the contract's order, except that required fields come before optional ones.
//! - Texts (`description`, `summary`) are Markdown in plain English. Names in backticks are wire names, operation ids or error kinds.
//! - Parameters that never change ([`Operation::constants`]) are no [`Field`]s: the runtime in core adds them.

use minijinja::value::{Serde, Value};
use serde::Serialize;

/// Everything that the contract describes.
#[derive(Clone, Debug, Serialize)]
pub struct Contract {
    pub families: Vec<Family>,
    pub operations: Vec<Operation>,
    /// Every named structure, the parameters of operations among them.
    pub models: Vec<Model>,
    pub events: Vec<Event>,
    pub errors: Errors,
}

impl Contract {
    /// The whole contract as a template value.
    pub fn value(&self) -> Value {
        to_value(self)
    }

    /// The operations of one family.
    pub fn operations_of<'a>(&'a self, family: &'a str) -> impl Iterator<Item = &'a Operation> {
        self.operations.iter().filter(move |operation| operation.family == family)
    }

    /// The model of this name. The contract was checked: every name that it mentions exists.
    pub fn model(&self, name: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.name == name)
    }
}

/// Any part of the contract as a template value.
pub fn to_value(part: impl Serialize) -> Value {
    Value::from(Serde(part))
}

/// A group of operations: one contract file, one resource of the client (`client.tasks`).
#[derive(Clone, Debug, Serialize)]
pub struct Family {
    /// `tasks`, `flex_route`.
    pub name: String,
    /// `flexRoute`.
    pub camel: String,
    /// `FlexRoute`.
    pub pascal: String,
    /// One sentence.
    pub description: String,
}

/// One call of the API.
#[derive(Clone, Debug, Serialize)]
pub struct Operation {
    /// `tasks.cancel_call`.
    pub id: String,
    /// `tasks`.
    pub family: String,
    /// `cancel_call`.
    pub name: String,
    /// `cancelCall`.
    pub camel: String,
    /// `CancelCall`.
    pub pascal: String,
    /// A few words, no full stop.
    pub summary: String,
    pub description: String,
    /// `GET` or `POST`.
    pub method: String,
    pub path: String,
    /// How sure method and path are.
    pub source: Source,
    /// The title of AI Rudder's page, for messages: the first English one, else the first.
    pub page: String,
    /// All titles of AI Rudder's pages on this operation.
    pub pages: Vec<String>,
    pub retry: Retry,
    pub auth: Auth,
    /// Set when the answer is one page of many.
    pub paging: Option<Paging>,
    /// Set when the answer is a file, or several: the method then takes a `path` or a `folder`, and `answer` is `none`.
    pub download: Option<Download>,
    /// Where the parameters travel.
    pub location: Location,
    /// The parameters that a caller gives.
    pub params: Vec<Field>,
    /// The parameters that are always the same.
    pub constants: Vec<Constant>,
    /// The model that holds `params`; `none` when there are none.
    pub params_model: Option<String>,
    /// The model of the answer's `data`.
    pub answer: Option<String>,
}

/// A structure with named fields.
#[derive(Clone, Debug, Serialize)]
pub struct Model {
    /// `CreateTask`.
    pub name: String,
    pub description: String,
    /// Which way it travels.
    pub role: Role,
    /// How sure the structure is; its fields may say otherwise.
    pub source: Source,
    pub fields: Vec<Field>,
    /// The family whose contract file describes it.
    pub family: String,
    /// The operations whose parameters these are. A language that has keyword arguments needs no type for a model that is only this.
    pub params_of: Vec<String>,
    /// Whether it stands in a field of another model.
    pub nested: bool,
}

/// A named value of a model, or a parameter.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// `task_name`.
    pub name: String,
    /// `taskName`.
    pub camel: String,
    /// `TaskName`.
    pub pascal: String,
    /// The name on the wire, exactly.
    pub wire: String,
    pub description: String,
    #[serde(rename = "type")]
    pub kind: Type,
    /// `e164`, `date` or `account-time`: what a text looks like. Checked before a request is sent.
    pub format: Option<String>,
    pub required: bool,
    /// Whether it may show up in logs and `repr`: a secret, or people's data.
    pub sensitive: bool,
    pub source: Source,
    /// The values that are known of an open set of texts: any other text is good, too.
    pub known_values: Vec<String>,
    /// What AI Rudder takes when it is absent.
    pub default: Option<serde_json::Value>,
    pub minimum: Option<serde_json::Number>,
}

/// `{kind: "list", model: none, item: {kind: "model", model: "Call", item: none}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Type {
    pub kind: Kind,
    /// The model's name when `kind` is `model`.
    pub model: Option<String>,
    /// What a list or a map holds. A map's keys are texts.
    pub item: Option<Box<Type>>,
}

impl Type {
    /// A type that holds nothing else.
    pub fn plain(kind: Kind) -> Self {
        Self {
            kind,
            model: None,
            item: None,
        }
    }

    /// A model by its name.
    pub fn model(name: &str) -> Self {
        Self {
            kind: Kind::Model,
            model: Some(name.to_owned()),
            item: None,
        }
    }

    /// A list or a map of something.
    pub fn of(kind: Kind, item: Self) -> Self {
        Self {
            kind,
            model: None,
            item: Some(Box::new(item)),
        }
    }

    /// The model at the bottom of lists and maps.
    pub fn innermost_model(&self) -> Option<&str> {
        match &self.item {
            Some(item) => item.innermost_model(),
            None => self.model.as_deref(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Also ids, whatever AI Rudder makes of them, and decimal numbers that must not be rounded.
    Text,
    /// 64 bits, signed.
    Integer,
    Number,
    Boolean,
    /// Anything that JSON can say.
    Json,
    Model,
    List,
    Map,
}

/// How sure a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Read on AI Rudder's own page.
    Documented,
    /// Seen in public client code that others wrote.
    Reported,
    /// Neither.
    Assumed,
}

/// What happens when a request is sent twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Retry {
    /// Nothing: it only reads.
    Read,
    /// Nothing more than when it is sent once.
    Repeatable,
    /// Harm: phones ring twice.
    Once,
}

/// How a request proves who sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    Token,
    /// The app key and secret in the body: the client fills them in, a caller gives no parameters.
    Credentials,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Location {
    None,
    Query,
    Body,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Download {
    /// One file: the caller names its path.
    File,
    /// Several: the caller names a folder.
    Folder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Only sent.
    Input,
    /// Only received.
    Answer,
    Both,
}

/// Which fields carry the pages of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Paging {
    /// The parameter that counts pages, from 1.
    pub page: Field,
    /// The parameter that says how much a page holds.
    pub size: Field,
    /// The field of the answer that holds the page's items.
    pub items: Field,
    /// The field of the answer that counts the items of all pages.
    pub total: Option<Field>,
    /// The model of one item.
    pub item_model: String,
}

/// A parameter that is always the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Constant {
    pub wire: String,
    pub value: String,
}

/// Something that AI Rudder posts to the customer.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// `call.finished`.
    pub kind: String,
    /// `call_finished`.
    pub snake: String,
    /// `CallFinished`.
    pub pascal: String,
    pub family: String,
    /// The model of its body.
    pub model: String,
    pub summary: String,
    pub description: String,
    pub source: Source,
    pub page: String,
    pub pages: Vec<String>,
    pub detect: Detect,
}

/// How an event is known by its body: all of `present` are there and none of `absent`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Detect {
    pub present: Vec<String>,
    pub absent: Vec<String>,
}

/// Every way in which a call can fail.
#[derive(Clone, Debug, Serialize)]
pub struct Errors {
    /// The class that all others derive from.
    pub root: String,
    /// Abstract classes between the root and the kinds.
    pub groups: Vec<ErrorGroup>,
    pub kinds: Vec<ErrorKind>,
}

#[derive(Clone, Debug, Serialize)]
pub struct ErrorGroup {
    pub class: String,
    pub parent: String,
    pub text: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct ErrorKind {
    /// The stable text code: `rate_limited`.
    pub kind: String,
    /// `RateLimited`.
    pub pascal: String,
    /// `RateLimitedError`.
    pub class: String,
    pub parent: String,
    pub retryable: bool,
    /// What it means.
    pub text: String,
    /// What to do next.
    pub advice: String,
}
