//! From the names in a module to the modules that declare them.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Source, Use};

/// A module by its path from the root of the crate.
pub type Module = Vec<String>;

/// All modules of a crate.
#[derive(Debug, Default)]
pub struct Crate {
    modules: BTreeMap<Module, Source>,
    /// For a module in the file of another: that one.
    homes: BTreeMap<Module, Module>,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    Module(Module),
    /// An item of this module.
    Item(Module),
}

/// Re-exports of re-exports end somewhere, and those in a circle nowhere.
const DEEPEST: usize = 8;

impl Crate {
    pub fn add(&mut self, module: Module, mut source: Source) {
        for (name, inner) in std::mem::take(&mut source.inline_modules) {
            let inner_module = [module.as_slice(), &[name]].concat();
            self.homes.insert(inner_module.clone(), self.home(&module).clone());
            self.add(inner_module, inner);
        }
        match self.modules.get_mut(&module) {
            Some(known) => known.extend(source),
            None => drop(self.modules.insert(module, source)),
        }
    }

    /// Takes the modules away that only tests use.
    pub fn drop_tests(&mut self) {
        let of_tests: Vec<Module> = self
            .modules
            .iter()
            .flat_map(|(module, source)| source.test_modules.iter().map(|name| child(module, name)))
            .collect();
        self.modules
            .retain(|module, _| !of_tests.iter().any(|tests| module.starts_with(tests)));
    }

    pub fn modules(&self) -> impl Iterator<Item = &Module> {
        self.modules.keys()
    }

    /// The module whose file a module stands in.
    pub fn home<'a>(&'a self, module: &'a Module) -> &'a Module {
        self.homes.get(module).unwrap_or(module)
    }

    /// The modules that declare what a module imports, each with the lines. A re-export of what stands below the module is no import, unless the module
    /// uses the name itself.
    pub fn imports(&self, from: &Module) -> BTreeSet<(Module, usize)> {
        let mut imports = BTreeSet::new();
        let Some(source) = self.modules.get(from) else { return imports };
        let mut add = |target: &Target, line: usize| {
            if let Target::Item(module) = target {
                let home = self.home(module);
                if home != self.home(from) {
                    imports.insert((home.clone(), line));
                }
            }
        };
        for used in &source.uses {
            if let Some(target) = self.find(from, &used.path, 0)
                && !is_re_export(from, used, &target)
            {
                add(&target, used.line);
            }
        }
        for glob in &source.globs {
            // A glob imports the module's own items. What the module re-exports is found where it is used.
            if let Some(Target::Module(module)) = self.find(from, &glob.path, 0)
                && self.modules.get(&module).is_some_and(|source| !source.items.is_empty())
            {
                let target = Target::Item(module);
                if !is_re_export(from, glob, &target) {
                    add(&target, glob.line);
                }
            }
        }
        for (path, line) in &source.mentions {
            let is_counted = || {
                let mut uses = source.uses.iter().filter(|used| path.first() == Some(&used.alias));
                uses.any(|used| {
                    let target = self.find(from, &used.path, 0);
                    target.is_some_and(|target| matches!(target, Target::Item(_)) && !is_re_export(from, used, &target))
                })
            };
            if !path.is_empty()
                && !is_counted()
                && let Some(target) = self.find(from, path, 0)
            {
                add(&target, *line);
            }
        }
        imports
    }

    /// What a path means that is written in `from`. `None` for names of other crates and of variables.
    fn find(&self, from: &Module, path: &[String], depth: usize) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        let mut target = match first.as_str() {
            "crate" => Target::Module(Module::new()),
            "self" => Target::Module(from.clone()),
            "super" => Target::Module(from.split_last()?.1.to_vec()),
            name => self.named(from, name, rest.is_empty(), depth)?,
        };
        for (index, name) in rest.iter().enumerate() {
            // Behind an item there are its variants and functions.
            let Target::Module(module) = &target else { break };
            target = if name == "super" {
                Target::Module(module.split_last()?.1.to_vec())
            } else {
                // A name that stands nowhere is made by a macro.
                let named = self.named(module, name, index + 1 == rest.len(), depth);
                named.unwrap_or_else(|| Target::Item(module.clone()))
            };
        }
        Some(target)
    }

    /// What a name means in a module. An item and a module below may share a name: the last name of a path is rather the item.
    fn named(&self, module: &Module, name: &str, is_last: bool, depth: usize) -> Option<Target> {
        let source = self.modules.get(module).filter(|_| depth < DEEPEST)?;
        let below = child(module, name);
        let is_module = self.modules.contains_key(&below);
        if is_module && !is_last {
            return Some(Target::Module(below));
        }
        if source.items.contains(name) {
            return Some(Target::Item(module.clone()));
        }
        let mut uses = source.uses.iter().filter(|used| used.alias == name);
        uses.find_map(|used| self.find(module, &used.path, depth + 1))
            .or_else(|| is_module.then_some(Target::Module(below)))
            .or_else(|| {
                source
                    .globs
                    .iter()
                    .find_map(|glob| match self.find(module, &glob.path, depth + 1)? {
                        Target::Module(other) => self.named(&other, name, is_last, depth + 1),
                        Target::Item(_) => None,
                    })
            })
    }
}

fn is_re_export(from: &Module, used: &Use, target: &Target) -> bool {
    let (Target::Module(module) | Target::Item(module)) = target;
    used.is_public && module.starts_with(from)
}

fn child(module: &Module, name: &str) -> Module {
    module.iter().cloned().chain([name.to_owned()]).collect()
}
