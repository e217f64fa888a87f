//! The format of the case files, and how they are read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::form::Part;

/// The suites that read the cases. Rust has two: one calls by types, the other by names, as the bindings do.
pub const SUITES: [&str; 5] = ["rust", "rust-named", "python", "node", "kotlin"];

/// One file of cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    #[serde(rename = "description")]
    _description: String,
    /// What no text of any case in this file may show.
    #[serde(default)]
    secrets: Vec<String>,
    cases: Vec<Value>,
}

/// One case: a client, the calls that it makes, what goes over the wire, and how each call ends.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    /// The rule that breaks when this case fails.
    pub why: String,
    /// The languages in which the case can be written down. All of them when absent.
    #[serde(default)]
    pub suites: Option<Vec<String>>,
    #[serde(default)]
    pub client: Map<String, Value>,
    #[serde(default)]
    pub auth: Auth,
    pub steps: Vec<Step>,
    #[serde(default)]
    pub wire: Vec<Exchange>,
    /// Files that stand in `$TMP` before the first step.
    #[serde(default)]
    pub setup: BTreeMap<String, String>,
    /// All files that stand in `$TMP` after the last step, besides those of `setup`.
    #[serde(default)]
    pub files: BTreeMap<String, ExpectedFile>,
    #[serde(default)]
    pub secrets: Vec<String>,
}

/// Who answers the token exchange.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// The server, with the token `case-token`, once.
    #[default]
    Implicit,
    /// The case: each token exchange stands in `wire`.
    Explicit,
}

/// One call and how it ends.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The operation. Null only builds the client.
    pub call: Option<String>,
    /// Whether the list is asked for item by item, over all its pages.
    #[serde(default)]
    pub all: bool,
    #[serde(default)]
    pub params: Map<String, Value>,
    #[serde(default)]
    pub options: Map<String, Value>,
    pub expect: Outcome,
}

/// How a step ends, as a case expects it or as a suite reports it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    #[serde(default, deserialize_with = "present")]
    pub value: Option<Value>,
    #[serde(default)]
    pub error: Option<Map<String, Value>>,
    /// Every text that a log or a debugger would show of the value or the error. Only suites report it.
    #[serde(default)]
    pub shown: Vec<String>,
    /// The name of the value's type. Only suites report it, in walks.
    #[serde(default, rename = "type")]
    pub type_name: Option<String>,
}

/// `null` is a value too, and not the same as no value.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// One request and what is answered to it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    pub expect: ExpectedRequest,
    #[serde(default)]
    pub answer: Answer,
}

/// What a request has to be. What is absent here has to be absent there, except headers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedRequest {
    pub method: String,
    pub path: String,
    pub query: Option<String>,
    pub query_decrypted: Option<String>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    #[serde(default)]
    pub absent_headers: Vec<String>,
    pub body_text: Option<String>,
    pub body_json: Option<Value>,
    pub body_base64: Option<String>,
    pub body_decrypted: Option<String>,
    pub body_form: Option<Vec<Part>>,
}

/// What is answered, and what goes wrong with it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub status: Option<u16>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Short for a `body_json` that is a successful envelope around this.
    #[serde(default, deserialize_with = "present")]
    pub data: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    pub body_json: Option<Value>,
    pub body_text: Option<String>,
    pub body_base64: Option<String>,
    pub body_repeat: Option<Repeat>,
    #[serde(default)]
    pub framing: Framing,
    pub fault: Option<Fault>,
    /// How many bytes of the body go out before a fault in it. Half of them when absent.
    pub after_bytes: Option<u64>,
    #[serde(default)]
    pub delay_ms: u64,
    /// From this answer on every new connection is refused.
    #[serde(default)]
    pub last: bool,
}

/// A body too large to be written down.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    #[serde(default)]
    pub prefix: String,
    pub unit: String,
    pub times: u64,
    #[serde(default)]
    pub suffix: String,
}

/// How the client learns where the body ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Framing {
    #[default]
    Length,
    Chunked,
    Close,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The request is read, then the connection ends.
    CutBeforeAnswer,
    /// The connection ends inside the body.
    CutInBody,
    /// The request is read, then nothing comes.
    NeverAnswer,
    /// A part of the body comes, then nothing.
    StallInBody,
}

/// What a file has to hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ExpectedFile {
    Text(String),
    Base64(String),
    Sha256(String),
}

/// Every case of a folder, by file and name, unread beyond its check.
#[derive(Debug)]
pub struct Cases {
    cases: Vec<(String, String, Value)>,
}

impl Cases {
    /// Reads all files of the folder and refuses any that does not keep to the format.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let mut files: Vec<_> = fs::read_dir(folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .collect();
        files.sort();
        let mut cases = Vec::new();
        for path in files {
            let file = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let parsed: CaseFile = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
            let mut names = BTreeSet::new();
            for mut case in parsed.cases {
                lone_step(&mut case);
                let name = check(&file, &case)?;
                if !names.insert(name.clone()) {
                    return Err(format!("{file}/{name}: there are two cases of this name"));
                }
                add_secrets(&mut case, &parsed.secrets);
                cases.push((file.clone(), name, case));
            }
        }
        if cases.is_empty() {
            return Err(format!("{}: there are no cases", folder.display()));
        }
        Ok(Self { cases })
    }

    /// Keeps one case alone, or the cases of one file.
    pub fn keep_only(&mut self, filter: &str) -> Result<(), String> {
        let (file, name) = filter.split_once('/').unwrap_or((filter, ""));
        self.cases
            .retain(|(known_file, known_name, _)| known_file == file && (name.is_empty() || known_name == name));
        if self.cases.is_empty() {
            return Err(format!("there is no case `{filter}`"));
        }
        Ok(())
    }

    /// File and name of each case that the suite plays.
    pub fn of_suite<'a>(&'a self, suite: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.cases
            .iter()
            .filter(move |(_, _, case)| plays(case, suite))
            .map(|(file, name, _)| (file.as_str(), name.as_str()))
    }

    /// The steps of all cases, as they are written.
    pub fn steps(&self) -> impl Iterator<Item = &Value> {
        self.cases.iter().filter_map(|(_, _, case)| case["steps"].as_array()).flatten()
    }

    #[must_use]
    pub fn find(&self, file: &str, name: &str) -> Option<&Value> {
        self.cases
            .iter()
            .find(|(known_file, known_name, _)| known_file == file && known_name == name)
            .map(|(_, _, case)| case)
    }
}

fn plays(case: &Value, suite: &str) -> bool {
    case["suites"]
        .as_array()
        .is_none_or(|suites| suites.iter().any(|known| known == suite))
}

/// A case of one step may be written without the list.
fn lone_step(case: &mut Value) {
    let Some(fields) = case.as_object_mut() else { return };
    if fields.contains_key("steps") {
        return;
    }
    let step: Map<String, Value> = ["call", "all", "params", "options", "expect"]
        .into_iter()
        .filter_map(|name| fields.shift_remove(name).map(|value| (name.to_owned(), value)))
        .collect();
    if !step.is_empty() {
        fields.insert("steps".to_owned(), Value::Array(vec![Value::Object(step)]));
    }
}

fn add_secrets(case: &mut Value, secrets: &[String]) {
    if let Some(fields) = case.as_object_mut() {
        let own = fields.entry("secrets").or_insert_with(|| Value::Array(Vec::new()));
        if let Some(own) = own.as_array_mut() {
            own.extend(secrets.iter().cloned().map(Value::String));
        }
    }
}

/// The name of the case, when the case keeps to the format.
fn check(file: &str, raw: &Value) -> Result<String, String> {
    let name = raw["name"].as_str().unwrap_or("?").to_owned();
    let wrong = |what: &str| Err(format!("{file}/{name}: {what}"));
    let case: Case = match serde_json::from_value(raw.clone()) {
        Ok(case) => case,
        Err(error) => return wrong(&error.to_string()),
    };
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    if name.is_empty() || !name.chars().all(plain) {
        return wrong("a name has lower-case letters, digits and `-` only, because it stands in addresses");
    }
    if case.steps.is_empty() {
        return wrong("there are no steps");
    }
    if let Some(suites) = &case.suites
        && !suites.iter().all(|suite| SUITES.contains(&suite.as_str()))
    {
        return wrong("`suites` names a suite that does not exist");
    }
    for step in &case.steps {
        if step.expect.value.is_some() == step.expect.error.is_some() {
            return wrong("a step expects either a value or an error");
        }
        if !step.expect.shown.is_empty() {
            return wrong("`shown` is what suites report; list secrets under `secrets`");
        }
    }
    for exchange in &case.wire {
        if let Err(what) = check_exchange(exchange) {
            return wrong(&what);
        }
    }
    Ok(name)
}

fn check_exchange(exchange: &Exchange) -> Result<(), String> {
    let (expect, answer) = (&exchange.expect, &exchange.answer);
    let bodies = [
        expect.body_text.is_some(),
        expect.body_json.is_some(),
        expect.body_base64.is_some(),
        expect.body_decrypted.is_some(),
    ];
    if bodies.iter().filter(|given| **given).count() > 1 {
        return Err("a request has one body".to_owned());
    }
    if expect.query.is_some() && expect.query_decrypted.is_some() {
        return Err("a request has one query".to_owned());
    }
    let answers = [
        answer.data.is_some(),
        answer.body_json.is_some(),
        answer.body_text.is_some(),
        answer.body_base64.is_some(),
        answer.body_repeat.is_some(),
    ];
    if answers.iter().filter(|given| **given).count() > 1 {
        return Err("an answer has one body".to_owned());
    }
    if answer.last && answer.framing != Framing::Close {
        return Err("a last answer has the framing `close`".to_owned());
    }
    for text in [&expect.body_base64, &answer.body_base64].into_iter().flatten() {
        STANDARD.decode(text).map_err(|error| format!("`body_base64`: {error}"))?;
    }
    Ok(())
}
