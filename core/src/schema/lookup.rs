//! Finds a field by the name that came over the wire.

use super::shape::{Field, Shape};

/// How closely a name matches a field. The closest of two names in one object wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spelling {
    /// The contract's wire name.
    Exact,
    /// The wire name but for case and `_`.
    Loose,
    /// One of the contract's aliases, again regardless of case and `_`.
    Alias,
}

impl Shape {
    /// The index of the field with this wire name, in the closest spelling there is.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<(usize, Spelling)> {
        let fields = || self.fields.iter().enumerate();
        if let Some((index, _)) = fields().find(|(_, field)| field.wire == name) {
            return Some((index, Spelling::Exact));
        }
        if let Some((index, _)) = fields().find(|(_, field)| same_letters(field.wire, name)) {
            return Some((index, Spelling::Loose));
        }
        let is_alias = |field: &Field| field.aliases.iter().any(|(alias, _)| same_letters(alias, name));
        let (index, _) = fields().find(|(_, field)| is_alias(field))?;
        Some((index, Spelling::Alias))
    }
}

/// Whether two names differ in nothing but ASCII case and `_`.
pub(crate) fn same_letters(left: &str, right: &str) -> bool {
    letters(left).eq(letters(right))
}

fn letters(name: &str) -> impl Iterator<Item = u8> {
    let letters = name.bytes().filter(|byte| *byte != b'_');
    letters.map(|byte| byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Format, Kind, Source};

    const fn field(wire: &'static str, aliases: &'static [(&'static str, Source)]) -> Field {
        Field {
            name: "f",
            camel: "f",
            wire,
            aliases,
            kind: Kind::Text,
            format: Format::Any,
            constant: None,
            required: false,
            sensitive: false,
            source: Source::Assumed,
        }
    }

    static FIELDS: &[Field] = &[
        field("TaskID", &[("job", Source::Reported)]),
        field("task_name", &[]),
        field("Job_No", &[]),
    ];
    static SHAPE: Shape = Shape::new("Shape", FIELDS);

    #[test]
    fn the_closest_spelling_wins() {
        for (name, expected) in [
            ("TaskID", Some((0, Spelling::Exact))),
            ("task_id", Some((0, Spelling::Loose))),
            ("TASKID", Some((0, Spelling::Loose))),
            ("TaskName", Some((1, Spelling::Loose))),
            ("jobno", Some((2, Spelling::Loose))),
            ("JOB", Some((0, Spelling::Alias))),
            ("j_ob", Some((0, Spelling::Alias))),
            ("task", None),
            ("", None),
            ("_", None),
            ("TaskÏD", None),
        ] {
            assert_eq!(SHAPE.find(name), expected, "{name}");
        }
    }
}
