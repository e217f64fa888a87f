//! Checks that the README is true: its programs are whole files that the tests run, letter by letter, and its table says what the contract says.
//! No document shows a program that is not run.

use std::fs;
use std::path::Path;

use crate::Result;
use crate::ir::Contract;
use crate::snippets;
use crate::table::source;

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
    for operation in &contract.operations {
        let row = format!(
            "| `{}` | {} {} | {} |",
            operation.id,
            operation.method,
            operation.path,
            source(operation.source)
        );
        if !readme.contains(&row) {
            findings.push(format!("no row begins with {row}"));
        }
    }
    for event in contract
        .events
        .iter()
        .filter(|event| !readme.contains(&format!("| event `{}` |", event.kind)))
    {
        findings.push(format!("no row for the event {}", event.kind));
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
