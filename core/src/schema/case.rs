use std::borrow::Cow;

use super::shape::Field;

/// How field names are spelled towards the user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Case {
    /// `task_id`, as in Rust and Python.
    #[default]
    Snake,
    /// `taskId`, as in Node and Kotlin.
    Camel,
}

impl Case {
    /// The field's name in this case.
    #[must_use]
    pub const fn name_of(self, field: &Field) -> &'static str {
        match self {
            Self::Snake => field.name,
            Self::Camel => field.camel,
        }
    }

    /// Spells the names between backticks in this case. They are given in snake case.
    #[must_use]
    pub fn spell(self, text: &str) -> Cow<'_, str> {
        if self == Self::Snake || !text.contains('`') {
            return text.into();
        }
        // Every part, since AI Rudder's own message in it may hold a single backtick. Only names change.
        let spelled: Vec<_> = text.split('`').map(camel).collect();
        spelled.join("`").into()
    }
}

/// A name of small letters and underscores in camel case; anything else as it is.
fn camel(name: &str) -> String {
    if !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
        return name.to_owned();
    }
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let (first, rest) = word.split_at(word.len().min(1));
        camel.push_str(&first.to_ascii_uppercase());
        camel.push_str(rest);
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_between_backticks_follow_the_language() {
        let text = "`max_response_bytes` or AIRUDDER_X: `details[1].mobile`, `TaskID`, raise max_retries";
        assert_eq!(Case::Snake.spell(text), text);
        assert_eq!(
            Case::Camel.spell(text),
            "`maxResponseBytes` or AIRUDDER_X: `details[1].mobile`, `TaskID`, raise max_retries"
        );
        assert_eq!(
            Case::Camel.spell("says \"a ` b\", raise `max_retries`"),
            "says \"a ` b\", raise `maxRetries`"
        );
    }
}
