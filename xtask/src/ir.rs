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
//! - Parameters that never change ([`Operation::constants`]) are no [`Field`]s: the runtime in core adds them. Elsewhere a fixed value is a field with
//!   [`Field::constant`]: a caller need not give it, and it is always written.
//! - A [`Type`] of kind `union` names one of [`Contract::unions`]. Core gives a language the variant as it gives any model: with the variant's own
//!   shape, by whose name a language picks its class. An object that a caller gives may be any variant; core reads it by the union's fields.
//! - A field with [`Field::recursive`] holds, through no list or map, the model that it stands in: Rust needs a `Box` there, other languages nothing.

use minijinja::value::{Serde, Value};
use serde::Serialize;

/// Everything that the contract describes.
#[derive(Clone, Debug, Serialize)]
pub struct Contract {
    /// The families that have operations: each is a resource of the client.
    pub families: Vec<Family>,
    /// The families that only have events, and so no resource.
    pub event_families: Vec<Family>,
    pub operations: Vec<Operation>,
    /// Every named structure, the parameters of operations among them.
    pub models: Vec<Model>,
    /// Every type that is one of several models.
    pub unions: Vec<Union>,
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

    /// The model of this name. The contract was checked: every name that it mentions is one of a model or of a union.
    pub fn model(&self, name: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.name == name)
    }

    /// The union of this name.
    pub fn union(&self, name: &str) -> Option<&Union> {
        self.unions.iter().find(|union| union.name == name)
    }

    /// The models that a type's name stands for: the model itself, or the variants of the union.
    pub fn models_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Model> {
        let variants = self.union(name).into_iter().flat_map(|union| &union.variants);
        variants
            .map(|variant| variant.model.as_str())
            .chain([name])
            .filter_map(|name| self.model(name))
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
    /// Without what stands after `#` in the contract, where two operations share a path.
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
    /// Set when a file is sent along: the method then takes it as an argument of its own, beside `params`.
    pub upload: Option<Upload>,
    /// Where the parameters travel.
    pub location: Location,
    /// The parameters that a caller gives, without the file of an `upload`.
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
    /// Whether it stands in a field of another model, by itself or as the variant of a union.
    pub nested: bool,
    /// The unions of which it is a variant.
    pub variant_of: Vec<String>,
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
    /// Other names on the wire.
    pub aliases: Vec<Alias>,
    pub description: String,
    #[serde(rename = "type")]
    pub kind: Type,
    /// `e164`, `date`, `account-time` or `zoned-time`: what a text looks like. Checked before a request is sent.
    pub format: Option<String>,
    /// The one value that it always has.
    pub constant: Option<String>,
    /// Whether it holds the model that it stands in, through no list or map.
    pub recursive: bool,
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

/// Another name of a field on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alias {
    pub name: String,
    pub source: Source,
}

/// `{kind: "list", model: none, item: {kind: "model", model: "Call", item: none}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Type {
    pub kind: Kind,
    /// The name of the model or union when `kind` is `model` or `union`.
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

    /// A union by its name.
    pub fn union(name: &str) -> Self {
        Self {
            kind: Kind::Union,
            ..Self::model(name)
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

    /// The model's name when it is a model itself.
    pub fn as_model(&self) -> Option<&str> {
        self.model.as_deref().filter(|_| self.kind == Kind::Model)
    }

    /// The name of the model or union at the bottom of lists and maps.
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
    /// One of several models.
    Union,
    List,
    Map,
}

/// A type that is one of several models, open to ones that nobody has seen yet.
///
/// The variant is detected by the discriminator if there is one, else by any field that only one variant has.
#[derive(Clone, Debug, Serialize)]
pub struct Union {
    /// `MessageContent`.
    pub name: String,
    /// `message_content`.
    pub snake: String,
    /// `messageContent`.
    pub camel: String,
    pub description: String,
    /// Which way it travels.
    pub role: Role,
    pub source: Source,
    /// The family whose contract file describes it.
    pub family: String,
    /// The field that names the variant.
    pub discriminator: Option<Discriminator>,
    /// In the contract's order; the last one is the fallback that takes what none of the others is.
    pub variants: Vec<Variant>,
    /// The fields that every variant has, the discriminator among them. One is required when it is in every variant, sensitive when it is in any.
    pub common: Vec<Field>,
    /// The fields of all variants, each once: what an object may have that a caller gives by name.
    pub fields: Vec<Field>,
}

/// The field by which the variant of a union is known.
#[derive(Clone, Debug, Serialize)]
pub struct Discriminator {
    /// `content_type`.
    pub name: String,
    /// `contentType`.
    pub camel: String,
    /// `type`.
    pub wire: String,
}

/// One of the models that a union can be.
#[derive(Clone, Debug, Serialize)]
pub struct Variant {
    /// `TextContent`.
    pub model: String,
    /// `Text`: the model's name without what the names of all variants end with.
    pub name: String,
    /// `text`.
    pub snake: String,
    /// The discriminator's value; `none` for the fallback, and where there is no discriminator.
    pub tag: Option<String>,
    /// What the emulator knows it by where there is no discriminator; `none` for the fallback.
    pub detect: Option<Detect>,
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
    /// Headers with a key and a signature of the body.
    Sign,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Location {
    None,
    Query,
    Body,
    /// In the body, as `multipart/form-data` beside a file.
    Multipart,
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

/// The file that an operation sends.
#[derive(Clone, Debug, Serialize)]
pub struct Upload {
    /// Its name, description and wire name; its type says nothing.
    pub field: Field,
}

/// Which fields carry the pages of a list: `page` or `cursor`, one of the two.
#[derive(Clone, Debug, Serialize)]
pub struct Paging {
    /// The parameter that counts pages, from 1.
    pub page: Option<Field>,
    /// The parameter that says where the next page begins.
    pub cursor: Option<Cursor>,
    /// The parameter that says how much a page holds.
    pub size: Option<Field>,
    /// The field of the answer that holds the page's items.
    pub items: Field,
    /// The field of the answer that counts the items of all pages.
    pub total: Option<Field>,
    /// The type of one item: a model or a union.
    pub item: Type,
    /// Its name.
    pub item_model: String,
}

/// How the next page is asked for by the last item of this one.
#[derive(Clone, Debug, Serialize)]
pub struct Cursor {
    /// The parameter. The first page is asked for without it.
    pub param: Field,
    /// The field of the last item whose value it takes.
    pub from: Field,
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
    /// Whether AI Rudder documents that it is signed.
    pub signed: bool,
    /// Wire names of the fields that tell one event from another.
    pub identity: Vec<String>,
    /// Wire name of the field that says when it was made, in Unix seconds.
    pub timestamp: Option<String>,
    /// The `type` of the object in whose `body` the event comes, if it does.
    pub wrapper: Option<String>,
    /// A body as JSON.
    pub sample: String,
}

/// How an event, or a variant, is known by its body: all of `present` are there and none of `absent`.
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
