//! How sure the contract is of what it says.

use super::document::Node;
use super::problem::Problem;
use crate::ir::{Alias, Source};

/// How sure a node says that it is.
pub fn source(node: &Node) -> Result<Option<Source>, Problem> {
    let source = node.text("x-airudder-source")?;
    source
        .map(|name| source_named(&name).ok_or_else(|| unknown_source(node, "x-airudder-source", &name)))
        .transpose()
}

fn source_named(name: &str) -> Option<Source> {
    match name {
        "documented" => Some(Source::Documented),
        "reported" => Some(Source::Reported),
        "assumed" => Some(Source::Assumed),
        _ => None,
    }
}

fn unknown_source(node: &Node, key: &str, name: &str) -> Problem {
    node.problem(format!("`{key}: {name}` is none of documented, reported, assumed"))
}

/// The other names of a field on the wire, each with its source.
pub fn aliases(node: &Node) -> Result<Vec<Alias>, Problem> {
    let aliases = node.entries("x-airudder-aliases").into_iter().map(|(name, node)| {
        let source = node.value.as_str().unwrap_or_default();
        let source = source_named(source).ok_or_else(|| unknown_source(&node, &name, source))?;
        Ok(Alias { name, source })
    });
    aliases.collect()
}
