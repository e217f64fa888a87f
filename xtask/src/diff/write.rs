//! Brings over into the contract what an export confirms.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Map, Value};

use super::compare::{Agreement, Comparison};
use super::library::{Library, Site};
use super::read::{Ours, Route};
use super::shape::Part;
use super::yaml::{DOCUMENTED, SOURCE, Text};
use crate::contract;
use crate::result::Result;

/// What is to change in the contract.
#[derive(Default)]
pub struct Changes {
    /// What becomes documented, by file.
    documented: BTreeMap<String, BTreeSet<String>>,
    /// New keys, by the place of what is renamed; the inner ones first.
    renamed: Vec<(Site, String)>,
    /// What is done, and what has to be done by hand, a line each.
    pub done: Vec<String>,
    pub left: Vec<String>,
}

impl Changes {
    /// Decides what an export confirms. `pairs` are the operations that it has.
    pub fn of(library: &Library, pairs: &[(&Ours, &Comparison)], confirmed: &BTreeSet<Site>) -> Self {
        let mut changes = Self::default();
        let mut keys = path_keys(library);
        for (ours, comparison) in pairs {
            let file = &ours.site.file;
            match &comparison.route {
                Agreement::Other(route) if ours.source != DOCUMENTED => match changes.lead_to(ours, route, &mut keys) {
                    Ok(()) => changes.done.push(format!("{file}: {} is {route}, and documented", ours.id())),
                    Err(reason) => changes.left.push(format!("{file}: {} is not led to {route}: {reason}", ours.id())),
                },
                Agreement::Other(_) => {
                    let reason = "the contract already calls its own route documented";
                    changes.left.push(format!("{file}: {} keeps its route: {reason}", ours.id()));
                }
                Agreement::Divided(_) => changes
                    .left
                    .push(format!("{file}: {} keeps its route: the export's pages differ", ours.id())),
                Agreement::Same if ours.source != DOCUMENTED => {
                    changes.document(&ours.site);
                    changes.done.push(format!("{file}: {} is documented", ours.id()));
                }
                Agreement::Same | Agreement::None => {}
            }
        }
        changes.fields(library, confirmed);
        changes
    }

    fn document(&mut self, site: &Site) {
        self.documented.entry(site.file.clone()).or_default().insert(site.pointer.clone());
    }

    fn lead_to(&mut self, ours: &Ours, route: &Route, keys: &mut BTreeMap<String, Vec<String>>) -> std::result::Result<(), String> {
        let Some(before) = &ours.route else {
            return Err("it is an event".to_owned());
        };
        if route.path.contains(['{', ' ']) {
            return Err("its path has a parameter, and the SDK sends none there".to_owned());
        }
        match (route.method.as_str(), before.method.as_str()) {
            (new, old) if new == old => {}
            ("GET", _) if ours.shape.fields.keys().any(|place| place.part == Part::Body) => {
                return Err("a GET has no body; its parameters have to move to the query".to_owned());
            }
            ("POST", _) if ours.shape.describes(Part::Query) => {
                return Err("a POST has a body; its parameters have to move there".to_owned());
            }
            ("GET" | "POST", _) => {}
            (other, _) => return Err(format!("the SDK sends no {other}")),
        }
        let (item, method) = ours.site.pointer.rsplit_once('/').unwrap_or_default();
        let key = unescaped(item.rsplit('/').next().unwrap_or_default());
        let in_file = keys.entry(ours.site.file.clone()).or_default();
        if in_file.iter().filter(|other| **other == key).count() > 1 {
            return Err("another operation shares its entry under `paths`".to_owned());
        }
        if before.path != route.path {
            in_file.retain(|other| *other != key);
            let name = ours.id().rsplit('.').next().unwrap_or_default();
            let fresh = if in_file.contains(&route.path) {
                format!("{}#{name}", route.path)
            } else {
                route.path.clone()
            };
            in_file.push(fresh.clone());
            self.renamed.push((at(&ours.site, item), fresh));
        }
        if before.method != route.method {
            let place = at(&ours.site, &format!("{item}/{method}"));
            self.renamed.insert(0, (place, route.method.to_lowercase()));
        }
        self.document(&ours.site);
        Ok(())
    }

    /// Fields become documented where the export has them at every place at which they are used. A schema all of whose fields are is
    /// documented itself.
    fn fields(&mut self, library: &Library, confirmed: &BTreeSet<Site>) {
        let mut counts = BTreeMap::<String, usize>::new();
        let mut whole = BTreeSet::new();
        for site in confirmed.iter().filter(|site| site.pointer.starts_with("/components/schemas/")) {
            let Some((schema, _)) = site.pointer.rsplit_once("/properties/") else {
                continue;
            };
            let properties = library
                .0
                .get(&site.file)
                .and_then(|document| document.pointer(&format!("{schema}/properties")));
            let all = properties.and_then(Value::as_object).map(Map::keys).into_iter().flatten();
            let mut sites = all.map(|name| at(site, &format!("{schema}/properties/{}", escaped(name))));
            // A part of a schema that leaves its source to the whole has none to change.
            if sites.all(|site| confirmed.contains(&site)) && source(library, &at(site, schema)).is_some() {
                whole.insert(at(site, schema));
            }
        }
        for schema in whole.iter().filter(|schema| source(library, schema) != Some(DOCUMENTED)) {
            self.document(schema);
        }
        for site in confirmed
            .iter()
            .filter(|site| site.pointer.starts_with("/components/") || site.pointer.contains("/parameters/"))
        {
            let own = source(library, site);
            let around = site.pointer.rsplit_once("/properties/").map(|(schema, _)| at(site, schema));
            let inherits = around.is_some_and(|schema| whole.contains(&schema) || inherited(library, &schema) == Some(DOCUMENTED));
            let before = own.or_else(|| inherited(library, site));
            if before != Some(DOCUMENTED) {
                *counts.entry(site.file.clone()).or_default() += 1;
                if own.is_some() || !inherits {
                    self.document(site);
                }
            }
        }
        for (file, count) in counts {
            let fields = if count == 1 {
                "1 field is".to_owned()
            } else {
                format!("{count} fields are")
            };
            self.done.push(format!("{file}: {fields} documented"));
        }
    }

    /// Changes the files of the contract. When the contract cannot be read afterwards, all is put back.
    pub fn write(&self, library: &Library, folder: &Path) -> Result<()> {
        let files: BTreeSet<&String> = self
            .documented
            .keys()
            .chain(self.renamed.iter().map(|(site, _)| &site.file))
            .collect();
        let mut texts = Vec::new();
        for file in files {
            let path = folder.join(file);
            let before = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let after = self.edited(library, file, &before)?;
            texts.push((path, before, after));
        }
        for (path, _, after) in &texts {
            std::fs::write(path, after).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        if let Err(problems) = contract::load(folder) {
            for (path, before, _) in &texts {
                std::fs::write(path, before).map_err(|error| format!("{}: {error}", path.display()))?;
            }
            return Err(format!("nothing is written, for the contract could not be read afterwards: {problems}").into());
        }
        Ok(())
    }

    fn edited(&self, library: &Library, file: &str, before: &str) -> Result<String> {
        let mut text = Text::new(before);
        let mut meant = library.0.get(file).cloned().unwrap_or_default();
        let strange = |pointer: &str| format!("{file}: {pointer} is written in a way that cannot be edited; nothing is written");
        for pointer in self.documented.get(file).into_iter().flatten() {
            if !text.document(pointer) {
                return Err(strange(pointer).into());
            }
            if let Some(Value::Object(members)) = meant.pointer_mut(pointer) {
                members.insert(SOURCE.to_owned(), DOCUMENTED.into());
            }
        }
        for (site, key) in self.renamed.iter().filter(|(site, _)| site.file == file) {
            if !text.rename(&site.pointer, key) {
                return Err(strange(&site.pointer).into());
            }
            let (outer, old) = site.pointer.rsplit_once('/').unwrap_or_default();
            if let Some(Value::Object(members)) = meant.pointer_mut(outer)
                && let Some(value) = members.remove(&unescaped(old))
            {
                members.insert(key.clone(), value);
            }
        }
        let after = text.edited();
        let read: Value = serde_yaml_ng::from_str(&after).map_err(|error| format!("{file}: {error}; nothing is written"))?;
        if read == meant {
            Ok(after)
        } else {
            Err(strange("the outcome").into())
        }
    }
}

/// The paths of each file, as often as they have methods.
fn path_keys(library: &Library) -> BTreeMap<String, Vec<String>> {
    let mut keys = BTreeMap::<String, Vec<String>>::new();
    for root in library.roots() {
        for (path, item) in root.entries("paths") {
            let methods = item.value.as_object().map_or(0, Map::len);
            let in_file = keys.entry(root.site.file.clone()).or_default();
            in_file.extend(std::iter::repeat_n(path.to_owned(), methods));
        }
    }
    keys
}

fn source<'a>(library: &'a Library, site: &Site) -> Option<&'a str> {
    library.0.get(&site.file)?.pointer(&site.pointer)?.get(SOURCE)?.as_str()
}

/// The source of the nearest thing around that has one.
fn inherited<'a>(library: &'a Library, site: &Site) -> Option<&'a str> {
    let mut pointer = site.pointer.as_str();
    while pointer.starts_with("/components/schemas/") {
        if let Some(source) = source(library, &at(site, pointer)) {
            return Some(source);
        }
        pointer = pointer.rsplit_once('/')?.0;
    }
    None
}

fn at(site: &Site, pointer: &str) -> Site {
    Site {
        file: site.file.clone(),
        pointer: pointer.to_owned(),
    }
}

fn escaped(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}
