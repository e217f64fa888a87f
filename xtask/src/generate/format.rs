//! The formatters of generated files.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use super::file::GeneratedFile;
use crate::result::Result;

/// By the end of the file's name: a program that reads a file from its input and writes it, formatted, to its output. Only programs that come with the
/// Rust toolchain: whoever generates has that, and not all others.
const FORMATTERS: &[(&str, &[&str])] = &[(".rs", &["rustfmt", "--edition", "2024"])];

/// The file as the formatter of its type writes it.
pub fn apply(root: &Path, file: GeneratedFile) -> Result<GeneratedFile> {
    let Some((_, command)) = FORMATTERS.iter().find(|(ending, _)| file.path.ends_with(ending)) else {
        return Ok(file);
    };
    let text = run(root, command, &file.text).map_err(|error| format!("{}: {}: {error}", file.path, command.join(" ")))?;
    Ok(GeneratedFile { text, ..file })
}

fn run(root: &Path, command: &[&str], text: &str) -> Result<String> {
    let Some((program, arguments)) = command.split_first() else {
        return Ok(text.to_owned());
    };
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let input = child.stdin.take().ok_or("has no input")?;
    // From another thread: the program may write before it has read everything.
    let output = std::thread::scope(|scope| {
        scope.spawn(move || { input }.write_all(text.as_bytes()));
        child.wait_with_output()
    })?;
    if output.status.success() {
        Ok(String::from_utf8(output.stdout)?)
    } else {
        Err(first_lines(&String::from_utf8_lossy(&output.stderr)).into())
    }
}

/// A mistake in a template can make every line of the file wrong: the first message tells it.
fn first_lines(text: &str) -> String {
    text.lines().take(12).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> GeneratedFile {
        GeneratedFile {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn rust_is_formatted_and_other_text_left() {
        let root = Path::new(".");
        let formatted = apply(root, file("a.rs", "fn  a( ){}")).expect("formats");
        assert_eq!(formatted.text, "fn a() {}\n");
        assert_eq!(apply(root, file("a.md", "a  b")).expect("leaves").text, "a  b");
    }

    #[test]
    fn what_cannot_be_formatted_is_named() {
        let error = apply(Path::new("."), file("core/a.rs", "fn {")).expect_err("no Rust");
        assert!(error.to_string().starts_with("core/a.rs: rustfmt"), "{error}");
    }
}
