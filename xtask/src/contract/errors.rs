//! The error table.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::problem::Problem;
use crate::case;
use crate::ir::{ErrorGroup, ErrorKind, Errors};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    root: String,
    groups: Vec<Group>,
    kinds: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    class: String,
    parent: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    kind: String,
    class: String,
    parent: String,
    retryable: bool,
    text: String,
    advice: String,
}

/// Reads `errors.yaml`.
pub fn parse(file: &str, text: &str) -> Result<Errors, Problem> {
    let table: Table = serde_yaml_ng::from_str(text).map_err(|error| Problem::new(file, error))?;
    let mut classes = BTreeSet::from([table.root.clone()]);
    let mut declare = |class: &str| {
        if classes.insert(class.to_owned()) {
            Ok(())
        } else {
            Err(Problem::new(file, format_args!("the class {class} stands there twice")))
        }
    };
    for class in table
        .groups
        .iter()
        .map(|group| &group.class)
        .chain(table.kinds.iter().map(|row| &row.class))
    {
        declare(class)?;
    }
    let mut kinds = BTreeSet::new();
    for row in &table.kinds {
        if !kinds.insert(&row.kind) {
            return Err(Problem::new(file, format_args!("the kind {} stands there twice", row.kind)));
        }
    }
    // Each language writes a class after its parent, so a parent has to come first.
    let mut known = BTreeSet::from([table.root.as_str()]);
    let rows = table.groups.iter().map(|group| (&group.class, &group.parent));
    for (class, parent) in rows.chain(table.kinds.iter().map(|row| (&row.class, &row.parent))) {
        if !known.contains(parent.as_str()) {
            return Err(Problem::new(
                file,
                format_args!("the parent {parent} of {class} does not stand above it"),
            ));
        }
        known.insert(class);
    }
    Ok(table.into())
}

impl From<Table> for Errors {
    fn from(table: Table) -> Self {
        let group = |group: Group| ErrorGroup {
            class: group.class,
            parent: group.parent,
            text: group.text,
        };
        let kind = |row: Row| ErrorKind {
            pascal: case::pascal(&row.kind),
            kind: row.kind,
            class: row.class,
            parent: row.parent,
            retryable: row.retryable,
            text: row.text,
            advice: row.advice,
        };
        Self {
            root: table.root,
            groups: table.groups.into_iter().map(group).collect(),
            kinds: table.kinds.into_iter().map(kind).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn table(kinds: &str) -> String {
        format!("root: Root\ngroups: [{{class: Group, parent: Root, text: T.}}]\nkinds:\n{kinds}")
    }

    fn row(kind: &str, class: &str, parent: &str) -> String {
        format!("  - {{kind: {kind}, class: {class}, parent: {parent}, retryable: false, text: T., advice: A.}}\n")
    }

    fn refusal(kinds: &str) -> String {
        parse("errors.yaml", &table(kinds)).expect_err("refused").to_string()
    }

    #[test]
    fn rows_get_their_rust_name() {
        let errors = parse("errors.yaml", &table(&row("rate_limited", "RateLimitedError", "Group"))).expect("parses");
        assert_eq!(errors.kinds[0].pascal, "RateLimited");
        assert_eq!(errors.groups[0].class, "Group");
    }

    #[test]
    fn a_parent_has_to_stand_above() {
        let late = row("one", "OneError", "TwoError") + &row("two", "TwoError", "Root");
        assert!(refusal(&late).contains("the parent TwoError of OneError does not stand above it"));
    }

    #[test]
    fn nothing_stands_twice() {
        assert!(refusal(&(row("one", "OneError", "Root") + &row("one", "TwoError", "Root"))).contains("the kind one stands there twice"));
        assert!(
            refusal(&(row("one", "OneError", "Root") + &row("two", "OneError", "Root"))).contains("the class OneError stands there twice")
        );
    }

    #[test]
    fn unknown_keys_are_refused() {
        assert!(
            refusal("  - {kind: one, class: OneError, parent: Root, retryable: false, text: T., advice: A., hint: H.}\n").contains("hint")
        );
    }
}
