//! The JSON that Kotlin reads.
//!
//! Names are in snake case, although Kotlin's are not: core's camel case is JavaScript's, and writes large numbers as text. A value of a union names its
//! variant, which only core can detect.

use airudder::model::{Model, to_json_of};
use airudder::{Case, Language};

/// Answers as Kotlin reads them.
#[derive(Debug)]
pub(crate) struct Kotlin;

impl Language for Kotlin {
    const CASE: Case = Case::Snake;
    const NAMES_VARIANTS: bool = true;
}

pub(crate) fn json(model: &dyn Model) -> String {
    to_json_of::<Kotlin>(model)
}
