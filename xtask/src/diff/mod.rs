//! `cargo xtask contract-diff`: compares an export of AI Rudder's own documentation with the contract, so that what was assumed becomes
//! documented.

mod compare;
mod library;
mod read;
mod shape;
#[cfg(test)]
mod tests;
mod titles;
mod write;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use compare::{Comparison, Sign, compare};
use library::{Library, Site};
use read::{Ours, Theirs};
use titles::{Meaning, Pages};
use write::Changes;

use crate::result::Result;

/// Compares exports with the contract in a folder and gives the report; `write` brings over what they confirm.
pub fn run(folder: &Path, exports: &[PathBuf], write: bool) -> Result<String> {
    let exports = exports.iter().map(|path| read::export(path)).collect::<Result<Vec<Library>>>()?;
    let theirs: Vec<Theirs> = exports.iter().flat_map(read::theirs).collect();
    against(folder, &theirs, write)
}

fn against(folder: &Path, theirs: &[Theirs], write: bool) -> Result<String> {
    let contract = read::contract(folder)?;
    let ours = read::ours(&contract);
    let pages = folder.join("pages.tsv");
    let pages = std::fs::read_to_string(&pages).map_err(|error| format!("{}: {error}", pages.display()))?;
    let pages = Pages::parse(&pages);
    let mut matched = BTreeMap::<usize, Vec<&Theirs>>::new();
    let mut strays = Vec::new();
    for theirs in theirs {
        match pages.meaning(theirs, &ours) {
            Meaning::Ours(position) => matched.entry(position).or_default().push(theirs),
            meaning => strays.push((theirs, meaning)),
        }
    }
    let pairs: Vec<Pair> = matched
        .into_iter()
        .map(|(position, pages)| Pair {
            ours: &ours[position],
            comparison: compare(&ours[position], &pages),
            pages,
        })
        .collect();
    let missing: Vec<&Ours> = ours
        .iter()
        .filter(|ours| !pairs.iter().any(|pair| pair.ours.key == ours.key))
        .collect();
    let mut report = report(&pairs, &strays, &missing);
    if write {
        let compared: Vec<_> = pairs.iter().map(|pair| (pair.ours, &pair.comparison)).collect();
        let changes = Changes::of(&contract, &compared, &confirmed(&pairs, &missing));
        changes.write(&contract, folder)?;
        report.push('\n');
        listed(&mut report, "Written:", &changes.done);
        listed(&mut report, "Left to be done by hand:", &changes.left);
    }
    report.truncate(report.trim_end().len());
    report.push('\n');
    Ok(report)
}

/// An operation of ours and the pages of the export that describe it.
struct Pair<'a> {
    ours: &'a Ours,
    pages: Vec<&'a Theirs>,
    comparison: Comparison,
}

/// The fields that the export has wherever the contract uses them: a schema can stand in many operations.
fn confirmed(pairs: &[Pair], missing: &[&Ours]) -> BTreeSet<Site> {
    let doubted: BTreeSet<&Site> = pairs
        .iter()
        .flat_map(|pair| &pair.comparison.unconfirmed)
        .chain(missing.iter().flat_map(|ours| compare::sites(&ours.shape)))
        .collect();
    let confirmed = pairs.iter().flat_map(|pair| &pair.comparison.confirmed);
    confirmed.filter(|site| !doubted.contains(site)).cloned().collect()
}

fn report(pairs: &[Pair], strays: &[(&Theirs, Meaning)], missing: &[&Ours]) -> String {
    let mut report = String::new();
    for pair in pairs.iter().filter(|pair| !pair.comparison.differences.is_empty()) {
        let route = pair.ours.route.as_ref().map_or_else(|| "event".to_owned(), ToString::to_string);
        // Writing to a text cannot fail.
        let _ = writeln!(report, "{}  {route}", pair.ours.id());
        for page in &pair.pages {
            let _ = writeln!(report, "    {}", name(page));
        }
        for difference in &pair.comparison.differences {
            let sign = match difference.sign {
                Sign::Deprecated => "! ",
                Sign::Route => "> ",
                Sign::Missing => "+ ",
                Sign::Differs => "~ ",
                Sign::Surplus => "- ",
            };
            let _ = writeln!(report, "  {sign}{}", difference.text);
        }
        report.push('\n');
    }
    if !report.is_empty() {
        report.insert_str(
            0,
            "  > another route   + the contract lacks it   ~ says otherwise   - the export lacks it   ! deprecated\n\n",
        );
    }
    let dangling = pairs.iter().flat_map(|pair| {
        pair.pages
            .iter()
            .flat_map(|page| page.shape.dangling.iter().map(move |to| (page, to)))
    });
    let dangling: BTreeSet<_> = dangling.map(|(page, to)| format!("{to} ({})", name(page))).collect();
    listed(
        &mut report,
        "References of the export that lead nowhere:",
        &dangling.into_iter().collect::<Vec<_>>(),
    );
    let fits_none: Vec<_> = strays.iter().filter_map(|(theirs, meaning)| stray(theirs, meaning)).collect();
    listed(&mut report, "In the export, and nothing in the contract fits:", &fits_none);
    let absent: Vec<_> = missing
        .iter()
        .map(|ours| {
            format!(
                "{} ({})",
                ours.id(),
                ours.route.as_ref().map_or_else(|| "event".to_owned(), ToString::to_string)
            )
        })
        .collect();
    listed(&mut report, "In the contract, and not in the export:", &absent);
    let counted = |sign: &[Sign]| {
        let differences = pairs.iter().flat_map(|pair| &pair.comparison.differences);
        differences.filter(|difference| sign.contains(&difference.sign)).count()
    };
    let same = pairs.iter().filter(|pair| pair.comparison.differences.is_empty()).count();
    let _ = writeln!(
        report,
        "{} of {} operations and events are in the export: {same} alike, {} differ ({} routes, {} fields). {} not in the export, {} not in the contract.",
        pairs.len(),
        pairs.len() + missing.len(),
        pairs.len() - same,
        counted(&[Sign::Route]),
        counted(&[Sign::Missing, Sign::Differs, Sign::Surplus]),
        missing.len(),
        fits_none.len(),
    );
    report
}

fn listed(report: &mut String, heading: &str, lines: &[String]) {
    if !lines.is_empty() {
        let _ = writeln!(report, "{heading}\n  {}\n", lines.join("\n  "));
    }
}

/// A page of text is no operation, and nothing to report.
fn stray(theirs: &Theirs, meaning: &Meaning) -> Option<String> {
    let why = match meaning {
        Meaning::Page(key) if key.starts_with("doc:") || key.starts_with("encryption.") => return None,
        Meaning::Page(key) => format!(": its title is that of {key}, which the contract does not describe"),
        Meaning::OneOf(keys) => format!(": its title fits {}", keys.join(", ")),
        Meaning::Ours(_) | Meaning::Unknown => String::new(),
    };
    Some(format!("{}{why}", name(theirs)))
}

/// A page as the export names it.
fn name(page: &Theirs) -> String {
    let route = page.route.as_ref().map(|route| format!(" ({route})")).unwrap_or_default();
    let folder = if page.folder.is_empty() {
        String::new()
    } else {
        format!("{}/", page.folder)
    };
    format!("{folder}{}{route}", page.title)
}
