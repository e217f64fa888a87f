//! The templates and the filters that every language has. How to add one stands in [`crate::ir`].

use std::path::Path;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, path_loader};

use super::file::GENERATED_BY;
use crate::{Result, case};

const WIDTH: usize = 120;

/// All templates, by `<language>/<file>`.
#[derive(Clone, Debug)]
pub struct Templates(Environment<'static>);

impl Templates {
    /// Takes templates from a folder that has a folder for each language. Each is read when it is first used.
    pub fn load(folder: &Path) -> Result<Self> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_syntax(
            SyntaxConfig::builder()
                .trim_blocks(true)
                .lstrip_blocks(true)
                .keep_trailing_newline(true)
                .build()?,
        );
        environment.add_global("generated_by", GENERATED_BY);
        environment.add_filter("snake", |name: &str| case::snake(name));
        environment.add_filter("camel", |name: &str| case::camel(name));
        environment.add_filter("pascal", |name: &str| case::pascal(name));
        environment.add_filter("screaming", |name: &str| case::screaming(name));
        environment.add_filter("comment", comment);
        environment.add_filter("json_string", |text: &str| json_string(text));
        environment.add_filter("escape_cells", |text: &str| {
            text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
        });
        environment.set_loader(path_loader(folder));
        Ok(Self(environment))
    }

    /// The same templates with what one language needs beyond the shared filters.
    pub fn with_filters(&self, add: impl FnOnce(&mut Environment<'static>)) -> Self {
        let mut environment = self.0.clone();
        add(&mut environment);
        Self(environment)
    }

    /// The text of a template, with one line break at its end.
    pub fn render(&self, name: &str, context: impl Into<Value>) -> Result<String> {
        let template = self.0.get_template(name).map_err(|error| format!("{name}: {error:#}"))?;
        let text = template.render(context).map_err(|error| format!("{name}: {error:#}"))?;
        Ok(format!("{}\n", text.trim_end()))
    }
}

/// A text as lines of comment: wrapped at 120 columns, the prefix before every line, no line break at the end.
///
/// Lines of the text that follow each other belong to one paragraph, except list items (`- `) and what is indented.
fn comment(text: &str, prefix: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut continues = false;
    // Where the further lines of a list item begin: Markdown would else take them for something else.
    let mut hanging = 0;
    for line in text.trim().lines() {
        let indent = line.len() - line.trim_start().len();
        let begins_anew = line.trim().is_empty() || line.trim_start().starts_with("- ") || indent > 0;
        let mut current = if continues && !begins_anew {
            lines.pop().unwrap_or_default()
        } else {
            String::new()
        };
        if current.is_empty() {
            current.push_str(&line[..indent]);
            hanging = if line.trim_start().starts_with("- ") { indent + 2 } else { 0 };
        }
        for word in unbreakable_words(line) {
            let room = WIDTH.saturating_sub(prefix.chars().count());
            if !current.trim().is_empty() && current.chars().count() + 1 + word.chars().count() > room {
                lines.push(std::mem::replace(&mut current, " ".repeat(hanging)));
            }
            if !current.trim().is_empty() {
                current.push(' ');
            }
            current.push_str(&word);
        }
        continues = !line.trim().is_empty();
        lines.push(current);
    }
    lines
        .iter()
        .map(|line| format!("{prefix}{line}").trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The words of a line. One that would mean something to Markdown at the start of a line stays with the word before it.
fn unbreakable_words(line: &str) -> Vec<String> {
    line.split_whitespace().fold(Vec::new(), |mut words, word| {
        match words.last_mut() {
            Some(before) if [">", "-", "+", "*", "=", "|"].contains(&word) || word.starts_with('#') => {
                before.push(' ');
                before.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
        words
    })
}

/// A text in quotes as JSON writes it, which Python and JavaScript read as the same text.
fn json_string(text: &str) -> std::result::Result<String, Error> {
    serde_json::to_string(text).map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::context;

    #[test]
    fn comments_are_wrapped_and_keep_their_paragraphs() {
        let long = "word ".repeat(40);
        let text = format!("First\nline.\n\n{long}\n- one {long}\nand {long}\n- two\n    code");
        let lines = comment(&text, "  /// ");
        assert!(
            lines.lines().all(|line| line.chars().count() <= WIDTH && line.starts_with("  ///")),
            "{lines}"
        );
        assert!(lines.starts_with("  /// First line.\n  ///\n  /// word word"), "{lines}");
        assert!(lines.ends_with("\n  /// - two\n  ///     code"), "{lines}");
        let item: Vec<_> = lines.lines().skip_while(|line| !line.starts_with("  /// - one word")).collect();
        assert!(
            item.len() > 4 && item[1..item.len() - 2].iter().all(|line| line.starts_with("  ///   word")),
            "{lines}"
        );
    }

    #[test]
    fn no_line_begins_with_what_markdown_takes_for_a_mark() {
        let title = "Collection > Calling - Tasks ".repeat(20);
        let lines = comment(&title, "/// ");
        assert!(lines.lines().count() > 3);
        assert!(
            !lines.lines().any(|line| line.starts_with("/// >") || line.starts_with("/// -")),
            "{lines}"
        );
    }

    #[test]
    fn a_name_that_does_not_exist_is_an_error() {
        let folder = tempfile::tempdir().expect("folder");
        std::fs::create_dir(folder.path().join("x")).expect("language");
        std::fs::write(folder.path().join("x/one.j2"), "{{ missing.summary }}").expect("template");
        let templates = Templates::load(folder.path()).expect("loads");
        let error = templates.render("x/one.j2", context! {}).expect_err("undefined");
        assert!(error.to_string().contains("x/one.j2"), "{error}");
    }
}
