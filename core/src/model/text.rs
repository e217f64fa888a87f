//! An answer as JSON text, for a language that makes its own objects of it.

use std::fmt;
use std::marker::PhantomData;

use super::style::Style;
use super::transcode::{transcode, transcode_start};
use super::write::{ref_text, to_text};
use super::{AnyModel, Language, Ref, Shape};

/// An answer as JSON text, with the names of a [`Language`]: what [`to_json_of`](super::to_json_of) writes of the model, and mostly made without
/// one.
pub struct JsonText<L> {
    /// The text.
    pub json: String,
    /// Whether it has ASCII letters only.
    pub is_ascii: bool,
    language: PhantomData<fn() -> L>,
}

impl<L> From<String> for JsonText<L> {
    fn from(json: String) -> Self {
        Self {
            is_ascii: json.is_ascii(),
            json,
            language: PhantomData,
        }
    }
}

impl<L> fmt::Debug for JsonText<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JsonText([{} bytes])", self.json.len())
    }
}

impl<L: Language> JsonText<L> {
    pub(crate) fn of(value: Ref<'_>) -> Self {
        ref_text(value, Style::of::<L>()).into()
    }
}

/// Makes the text of the answer that JSON begins with, and tells how long the answer is; none for what is written by a model only.
pub(crate) fn start_text<L: Language>(shape: &'static Shape, json: &str) -> Option<(JsonText<L>, usize)> {
    let (text, length) = transcode_start(shape, json, Style::of::<L>())?;
    Some((text.into(), length))
}

/// Makes the text of JSON of the given shape; none for what is written by a model only.
pub(crate) fn text_at_once<L: Language>(shape: &'static Shape, json: &[u8]) -> Option<JsonText<L>> {
    transcode(shape, json, Style::of::<L>()).map(JsonText::from)
}

/// Makes the text of an answer of the given shape. `decode` makes a model of it, for what is written by a model only.
pub(crate) fn read_text<L: Language>(
    shape: &'static Shape,
    json: &[u8],
    decode: impl FnOnce() -> Result<AnyModel, serde_json::Error>,
) -> Result<JsonText<L>, serde_json::Error> {
    let style = Style::of::<L>();
    let text = match transcode(shape, json, style) {
        Some(text) => text,
        None => to_text(&*decode()?, style),
    };
    Ok(text.into())
}
