//! Text on its way to JavaScript.

use napi::bindgen_prelude::{Either3, Latin1String};

use crate::failure::{Failure, Outcome};

/// Text that is ASCII crosses as what V8 holds it as.
pub(crate) type Text = Either3<Latin1String, String, Failure>;

pub(crate) fn text(outcome: Outcome<String>) -> Text {
    match outcome {
        Outcome::A(text) if text.is_ascii() => Text::A(text.into()),
        Outcome::A(text) => Text::B(text),
        Outcome::B(failure) => Text::C(failure),
    }
}
