//! The imports between the files of a crate, and the circles in them.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

use super::resolve::{Crate, Module};
use super::source::Source;
use crate::result::Result;

/// An import of one file by another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub from: Module,
    pub to: Module,
    /// The file that imports, and the line.
    pub file: String,
    pub line: usize,
}

impl fmt::Display for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} -> {}", self.file, self.line, shown(&self.from), shown(&self.to))
    }
}

/// A module as it is printed.
pub fn shown(module: &Module) -> String {
    if module.is_empty() {
        "the root".to_owned()
    } else {
        module.join("::")
    }
}

/// All imports between the files below a folder of the workspace.
pub fn imports(root: &Path, folder: &str) -> Result<Vec<Import>> {
    let mut all = Crate::default();
    let mut paths = BTreeMap::new();
    for path in rust_files(&root.join(folder))? {
        let text = fs::read_to_string(&path)?;
        let source = Source::parse(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let module = module(path.strip_prefix(root.join(folder))?);
        paths.insert(module.clone(), path.strip_prefix(root)?.display().to_string());
        all.add(module, source);
    }
    all.drop_tests();
    let mut imports = Vec::new();
    for module in all.modules() {
        let from = all.home(module);
        for (to, line) in all.imports(module) {
            imports.push(Import {
                from: from.clone(),
                to,
                file: paths.get(from).cloned().unwrap_or_default(),
                line,
            });
        }
    }
    imports.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
    Ok(imports)
}

/// In an order that is always the same.
fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The module of a file by its path below the folder of the crate.
fn module(path: &Path) -> Module {
    let mut module: Module = path
        .with_extension("")
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    let is_root = module.len() == 1 && module.iter().any(|name| name == "lib" || name == "main");
    if is_root || module.last().is_some_and(|name| name == "mod") {
        module.pop();
    }
    module
}

/// The circles, each with its modules and the imports between them.
pub fn circles(imports: &[Import]) -> Vec<(Vec<Module>, Vec<Import>)> {
    let mut numbers: BTreeMap<&Module, usize> = BTreeMap::new();
    for module in imports.iter().flat_map(|import| [&import.from, &import.to]) {
        let next = numbers.len();
        numbers.entry(module).or_insert(next);
    }
    let number = |module: &Module| numbers.get(module).copied().unwrap_or_default();
    let graph: DiGraphMap<usize, ()> = imports.iter().map(|import| (number(&import.from), number(&import.to))).collect();
    let circles = tarjan_scc(&graph).into_iter().filter(|circle| circle.len() > 1);
    let named = circles.map(|circle| {
        let is_in = |module: &Module| circle.contains(&number(module));
        let modules = numbers.keys().filter(|module| is_in(module)).map(|module| (*module).clone());
        let inside = imports.iter().filter(|import| is_in(&import.from) && is_in(&import.to)).cloned();
        (modules.collect(), inside.collect())
    });
    named.collect()
}
