//! The format of the walk files, and how they are read.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

/// One family's walk.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Walk {
    #[serde(rename = "description")]
    _description: String,
    #[serde(default)]
    pub server: Kind,
    /// More arguments for the emulator.
    #[serde(default)]
    pub emulator: Vec<String>,
    #[serde(default)]
    pub client: Map<String, Value>,
    /// Files that stand in `$TMP` before the first step, in Base64.
    #[serde(default)]
    pub setup: BTreeMap<String, String>,
    pub steps: Vec<Step>,
}

/// What is called.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The emulator, which has a state.
    #[default]
    Emulator,
    /// A mock server that knows nothing but the contract.
    Mock,
}

/// One call and what comes of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub call: String,
    #[serde(default)]
    pub params: Map<String, Value>,
    #[serde(default)]
    pub options: Map<String, Value>,
    /// Whether the list is asked for item by item, over all its pages.
    #[serde(default)]
    pub all: bool,
    /// Whether the call is repeated until it brings what is expected.
    #[serde(default)]
    pub until: bool,
    /// The name of the type that is answered.
    pub answer: Option<String>,
    pub expect: Option<Value>,
    pub error: Option<Map<String, Value>>,
    /// Where in the answer stands what later steps call by a name: `{"task": "task_id"}`.
    #[serde(default)]
    pub save: BTreeMap<String, String>,
}

/// All walks, by file.
#[derive(Debug, Default)]
pub struct Walks(BTreeMap<String, Walk>);

impl Walks {
    /// Reads every file of the folders. A folder that is not there holds no walks.
    pub fn read(folders: &[&Path]) -> Result<Self, String> {
        let mut walks = BTreeMap::new();
        for folder in folders.iter().filter(|folder| folder.is_dir()) {
            for entry in fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
                let path = entry.map_err(|error| error.to_string())?.path();
                if path.extension().is_some_and(|extension| extension == "json") {
                    let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
                    let text = fs::read_to_string(&path).map_err(|error| wrong(&error))?;
                    let walk: Walk = serde_json::from_str(&text).map_err(|error| wrong(&error))?;
                    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                    if let Some(step) = walk.steps.iter().find(|step| step.expect.is_some() == step.error.is_some()) {
                        return Err(wrong(&format!("the step {} expects either a value or an error", step.call)));
                    }
                    walks.insert(name, walk);
                }
            }
        }
        Ok(Self(walks))
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Walk> {
        self.0.get(name)
    }
}
