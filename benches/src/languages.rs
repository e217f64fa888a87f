//! How the contenders of each language are started, and what each language's package is.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Serialize;

/// A language of the SDK, or the core's cryptography by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    Rust,
    Python,
    Node,
    Kotlin,
    Core,
}

impl Language {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::Python => "Python",
            Self::Node => "Node",
            Self::Kotlin => "Kotlin",
            Self::Core => "Core",
        }
    }

    /// What starts a contender; the server's URL comes behind it.
    pub fn contender(self, name: &str) -> Vec<String> {
        let start: &[&str] = match self {
            Self::Rust | Self::Core => &["target/release/contender"],
            Self::Python => &[".build/bench/python/bin/python", "benches/python/contender.py"],
            Self::Node => &["node", ".build/bench/node/contender.mjs"],
            Self::Kotlin => &["java", "-cp", ".build/bench/kotlin/*", "com.airudder.benches.MainKt"],
        };
        start.iter().copied().chain([name]).map(str::to_owned).collect()
    }

    /// What imports a package and makes a client in a fresh process.
    pub fn cold(self, name: &str) -> Option<Vec<String>> {
        let start: &[&str] = match self {
            Self::Python => &[".build/bench/python/bin/python", "benches/python/cold.py"],
            Self::Node => &["node", ".build/bench/node/cold.mjs"],
            Self::Rust | Self::Kotlin | Self::Core => return None,
        };
        Some(start.iter().copied().chain([name]).map(str::to_owned).collect())
    }

    /// The package as it ships.
    pub fn package(self, root: &Path) -> Result<PathBuf, Box<dyn Error>> {
        let (folder, ending) = match self {
            Self::Python => ("python/wheels", ".whl"),
            Self::Node => ("", ".tgz"),
            Self::Kotlin => ("kotlin", ".jar"),
            Self::Rust | Self::Core => return Err("no package is built for it".into()),
        };
        let folder = root.join(".build/bench").join(folder);
        let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let is_package = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let version = name.strip_prefix("airudder-").and_then(|rest| rest.chars().next());
            name.ends_with(ending) && version.is_some_and(|digit| digit.is_ascii_digit())
        };
        let mut packages = entries.filter_map(Result::ok).map(|entry| entry.path()).filter(is_package);
        let package = packages.next().ok_or_else(|| format!("{} holds no package", folder.display()))?;
        match packages.next() {
            None => Ok(package),
            Some(_) => Err(format!("{} holds more than one package", folder.display()).into()),
        }
    }
}
