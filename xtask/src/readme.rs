//! Checks that the README's programs are the files that the tests run, letter by letter.

use std::fs;
use std::path::Path;

use crate::Result;

/// The fence of a program in the README, and its file.
const PROGRAMS: &[(&str, &str)] = &[
    ("rust", "examples/rust/quickstart.rs"),
    ("python", "examples/python/quickstart.py"),
    ("js", "examples/node/quickstart.mjs"),
    ("kotlin", "examples/kotlin/Quickstart.kt"),
];

/// The programs that the README shows otherwise than they are.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let readme = fs::read_to_string(root.join("README.md"))?;
    let mut findings = Vec::new();
    for (fence, file) in PROGRAMS {
        let program = fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"))?;
        if !shows(&readme, fence, &program) {
            findings.push(format!("no ```{fence} block is {file}"));
        }
    }
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
