//! Which module imports which: no import of core points down, and no modules import each other in a circle.

mod graph;
mod resolve;
mod source;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
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
const OTHERS: [&str; 8] = [
    "bindings-python/src",
    "bindings-node/src",
    "bindings-kotlin/src",
    "cli/src",
    "xtask/src",
    "benches/src",
    "benches/rust",
    "tests/src",
];

/// Prints the graph of core's layers, and of its files if `files` is set. Returns what is wrong.
pub fn check(root: &Path, files: bool) -> Result<(String, Vec<String>)> {
    let mut findings = Vec::new();
    let core = graph::imports(&root.join(CORE))?;
    let mut report = layers(&core);
    if files {
        report.push_str(&edges(&core));
    }
    findings.extend(downward(&core));
    findings.extend(cycles(CORE, &core));
    for folder in OTHERS {
        let path = root.join(folder);
        if path.is_dir() {
            let imports = graph::imports(&path)?;
            let cycles = cycles(folder, &imports);
            writeln!(
                report,
                "{folder}: {} imports between modules, {} cycles",
                imports.len(),
                cycles.len()
            )?;
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
            let row = rows.entry(from).or_default();
            if from != to {
                *row.entry(to).or_default() += 1;
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

fn edges(imports: &[Import]) -> String {
    let mut edges: Vec<_> = imports
        .iter()
        .map(|import| format!("{} -> {}", import.from.join("::"), import.to.join("::")))
        .collect();
    edges.sort();
    edges.dedup();
    edges.join("\n") + "\n"
}

/// The imports of core that point down, and modules that no layer has.
fn downward(imports: &[Import]) -> Vec<String> {
    let mut findings = Vec::new();
    for import in imports {
        let assembles = |module: &[String]| module.is_empty() || module == ["generated"];
        if assembles(&import.from) || assembles(&import.to) {
            continue;
        }
        let (Some(from), Some(to)) = (layer(&import.from), layer(&import.to)) else {
            findings.push(format!("{import}: one of them is in no layer"));
            continue;
        };
        let is_below = from.0 < to.0 || (from.1 == "events" && to.1 != "events" && !BELOW_EVENTS.contains(&to.1));
        if is_below {
            findings.push(format!("{import}: {} does not import {}", from.1, to.1));
        }
    }
    findings
}

/// The circles of modules, with the imports that make each.
fn cycles(folder: &str, imports: &[Import]) -> Vec<String> {
    let circles = graph::circles(imports).into_iter();
    let shown = circles.map(|(modules, inside)| {
        let names: Vec<_> = modules.iter().map(|module| module.join("::")).collect();
        let inside: Vec<_> = inside.iter().map(ToString::to_string).collect();
        format!("{folder}: a circle of {}\n    {}", names.join(", "), inside.join("\n    "))
    });
    shown.collect()
}
