//! Checks that the README is true: its programs are whole files that the tests run, letter by letter, and its table of families says what the contract says.
//! No document shows a program that is not run.

use std::fs;
use std::path::Path;

use crate::ir::{Contract, Family, Source};
use crate::result::Result;
use crate::snippets;

/// The fence of a program in the README, and its file.
const PROGRAMS: &[(&str, &str)] = &[
    ("rust", "examples/rust/quickstart.rs"),
    ("python", "examples/python/quickstart.py"),
    ("js", "examples/node/quickstart.mjs"),
    ("kotlin", "examples/kotlin/Quickstart.kt"),
];

/// What the README shows otherwise than it is, and what the documents show that is not run.
pub fn check(root: &Path, contract: &Contract) -> Result<Vec<String>> {
    let readme = fs::read_to_string(root.join("README.md"))?;
    let mut findings = Vec::new();
    for family in &contract.families {
        let row = family_row(contract, family);
        if !readme.contains(&row) {
            findings.push(format!("no row begins with {row}"));
        }
    }
    for (fence, file) in PROGRAMS {
        let program = fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"))?;
        if !shows(&readme, fence, &program) {
            findings.push(format!("no ```{fence} block is {file}"));
        }
    }
    findings.extend(snippets::check(root)?);
    Ok(findings)
}

/// How many operations and events a family has, and how sure their paths are.
fn family_row(contract: &Contract, family: &Family) -> String {
    let of_source = |source| {
        let operations = contract.operations_of(&family.name);
        operations.filter(|operation| operation.source == source).count()
    };
    let [documented, reported, assumed] = [Source::Documented, Source::Reported, Source::Assumed].map(of_source);
    let events = contract.events.iter().filter(|event| event.family == family.name).count();
    format!("| `{}` | {documented} | {reported} | {assumed} | {events} |", family.name)
}

fn shows(readme: &str, fence: &str, program: &str) -> bool {
    readme.contains(&format!("```{fence}\n{program}```\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_makes_a_difference() {
        let readme = "# A\n```python\nprint(1)\n```\nend\n";
        assert!(shows(readme, "python", "print(1)\n"));
        assert!(!shows(readme, "python", "print(2)\n"));
        assert!(!shows(readme, "js", "print(1)\n"));
    }
}
