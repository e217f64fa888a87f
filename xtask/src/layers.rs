//! Which module imports which: no import of core points down, and no modules import each other in a circle.

mod graph;
mod resolve;
mod source;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use crate::result::Result;
use graph::Import;

/// The layers of core, from the top: each imports itself and what stands above it.
const LAYERS: [&[&str]; 12] = [
    &["error", "redact"],
    &["schema"],
    &["json"],
    &["model"],
    &["crypto"],
    &["wire"],
    &["engine"],
    &["auth"],
    &["calls"],
    &["events"],
    &["campaign"],
    &["client"],
];

/// What `events` imports, for it is of use without a client.
const BELOW_EVENTS: [&str; 6] = ["error", "redact", "schema", "json", "model", "crypto"];

/// The modules of generated code, and the layer of each.
const GENERATED: [(&str, &str); 6] = [
    ("error_kind", "error"),
    ("shapes", "schema"),
    ("operations", "schema"),
    ("models", "model"),
    ("events", "events"),
    ("resources", "client"),
];

const CORE: &str = "core/src";
const OTHERS: [&str; 10] = [
    "bindings-python/src",
    "bindings-node/src",
    "bindings-kotlin/src",
    "cli/src",
    "emulator/src",
    "xtask/src",
    "benches/src",
    "benches/rust",
    "tests/src",
    "tests/simulation/src",
];

/// Prints the graph of core's layers, and of its files if `files` is set. Returns what is wrong.
pub fn check(root: &Path, files: bool) -> Result<(String, Vec<String>)> {
    let mut findings = Vec::new();
    let core = graph::imports(root, CORE)?;
    let mut report = layers(&core);
    if files {
        report.push_str(&edges(&core).concat());
    }
    findings.extend(downward(&core));
    findings.extend(cycles(CORE, &core));
    for folder in OTHERS {
        if root.join(folder).is_dir() {
            let imports = graph::imports(root, folder)?;
            let cycles = cycles(folder, &imports);
            let edges = edges(&imports);
            writeln!(report, "{folder}: {} imports between files, {} circles", edges.len(), cycles.len())?;
            if files {
                report.push_str(&edges.concat());
            }
            findings.extend(cycles);
        }
    }
    Ok((report, findings))
}

/// The layer of a module of core: its row, and its name. `None` for what assembles them.
fn layer(module: &[String]) -> Option<(usize, &str)> {
    let name = match module {
        [] => return None,
        [first] if first == "generated" => return None,
        [first, second, ..] if first == "generated" => GENERATED.iter().find(|(name, _)| name == second)?.1,
        [first, ..] => first.as_str(),
    };
    let row = LAYERS.iter().position(|names| names.contains(&name))?;
    Some((row, name))
}

fn layers(imports: &[Import]) -> String {
    type Layer<'a> = (usize, &'a str);
    let mut rows: BTreeMap<Layer<'_>, BTreeMap<Layer<'_>, usize>> = BTreeMap::new();
    for import in imports {
        if let (Some(from), Some(to)) = (layer(&import.from), layer(&import.to)) {
            rows.entry(to).or_default();
            if from != to {
                *rows.entry(from).or_default().entry(to).or_default() += 1;
            }
        }
    }
    let mut report = String::new();
    for ((_, name), row) in rows {
        let imports: Vec<_> = row.iter().map(|((_, name), count)| format!("{name} ({count})")).collect();
        // Writing to a string does not fail.
        let _ = writeln!(report, "{name:>8} -> {}", imports.join(", "));
    }
    report
}

/// A line for each pair of files.
fn edges(imports: &[Import]) -> Vec<String> {
    let edge = |import: &Import| format!("    {} -> {}\n", graph::shown(&import.from), graph::shown(&import.to));
    let edges: BTreeSet<_> = imports.iter().map(edge).collect();
    edges.into_iter().collect()
}

/// The imports of core that point down, and the modules that are in no layer.
fn downward(imports: &[Import]) -> Vec<String> {
    let assembles = |module: &[String]| module.is_empty() || module == ["generated"];
    let both = imports.iter().flat_map(|import| [&import.from, &import.to]);
    let strays: BTreeSet<_> = both
        .filter(|module| !assembles(module) && layer(module).is_none())
        .map(|module| format!("{CORE}: `{}` is in no layer", module[..module.len().min(2)].join("::")))
        .collect();
    let mut findings = Vec::from_iter(strays);
    for import in imports.iter().filter(|import| !assembles(&import.from)) {
        let Some(from) = layer(&import.from) else { continue };
        if import.to.is_empty() {
            findings.push(format!("{import}: {} does not import the root", from.1));
        }
        let Some(to) = layer(&import.to) else { continue };
        let is_below = from.0 < to.0 || (from.1 == "events" && to.1 != "events" && !BELOW_EVENTS.contains(&to.1));
        if is_below {
            findings.push(format!("{import}: {} does not import {}", from.1, to.1));
        }
    }
    findings
}

/// The circles of files, with the imports that make each.
fn cycles(folder: &str, imports: &[Import]) -> Vec<String> {
    let circles = graph::circles(imports).into_iter();
    let shown = circles.map(|(modules, inside)| {
        let names: Vec<_> = modules.iter().map(graph::shown).collect();
        // Of each pair of files the first import.
        let mut pairs = BTreeSet::new();
        let firsts = inside.iter().filter(|import| pairs.insert((&import.from, &import.to)));
        let firsts: Vec<_> = firsts.map(ToString::to_string).collect();
        format!("{folder}: a circle of {}\n    {}", names.join(", "), firsts.join("\n    "))
    });
    shown.collect()
}
