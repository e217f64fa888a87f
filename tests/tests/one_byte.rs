//! The proof that the suites of all languages look at every byte: one byte of one case is changed, and every suite turns red and says which.
//!
//! It needs what the suites need, so it does not run with the crate's other tests: `make test` runs it last, when all suites have passed with the
//! byte as it is.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const CASE: &str = "tasks/create";
/// In the body that the case expects.
const BYTE: (&str, &str) = (r#"{\"TaskName\":\"Reminders\""#, r#"{\"TaskName\":\"Remindert\""#);
const PROBLEM: &str = "body differs at byte 21: expected `t";

/// The command that runs the suite of a language, from the root of the workspace.
const SUITES: [(&str, &[&str]); 4] = [
    ("rust", &["cargo", "test", "--package", "airudder-tests", "--test", "conformance"]),
    ("python", &["python3", "bindings-python/dev.py", "test", "tests/test_cases.py"]),
    ("node", &["node", "--test", "bindings-node/test/conformance.test.mjs"]),
    (
        "kotlin",
        &[
            "mvn",
            "--batch-mode",
            "--no-transfer-progress",
            "--quiet",
            "--file",
            "bindings-kotlin/pom.xml",
            "--projects",
            "airudder",
            "-Dtest=ConformanceTest",
            "test",
        ],
    ),
];

#[test]
fn one_changed_byte_turns_every_suite_red() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folder = tempfile::tempdir().unwrap();
    copy_cases(&root.join("tests/cases"), folder.path());

    change_a_byte(&folder.path().join("tasks.json"));

    let mut problems = Vec::new();
    for (language, command) in SUITES {
        let (passed, said) = run(root, folder.path(), command);
        if passed {
            problems.push(format!("{language} passes although a byte was changed"));
        } else if !said.contains(CASE) || !said.contains(PROBLEM) {
            problems.push(format!("{language} fails without naming {CASE} and the byte:\n{said}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

fn copy_cases(from: &Path, to: &Path) {
    let files: Vec<PathBuf> = fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!files.is_empty());
    for file in files {
        fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
    }
}

fn change_a_byte(file: &Path) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(BYTE.0));
    let changed = text.replacen(BYTE.0, BYTE.1, 1);
    let different = text.bytes().zip(changed.bytes()).filter(|(old, new)| old != new).count();
    assert_eq!((different, text.len()), (1, changed.len()));
    fs::write(file, changed).unwrap();
}

/// Whether the suite passes, and all that it says.
fn run(root: &Path, cases: &Path, command: &[&str]) -> (bool, String) {
    let outcome = Command::new(command[0])
        .args(&command[1..])
        .current_dir(root)
        .env("AIRUDDER_CASES", cases)
        .env("AIRUDDER_CASE", CASE)
        .env("RUST_BACKTRACE", "0")
        .output()
        .unwrap();
    let said = [outcome.stdout, outcome.stderr].concat();
    (outcome.status.success(), String::from_utf8_lossy(&said).into_owned())
}
