//! Text for JavaScript.

use napi::bindgen_prelude::{Either3, Latin1String};

use crate::failure::{Failure, Outcome};

/// ASCII is passed as Latin-1, which V8 copies as it is.
pub(crate) type Text = Either3<Latin1String, String, Failure>;

pub(crate) fn text(outcome: Outcome<String>) -> Text {
    match outcome {
        Outcome::A(text) if text.is_ascii() => Text::A(text.into()),
        Outcome::A(text) => Text::B(text),
        Outcome::B(failure) => Text::C(failure),
    }
}
