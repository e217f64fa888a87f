//! From the names in a file to the files that declare them.

use std::collections::{BTreeMap, BTreeSet};

use super::source::Source;

/// A module by its path from the root of the crate.
pub type Module = Vec<String>;

/// All files of a crate.
pub struct Crate {
    pub files: BTreeMap<Module, Source>,
}

/// Re-exports of re-exports end somewhere.
const DEEPEST: usize = 16;

impl Crate {
    /// The file that declares what `path` names when it is written in `from`. `None` for names of other crates and of this file.
    pub fn resolve(&self, from: &Module, path: &[String]) -> Option<Module> {
        let absolute = self.absolute(from, path, 0)?;
        self.declaring(&[], &absolute, 0).filter(|file| file != from)
    }

    /// A path from the root of the crate.
    fn absolute(&self, from: &Module, path: &[String], depth: usize) -> Option<Module> {
        if depth > DEEPEST {
            return None;
        }
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([from, rest].concat()),
            "super" => {
                let parent = from.split_last()?.1.to_vec();
                let is_relative = rest.first().is_some_and(|next| next == "super");
                if is_relative {
                    self.absolute(&parent, rest, depth + 1)
                } else {
                    Some([&parent, rest].concat())
                }
            }
            _ => {
                let child = [from.as_slice(), std::slice::from_ref(first)].concat();
                if self.files.contains_key(&child) {
                    return Some([&child, rest].concat());
                }
                let used = self.files.get(from)?.uses.get(first)?;
                // A name that is imported under itself is of another crate.
                let target = if used.path.first() == Some(first) {
                    None
                } else {
                    self.absolute(from, &used.path, depth + 1)
                };
                target.map(|target| [&target, rest].concat())
            }
        }
    }

    /// The file below `module` that declares what the rest of an absolute path names.
    fn declaring(&self, module: &[String], path: &[String], depth: usize) -> Option<Module> {
        let source = self.files.get(module)?;
        let Some((first, rest)) = path.split_first() else {
            return Some(module.to_vec());
        };
        let child = [module, std::slice::from_ref(first)].concat();
        if self.files.contains_key(&child) {
            return self.declaring(&child, rest, depth);
        }
        if source.items.contains(first) || depth > DEEPEST {
            return Some(module.to_vec());
        }
        let here = module.to_vec();
        if let Some(used) = source.uses.get(first) {
            let target = self.absolute(&here, &used.path, 0)?;
            return self.declaring(&[], &[&target, rest].concat(), depth + 1);
        }
        let through = source.globs.iter().filter_map(|glob| {
            let target = self.absolute(&here, &glob.path, 0)?;
            let file = self.declaring(&[], &[target.as_slice(), path].concat(), depth + 1)?;
            let declares = self.files.get(&file).is_some_and(|source| source.items.contains(first));
            declares.then_some(file)
        });
        through.into_iter().next().or(Some(here))
    }

    /// The files that a file imports, and the line of the first import of each. A re-export of what stands below is none, unless the file uses it.
    pub fn imports(&self, from: &Module) -> BTreeMap<Module, usize> {
        let mut imports = BTreeMap::new();
        let Some(source) = self.files.get(from) else { return imports };
        let mut add = |path: &[String], line: usize| {
            if let Some(to) = self.resolve(from, path) {
                let known = imports.entry(to).or_insert(line);
                *known = line.min(*known);
            }
        };
        let mentioned: BTreeSet<&str> = source
            .mentions
            .iter()
            .filter_map(|(path, _)| path.first().map(String::as_str))
            .collect();
        for (alias, used) in &source.uses {
            let is_below = self.resolve(from, &used.path).is_some_and(|to| to.starts_with(from));
            if !(used.is_public && is_below) || mentioned.contains(alias.as_str()) {
                add(&used.path, used.line);
            }
        }
        for glob in source.globs.iter().filter(|glob| !glob.is_public) {
            add(&glob.path, glob.line);
        }
        for (path, line) in source.mentions.iter().filter(|(path, _)| path.len() > 1) {
            let is_alias = path.first().is_some_and(|first| source.uses.contains_key(first));
            if !is_alias {
                add(path, *line);
            }
        }
        imports
    }
}
