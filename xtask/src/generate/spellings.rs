//! What the contract's names are called in a language, for texts that speak of them.

use std::collections::BTreeMap;

use crate::case;
use crate::ir::{Contract, Field, Operation};

/// How a language spells names.
#[derive(Clone, Copy, PartialEq)]
pub enum Case {
    /// `task_id`
    Snake,
    /// `taskId`
    Camel,
}

impl Case {
    fn field(self, field: &Field) -> &str {
        match self {
            Self::Snake => &field.name,
            Self::Camel => &field.camel,
        }
    }

    fn operation(self, operation: &Operation) -> String {
        match self {
            Self::Snake => operation.id.clone(),
            Self::Camel => format!("{}.{}", case::camel(&operation.family), operation.camel),
        }
    }

    /// A setting, or an attribute of errors.
    fn other(self, name: &str) -> String {
        let is_snake = name.contains('_') && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
        if self == Self::Camel && is_snake {
            case::camel(name)
        } else {
            name.to_owned()
        }
    }
}

/// The names of the contract and how a language spells them.
pub struct Spellings {
    case: Case,
    names: BTreeMap<String, String>,
}

impl Spellings {
    /// The wire names that mean the same field wherever they stand, the operations, and what no language spells in its own way: values.
    pub fn of(contract: &Contract, case: Case) -> Self {
        let fields = || contract.models.iter().flat_map(|model| &model.fields);
        let is_clear = |field: &&Field| fields().all(|other| other.wire != field.wire || case.field(other) == case.field(field));
        let names = fields()
            .filter(is_clear)
            .map(|field| (field.wire.clone(), case.field(field).to_owned()));
        let values = fields().flat_map(|field| field.known_values.iter().chain(&field.constant));
        let values = values.map(|value| (value.clone(), value.clone()));
        let operations = contract
            .operations
            .iter()
            .map(|operation| (operation.id.clone(), case.operation(operation)));
        // The codes of errors are the same in every language.
        let errors = contract.errors.kinds.iter().map(|kind| (kind.kind.clone(), kind.kind.clone()));
        Self {
            case,
            names: values.chain(names).chain(operations).chain(errors).collect(),
        }
    }

    /// A text with the names in backticks as the language spells them.
    pub fn speak(&self, text: &str) -> String {
        let spell = |(index, part): (usize, &str)| match self.names.get(part) {
            _ if index % 2 == 0 => part.to_owned(),
            Some(known) => format!("`{known}`"),
            None => format!("`{}`", self.case.other(part)),
        };
        let spoken: String = text.split('`').enumerate().map(spell).collect();
        match self.case {
            Case::Snake => spoken,
            // The languages of camel case put these texts between /** and */.
            Case::Camel => spoken.replace("*/", "* /"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_speak_of_names_as_the_language_spells_them() {
        let speak = |case, known: &[(&str, &str)]| {
            let names = known
                .iter()
                .map(|(name, spelled)| ((*name).to_owned(), (*spelled).to_owned()))
                .collect();
            Spellings { case, names }.speak("`RobotID` of `tasks.cancel_call`, `retry_after`, `YYYY-MM-DD`, RobotID */")
        };
        assert_eq!(
            speak(Case::Camel, &[("RobotID", "robotId"), ("tasks.cancel_call", "tasks.cancelCall")]),
            "`robotId` of `tasks.cancelCall`, `retryAfter`, `YYYY-MM-DD`, RobotID * /"
        );
        assert_eq!(
            speak(Case::Snake, &[("RobotID", "robot_id")]),
            "`robot_id` of `tasks.cancel_call`, `retry_after`, `YYYY-MM-DD`, RobotID */"
        );
    }
}
