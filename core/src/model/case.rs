use super::Field;

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
}
