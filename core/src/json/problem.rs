//! Why input is refused.

use std::fmt;

use crate::schema::{Case, Shape, UnionShape};

/// Why an argument is refused. It never holds the argument's value.
#[derive(Debug)]
pub struct Problem {
    /// Where, from the inside out.
    path: Vec<Step>,
    what: String,
}

#[derive(Debug)]
enum Step {
    Name(&'static str),
    Index(usize),
}

impl Problem {
    /// A problem of the value itself. `what` continues a sentence that begins with the value's path.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            path: Vec::new(),
            what: what.into(),
        }
    }

    pub(crate) fn missing() -> Self {
        Self::new("is missing")
    }

    pub(crate) fn empty() -> Self {
        Self::new("is empty")
    }

    pub(crate) fn in_field(mut self, name: &'static str) -> Self {
        self.path.push(Step::Name(name));
        self
    }

    pub(crate) fn at(mut self, index: usize) -> Self {
        self.path.push(Step::Index(index));
        self
    }

    /// Names the unknown field if it looks like a name: it may be data in the wrong place.
    pub(crate) fn unknown_field(shape: &'static Shape, unknown: &str, case: Case) -> Self {
        let is_name = unknown.len() <= 40 && unknown.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        let shown = if is_name { format!("`{unknown}`") } else { "a name".to_owned() };
        let names = shape.fields.iter().map(|field| case.name_of(field));
        let closest = names.map(|name| (distance(name, unknown), name)).min();
        let meant = closest.filter(|(distance, _)| is_name && *distance <= 3);
        let hint = meant.map_or_else(String::new, |(_, name)| format!(" (did you mean `{name}`?)"));
        Self::new(format!(
            "{shown} is not a field of {}{hint}; fields beyond the contract go into `extra`, by their wire names",
            shape.name
        ))
    }

    /// Says which variants have a field. The discriminator's own text is not shown unless it is one of the contract's.
    pub(crate) fn foreign_field(union: &UnionShape, variant: usize, index: usize, case: Case) -> Self {
        let discriminator = union.discriminator().map_or("", |field| case.name_of(field));
        let owners = union
            .variants
            .iter()
            .filter(|variant| matches!(variant.fields.get(index), Some(Some(_))));
        let owners: Vec<_> = owners.filter_map(|variant| variant.tag).map(|tag| format!("`{tag}`")).collect();
        let tag = union.variants.get(variant).and_then(|variant| variant.tag);
        let given = tag.map_or_else(|| "is another".to_owned(), |tag| format!("is `{tag}`"));
        Self::new(format!(
            "goes with the `{discriminator}` {}, but here it {given}; fields beyond the contract go into `extra`, by their wire names",
            owners.join(" or ")
        ))
    }

    pub(crate) fn no_discriminator(union: &UnionShape, name: &str) -> Self {
        let tags: Vec<_> = union.variants.iter().filter_map(|variant| variant.tag).collect();
        Self::new(format!(
            "must have `{name}`, which says what it is: `{}`, or something else that AI Rudder knows",
            tags.join("`, `")
        ))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return f.write_str(&self.what);
        }
        f.write_str("`")?;
        for (depth, step) in self.path.iter().rev().enumerate() {
            match step {
                Step::Name(name) if depth == 0 => f.write_str(name)?,
                Step::Name(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        write!(f, "` {}", self.what)
    }
}

/// Edit distance of names of at most 40 letters.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(41).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let substituted = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}
