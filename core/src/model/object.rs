//! Writes a JSON object piece by piece.

use super::Written;

/// The value of a field, to be written.
pub(crate) enum Piece<'a> {
    /// A value.
    Value(Written<'a>),
    /// JSON as it is.
    Json(&'a [u8]),
}

impl Piece<'_> {
    /// As it stands in a query string: text as it is, everything else as JSON.
    pub(crate) fn query_text(&self) -> String {
        let value = match self {
            Self::Value(value) => serde_json::to_value(value),
            Self::Json(json) => serde_json::from_slice(json),
        };
        match value {
            Ok(serde_json::Value::String(text)) => text,
            Ok(other) => other.to_string(),
            Err(_) => String::new(),
        }
    }
}

/// Writes one object into a buffer.
pub(crate) struct ObjectWriter<'a> {
    json: &'a mut Vec<u8>,
    is_empty: bool,
}

impl<'a> ObjectWriter<'a> {
    pub(crate) fn new(json: &'a mut Vec<u8>) -> Self {
        json.push(b'{');
        Self { json, is_empty: true }
    }

    /// Writes a field.
    pub(crate) fn piece(&mut self, name: &str, piece: &Piece<'_>) -> Result<(), serde_json::Error> {
        if !std::mem::take(&mut self.is_empty) {
            self.json.push(b',');
        }
        serde_json::to_writer(&mut *self.json, name)?;
        self.json.push(b':');
        match piece {
            Piece::Value(value) => serde_json::to_writer(&mut *self.json, value)?,
            Piece::Json(json) => self.json.extend_from_slice(json),
        }
        Ok(())
    }

    pub(crate) fn end(self) {
        self.json.push(b'}');
    }
}
