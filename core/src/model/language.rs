//! How a language wants the JSON text of an answer.

use crate::schema::Case;

/// The JSON text of answers that a language reads. One that stands for the language implements it.
pub trait Language: Send + Sync + 'static {
    /// How its fields are spelled.
    const CASE: Case;
    /// Whether what may be one of several models begins with the name of the model that it is, under the empty name.
    const NAMES_VARIANTS: bool = false;
}

/// A [`Language`] as a value.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Style {
    pub(crate) case: Case,
    pub(crate) names_variants: bool,
}

impl Style {
    pub(crate) const fn of<L: Language>() -> Self {
        Self {
            case: L::CASE,
            names_variants: L::NAMES_VARIANTS,
        }
    }
}

impl From<Case> for Style {
    fn from(case: Case) -> Self {
        Self {
            case,
            names_variants: false,
        }
    }
}

/// Where the name of a variant stands: no field is called so.
pub(crate) const VARIANT: &str = "";
