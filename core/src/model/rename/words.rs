//! What is said of input that does not fit.

use super::super::{Case, Kind, Problem, Shape};

pub(super) const fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Integer => "a whole number",
        Kind::Number => "a number",
        Kind::Boolean => "true or false",
        Kind::Json => "JSON",
        Kind::Model(_) | Kind::Union(_) | Kind::Map(_) => "an object",
        Kind::List(_) => "a list",
    }
}

/// Names the field that is not known, as far as it looks like a name: it may be data in the wrong place.
pub(super) fn unknown_field(shape: &'static Shape, unknown: &str, case: Case) -> Problem {
    let is_name = unknown.len() <= 40 && unknown.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    let shown = if is_name { format!("`{unknown}`") } else { "a name".to_owned() };
    let meant = shape
        .fields
        .iter()
        .map(|field| case.name_of(field))
        .min_by_key(|name| distance(name, unknown))
        .filter(|name| is_name && distance(name, unknown) <= 3);
    let hint = meant.map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"));
    Problem::new(format!(
        "{shown} is not a field of {}{hint}; fields beyond the contract go into `extra`, by their wire names",
        shape.name
    ))
}

/// Edit distance, of names of at most 40 letters.
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
