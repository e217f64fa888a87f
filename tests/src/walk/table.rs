//! Which operations each suite called against the emulator, family by family.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// The operations of the contract, and where what was called is kept.
#[derive(Debug)]
pub struct Table {
    operations: BTreeSet<String>,
    folder: PathBuf,
}

impl Table {
    /// Reads the operations from the contract. What suites called is kept beside the programs that were built.
    pub fn read() -> Result<Self, String> {
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let folder = program.ancestors().nth(2).unwrap_or(&program).join("walks");
        Self::read_from(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../contract"), folder)
    }

    fn read_from(contract: &Path, folder: PathBuf) -> Result<Self, String> {
        let mut operations = BTreeSet::new();
        for entry in fs::read_dir(contract).map_err(|error| error.to_string())? {
            let path = entry.map_err(|error| error.to_string())?.path();
            if path.extension().is_some_and(|extension| extension == "yaml") {
                let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
                let document: Value = serde_yaml_ng::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
                let methods = document["paths"].as_object().into_iter().flatten();
                let ids = methods.flat_map(|(_, methods)| methods.as_object().into_iter().flatten());
                operations.extend(ids.filter_map(|(_, operation)| operation["operationId"].as_str().map(str::to_owned)));
            }
        }
        Ok(Self { operations, folder })
    }

    /// Keeps what a suite called and says which operations it never did.
    pub fn note(&self, suite: &str, called: &BTreeSet<String>) -> Result<Vec<&str>, String> {
        fs::create_dir_all(&self.folder).map_err(|error| error.to_string())?;
        let file = self.folder.join(format!("{suite}.json"));
        fs::write(file, json!(called).to_string()).map_err(|error| error.to_string())?;
        Ok(self
            .operations
            .iter()
            .map(String::as_str)
            .filter(|operation| !called.contains(*operation))
            .collect())
    }

    /// Families by suites: how many of their operations were called.
    pub fn show(&self) -> Result<String, String> {
        let mut suites = BTreeMap::new();
        for entry in fs::read_dir(&self.folder).map_err(|error| format!("{}: {error}", self.folder.display()))? {
            let path = entry.map_err(|error| error.to_string())?.path();
            let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
            let called: BTreeSet<String> = serde_json::from_str(&text).map_err(|error| error.to_string())?;
            suites.insert(path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), called);
        }
        let mut families: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
        for operation in &self.operations {
            let family = operation.split('.').next().unwrap_or_default();
            families.entry(family).or_default().push(operation);
        }
        let mut text = format!("{:<12}{:>6}", "family", "of");
        for suite in suites.keys() {
            let _ = write!(text, "{suite:>12}");
        }
        for (family, operations) in families.into_iter().chain([("all", self.operations.iter().collect())]) {
            let _ = write!(text, "\n{family:<12}{:>6}", operations.len());
            for called in suites.values() {
                let count = operations.iter().filter(|operation| called.contains(**operation)).count();
                let _ = write!(text, "{count:>12}");
            }
        }
        Ok(text)
    }
}
