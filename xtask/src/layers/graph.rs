//! The imports between the modules of a crate, and the circles in them.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

use super::resolve::{Crate, Module};
use super::source::Source;
use crate::result::Result;

/// An import of one module by another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub from: Module,
    pub to: Module,
    /// The file that imports, below the folder of the crate, and the line.
    pub file: String,
    pub line: usize,
}

impl fmt::Display for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} -> {}", self.file, self.line, self.from.join("::"), self.to.join("::"))
    }
}

/// All imports between the modules below a folder.
pub fn imports(folder: &Path) -> Result<Vec<Import>> {
    let mut files = BTreeMap::new();
    let mut paths = BTreeMap::new();
    for path in rust_files(folder)? {
        let below = path.strip_prefix(folder)?.to_path_buf();
        let text = fs::read_to_string(&path)?;
        let source = Source::parse(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        paths.insert(module(&below), below.display().to_string());
        files.insert(module(&below), source);
    }
    let of_tests: Vec<Module> = files
        .iter()
        .flat_map(|(module, source)| {
            source
                .test_modules
                .iter()
                .map(|name| [module.as_slice(), std::slice::from_ref(name)].concat())
        })
        .collect();
    files.retain(|module, _| !of_tests.iter().any(|tests| module.starts_with(tests)));
    let all = Crate { files };
    let mut imports = Vec::new();
    for from in all.files.keys() {
        for (to, line) in all.imports(from) {
            let file = paths.get(from).cloned().unwrap_or_default();
            imports.push(Import {
                from: from.clone(),
                to,
                file,
                line,
            });
        }
    }
    Ok(imports)
}

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
    let inner = || imports.iter();
    let mut numbers: BTreeMap<&Module, usize> = BTreeMap::new();
    for module in inner().flat_map(|import| [&import.from, &import.to]) {
        let next = numbers.len();
        numbers.entry(module).or_insert(next);
    }
    let number = |module: &Module| numbers.get(module).copied().unwrap_or_default();
    let graph: DiGraphMap<usize, ()> = inner().map(|import| (number(&import.from), number(&import.to))).collect();
    let circles = tarjan_scc(&graph).into_iter().filter(|circle| circle.len() > 1);
    let named = circles.map(|circle| {
        let is_in = |module: &Module| circle.contains(&number(module));
        let modules = numbers.keys().filter(|module| is_in(module)).map(|module| (*module).clone());
        let inside = inner().filter(|import| is_in(&import.from) && is_in(&import.to)).cloned();
        (modules.collect(), inside.collect())
    });
    named.collect()
}
