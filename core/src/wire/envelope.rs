//! AI Rudder's envelope: `{"code", "status", "message"?, "data"}`.

use std::ops::Range;

use serde_json::Value;

use crate::json::{Budget, ReadError, each_field, read_value};

/// The code of success, whatever the HTTP status is.
const SUCCESS: i64 = 200;
/// Another one, of the envelopes that call their data `body`.
const SUCCESS_OF_BODY: i64 = 0;

/// An opened envelope. `data` is a range of the text that it was opened from, so that the answer is read from there without a copy.
#[derive(Default)]
pub(crate) struct Envelope {
    pub(crate) code: Option<i64>,
    pub(crate) status: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) data: Option<Range<usize>>,
    /// Whether `data` is called `body`.
    is_body: bool,
}

impl Envelope {
    /// Whether it says success. One without a code does, since its HTTP status decides.
    pub(crate) fn is_success(&self) -> bool {
        match self.code {
            None | Some(SUCCESS) => true,
            Some(code) => self.is_body && code == SUCCESS_OF_BODY,
        }
    }

    /// Opens an envelope. Passes `data` without parsing it: the reader of the answer does that. Everything else is checked to be JSON.
    ///
    /// Its fields may have any type: an error must not be hidden by an envelope that differs a little.
    pub(crate) fn open(text: &str) -> Result<Self, ReadError> {
        let mut envelope = Self::default();
        let (mut data, mut body) = (None, None);
        each_field(text, |field| {
            let range = field.at..field.at + field.json.len();
            match &*field.name {
                // Of two with the same name the last one counts, but both must be JSON.
                "data" => return check(text, data.replace(range)),
                "body" => return check(text, body.replace(range)),
                _ => {}
            }
            let value = read(text, range)?;
            match &*field.name {
                "code" => envelope.code = code(&value),
                "status" => envelope.status = into_text(value),
                "message" => envelope.message = into_text(value),
                "request_id" => envelope.request_id = into_text(value),
                _ => {}
            }
            Ok(())
        })?;
        let is_null = |value: &Range<usize>| text.get(value.clone()) == Some("null");
        envelope.is_body = data.as_ref().is_none_or(is_null) && body.as_ref().is_some_and(|body| !is_null(body));
        let (chosen, other) = if envelope.is_body { (body, data) } else { (data, body) };
        check(text, other)?;
        envelope.data = chosen;
        Ok(envelope)
    }
}

/// Checks that a value is JSON.
fn check(text: &str, value: Option<Range<usize>>) -> Result<(), ReadError> {
    value.map_or(Ok(()), |value| read(text, value).map(drop))
}

fn read(text: &str, value: Range<usize>) -> Result<Value, ReadError> {
    let start = value.start;
    let json = text.get(value).unwrap_or_default();
    read_value(json, Budget::for_bytes(json.len() as u64, None)).map_err(|error| match error {
        ReadError::Syntax(at) => ReadError::Syntax(start + at),
        other => other,
    })
}

fn code(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    }
}

fn into_text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn opened(text: &str) -> (Option<i64>, bool, Option<&str>) {
        let envelope = Envelope::open(text).unwrap();
        let data = envelope.data.clone().map(|range| text.get(range).unwrap());
        (envelope.code, envelope.is_success(), data)
    }

    #[test]
    fn data_is_found_without_being_parsed() {
        assert_eq!(
            opened(r#"{"code":200, "data" : {"a":[tru]} }"#),
            (Some(200), true, Some(r#"{"a":[tru]}"#))
        );
        assert_eq!(opened(r#"{"data":1,"code":"400","data":2}"#), (Some(400), false, Some("2")));
        assert_eq!(opened("{}"), (None, true, None));
    }

    #[test]
    fn data_may_be_called_body() {
        assert_eq!(opened(r#"{"code":0,"body":[1]}"#), (Some(0), true, Some("[1]")));
        assert_eq!(opened(r#"{"code":200,"data":null,"body":{}}"#), (Some(200), true, Some("{}")));
        assert_eq!(opened(r#"{"code":0,"data":{},"body":1}"#), (Some(0), false, Some("{}")));
        assert_eq!(opened(r#"{"code":0,"data":null,"body":null}"#), (Some(0), false, Some("null")));
        assert_eq!(opened(r#"{"code":0}"#), (Some(0), false, None));
    }

    #[test]
    fn fields_may_have_any_type() {
        let text = r#"{"code":"200","status":7,"message":{"a":"\ud83d"},"request_id":null}"#;
        let envelope = Envelope::open(text).unwrap();
        assert_eq!(envelope.code, Some(200));
        assert_eq!(envelope.status.as_deref(), Some("7"));
        assert_eq!(envelope.message.as_deref(), Some("{\"a\":\"\u{fffd}\"}"));
        assert_eq!(envelope.request_id, None);
    }

    #[test]
    fn only_an_object_is_an_envelope() {
        for text in [
            "",
            "[200,\"OK\",null,null,{}]",
            "200",
            "{} {}",
            "{\"code\":200",
            "{\"x\":tru}",
            "{\"data\":tru,\"data\":1}",
        ] {
            assert!(Envelope::open(text).is_err(), "{text}");
        }
        assert!(matches!(Envelope::open("{\"code\":200"), Err(ReadError::Eof)));
        assert!(matches!(Envelope::open("{\"x\":tru}"), Err(ReadError::Syntax(5))));
    }
}
