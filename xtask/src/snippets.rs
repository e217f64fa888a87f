//! Checks that every program in the documents is run: its lines stand, one after another, in a file that the tests run.

use std::fs;
use std::path::{Path, PathBuf};

use crate::result::Result;

/// Where the programs of a language are run. A language that is not here is run nowhere.
const RUN: &[(&str, &str, &[&str])] = &[
    ("rust", "rs", &["examples/rust", "core/tests"]),
    ("python", "py", &["examples/python", "bindings-python/tests"]),
    ("js", "mjs", &["examples/node", "bindings-node/test"]),
    (
        "kotlin",
        "kt",
        &["examples/kotlin", "bindings-kotlin/airudder/src/test/kotlin/com/airudder"],
    ),
    ("java", "java", &["bindings-kotlin/airudder/src/test/java/com/airudder"]),
];
/// What the documents show beside programs.
const NO_PROGRAMS: &[&str] = &["json", "sh", "text"];

/// A program in a document.
#[derive(Debug, PartialEq)]
struct Snippet<'a> {
    language: &'a str,
    /// The line of the document where it begins.
    line: usize,
    code: Vec<&'a str>,
}

/// The programs in the documents that no test runs.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for path in documents(root)? {
        let document = read(&path)?;
        for snippet in snippets(&document) {
            if !runs(root, &snippet)? {
                let Snippet { language, line, .. } = snippet;
                let path = path.strip_prefix(root)?.display();
                findings.push(format!("{path}:{line}: no test runs this ```{language} block as it stands"));
            }
        }
    }
    Ok(findings)
}

fn documents(root: &Path) -> Result<Vec<PathBuf>> {
    let mut documents = files(root, "md")?;
    documents.extend(files(&root.join("docs"), "md")?);
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let name = entry.file_name();
        if name == "core" || name.to_string_lossy().starts_with("bindings-") {
            documents.push(entry.path().join("README.md"));
        }
    }
    documents.sort();
    Ok(documents)
}

fn runs(root: &Path, snippet: &Snippet) -> Result<bool> {
    for (_, extension, folders) in RUN.iter().filter(|(language, ..)| *language == snippet.language) {
        for folder in *folders {
            for path in files(&root.join(folder), extension)? {
                if contains(&read(&path)?, &snippet.code) {
                    return Ok(true);
                }
            }
        }
    }
    Ok(false)
}

fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    Ok(files)
}

fn read(path: &Path) -> Result<String> {
    Ok(fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?)
}

fn snippets(document: &str) -> Vec<Snippet<'_>> {
    let mut snippets = Vec::new();
    let mut lines = document.lines().map(str::trim).enumerate();
    while let Some((number, line)) = lines.next() {
        let Some(language) = line.strip_prefix("```") else { continue };
        let code = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
        let code: Vec<_> = code.filter(|line| !line.is_empty()).collect();
        if !NO_PROGRAMS.contains(&language) {
            snippets.push(Snippet {
                language,
                line: number + 1,
                code,
            });
        }
    }
    snippets
}

/// Whether a file has these lines in one piece. Blank lines and indentation differ with where a program stands.
fn contains(file: &str, code: &[&str]) -> bool {
    let lines: Vec<_> = file.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    !code.is_empty() && lines.windows(code.len()).any(|window| window == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "# A\n```python\nwith a:\n\n    print(1)\n```\n\n```sh\nmake\n```\n- b\n  ```ts\n  c()\n  ```\n";

    #[test]
    fn a_document_has_the_programs_that_are_fenced() {
        let [python, other] = &snippets(DOCUMENT)[..] else {
            panic!("{:?}", snippets(DOCUMENT))
        };
        assert_eq!((python.language, python.line), ("python", 2));
        assert_eq!(python.code, ["with a:", "print(1)"]);
        assert_eq!((other.language, other.line), ("ts", 12));
        assert_eq!(other.code, ["c()"]);
    }

    #[test]
    fn one_letter_or_one_more_line_makes_a_difference() {
        let code = ["with a:", "print(1)"];
        assert!(contains("def test():\n    with a:\n        print(1)\n\n    assert b\n", &code));
        assert!(!contains("with a:\n    print(2)\n", &code));
        assert!(!contains("with a:\n    b()\n    print(1)\n", &code));
        assert!(!contains("with a:\n", &code));
        assert!(!contains("anything", &[]));
    }

    #[test]
    fn a_program_that_no_test_runs_is_found() -> Result<()> {
        let root = tempfile::tempdir()?;
        let folders = RUN.iter().flat_map(|(_, _, folders)| *folders);
        for folder in folders.chain(&["docs", "bindings-python"]) {
            fs::create_dir_all(root.path().join(folder))?;
        }
        for package in ["bindings-node", "bindings-kotlin", "core"] {
            fs::write(root.path().join(package).join("README.md"), "")?;
        }
        fs::write(root.path().join("bindings-python/README.md"), DOCUMENT)?;
        let test = root.path().join("bindings-python/tests/test_readme.py");
        let found = |line, language| format!("bindings-python/README.md:{line}: no test runs this ```{language} block as it stands");

        fs::write(&test, "with a:\n    print(1)\n")?;
        assert_eq!(check(root.path())?, [found(12, "ts")]);
        fs::write(&test, "with a:\n    print(l)\n")?;
        assert_eq!(check(root.path())?, [found(2, "python"), found(12, "ts")]);
        Ok(())
    }
}
