//! Python source as ruff formats it, so that generating needs no Python.

const WIDTH: usize = 120;

/// A text as it stands inside a docstring.
pub fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"")
}

/// An import as ruff formats it.
pub fn imported(indent: &str, module: &str, names: &[String]) -> String {
    let mut names = names.to_vec();
    names.sort_by_key(|name| name.to_lowercase());
    let line = format!("{indent}from {module} import {}", names.join(", "));
    if line.chars().count() <= WIDTH {
        return line;
    }
    let separator = format!(",\n{indent}    ");
    format!("{indent}from {module} import (\n{indent}    {},\n{indent})", names.join(&separator))
}

/// A type alias of one of many types, as ruff formats it.
pub fn union(name: &str, types: &[String]) -> String {
    let line = format!("{name}: TypeAlias = {}", types.join(" | "));
    if line.chars().count() <= WIDTH {
        return line;
    }
    let inner = format!("    {}", types.join(" | "));
    if inner.chars().count() <= WIDTH {
        return format!("{name}: TypeAlias = (\n{inner}\n)");
    }
    format!("{name}: TypeAlias = (\n    {}\n)", types.join("\n    | "))
}

/// A docstring: on one line when it fits there.
pub fn docstring(text: &str, indent: &str) -> String {
    let text = escaped(text.trim());
    let end = if text.ends_with('"') { " \"\"\"" } else { "\"\"\"" };
    let one_line = format!("{indent}\"\"\"{text}{end}");
    if !text.contains('\n') && one_line.chars().count() <= WIDTH {
        return one_line;
    }
    // Tools show the first line alone, so the first sentence gets a line of its own.
    let text = if text.contains('\n') {
        text
    } else {
        text.replacen(". ", ".\n\n", 1)
    };
    let text = format!("\"\"\"{text}");
    let paragraphs: Vec<_> = text.split("\n\n").map(|paragraph| wrapped(paragraph, indent, indent)).collect();
    format!("{}\n{indent}\"\"\"", paragraphs.join("\n\n"))
}

/// A paragraph whose further lines stand further in.
pub fn hanging(text: &str, indent: &str) -> String {
    wrapped(text, indent, &format!("{indent}    "))
}

fn wrapped(text: &str, first: &str, further: &str) -> String {
    let mut lines = vec![first.to_owned()];
    for word in text.split_whitespace() {
        let Some(line) = lines.last_mut() else { break };
        let is_begun = !line.trim().is_empty();
        if is_begun && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(format!("{further}{word}"));
        } else {
            line.push_str(if is_begun { " " } else { "" });
            line.push_str(word);
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_long_takes_a_line_for_each_name() {
        let short = ["One".to_owned(), "Two".to_owned()];
        let long = ["A".repeat(60), "B".repeat(60)];
        let mixed = ["OneTwo".to_owned(), "Ones".to_owned()];
        assert_eq!(imported("", "a.b", &short), "from a.b import One, Two");
        assert_eq!(imported("", "a.b", &mixed), "from a.b import Ones, OneTwo");
        let lines = format!("    from a.b import (\n        {},\n        {},\n    )", long[0], long[1]);
        assert_eq!(imported("    ", "a.b", &long), lines);
        assert_eq!(union("Any", &short), "Any: TypeAlias = One | Two");
        assert_eq!(
            union("Any", &long),
            format!("Any: TypeAlias = (\n    {}\n    | {}\n)", long[0], long[1])
        );
        let middling = ["A".repeat(55), "B".repeat(55)];
        let inner = format!("    {} | {}", middling[0], middling[1]);
        assert_eq!(union("Any", &middling), format!("Any: TypeAlias = (\n{inner}\n)"));
    }

    #[test]
    fn docstrings_are_escaped_and_wrapped() {
        assert_eq!(docstring("A day.", "    "), "    \"\"\"A day.\"\"\"");
        assert_eq!(docstring("It says \"no\"", ""), "\"\"\"It says \"no\" \"\"\"");
        assert_eq!(docstring("a \\ and \"\"\"", ""), "\"\"\"a \\\\ and \\\"\\\"\\\" \"\"\"");
        assert_eq!(docstring("One.\n\nTwo.", "  "), "  \"\"\"One.\n\n  Two.\n  \"\"\"");
        let long = docstring(&"word ".repeat(40), "    ");
        assert!(
            long.lines().all(|line| line.chars().count() <= WIDTH && line.starts_with("    ")),
            "{long}"
        );
    }
}
