//! The JSON that Kotlin reads.
//!
//! Names are those of Rust, whatever they are in Kotlin: core's camel case turns large numbers into text, for JavaScript, and Kotlin has no need of
//! that. What may be one of several models says which one it is, for core alone knows how it was told.

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
