//! AI Rudder's envelope: `{"code", "status", "message"?, "data"}`.

use std::ops::Range;

use serde_json::Value;

use super::data_reader::DataReader;
use crate::json::{Budget, JsonTokens, ReadError, Start, Tokens as _, read_value};

/// The code of success, whatever the HTTP status is.
const SUCCESS: i64 = 200;
/// Another one, of the envelopes that call their data `body`.
const SUCCESS_OF_BODY: i64 = 0;

/// An envelope. Its fields may have any type: an error must not be hidden by an envelope that differs a little.
#[derive(Default)]
pub(crate) struct Envelope {
    pub(crate) code: Option<i64>,
    pub(crate) status: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    /// Where the data stands in the text of the envelope.
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

    /// Opens an envelope, and reads its data on the way. Data that cannot be read is passed without being parsed. Everything else is checked to be
    /// JSON.
    pub(crate) fn open<R: DataReader>(text: &str, reader: &R) -> Result<(Self, Option<R::Data>), ReadError> {
        let mut envelope = Self::default();
        let (mut data, mut body, mut early) = (None, None, None);
        let mut tokens = JsonTokens::new(text);
        let mut more = tokens.enter(Start::Object)?;
        while more {
            let name = tokens.raw_name()?;
            let start = tokens.place();
            let is_data = matches!(&*name, "data" | "body");
            let value = if is_data && envelope.may_be_success() {
                try_read(&tokens, reader)
            } else {
                None
            };
            let range = if let Some((value, rest)) = value {
                tokens = rest;
                let range = start..tokens.mark();
                early = Some((range.clone(), value));
                range
            } else {
                tokens.raw()?;
                start..tokens.mark()
            };
            match &*name {
                // Of two with the same name the last one counts, but both must be JSON.
                "data" => check(text, data.replace(range))?,
                "body" => check(text, body.replace(range))?,
                name => envelope.set(name, read(text, range)?),
            }
            more = tokens.next(Start::Object)?;
        }
        tokens.end()?;
        let is_null = |value: &Range<usize>| text.get(value.clone()) == Some("null");
        envelope.is_body = data.as_ref().is_none_or(is_null) && body.as_ref().is_some_and(|body| !is_null(body));
        let (chosen, other) = if envelope.is_body { (body, data) } else { (data, body) };
        check(text, other)?;
        envelope.data = chosen;
        let early = early
            .filter(|(range, _)| envelope.data.as_ref() == Some(range))
            .map(|(_, value)| value);
        Ok((envelope, early))
    }

    /// The JSON of the data within the text that this was opened from; `null` if there is none.
    pub(crate) fn json<'a>(&self, text: &'a str) -> &'a str {
        self.data.clone().and_then(|range| text.get(range)).unwrap_or("null")
    }

    /// Whether what has come so far allows for success.
    fn may_be_success(&self) -> bool {
        matches!(self.code, None | Some(SUCCESS | SUCCESS_OF_BODY))
    }

    fn set(&mut self, name: &str, value: Value) {
        match name {
            "code" => self.code = code(&value),
            "status" => self.status = into_text(value),
            "message" => self.message = into_text(value),
            "request_id" => self.request_id = into_text(value),
            _ => {}
        }
    }
}

/// Reads the next value. `None` if it cannot be read, or does not end where its reader ended.
fn try_read<'a, R: DataReader>(tokens: &JsonTokens<'a>, reader: &R) -> Option<(R::Data, JsonTokens<'a>)> {
    let (value, mut rest) = reader.read(tokens.clone()).ok()?;
    rest.is_behind_value().then_some((value, rest))
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
    use crate::wire::ValueReader;

    fn reader() -> ValueReader {
        ValueReader(Budget::unlimited())
    }

    fn opened(text: &str) -> (Option<i64>, bool, Option<&str>) {
        let (envelope, _) = Envelope::open(text, &reader()).unwrap();
        let data = envelope.data.clone().map(|range| text.get(range).unwrap());
        (envelope.code, envelope.is_success(), data)
    }

    #[test]
    fn data_is_read_on_the_way() {
        let early = |text| Envelope::open(text, &reader()).unwrap().1.map(|value| value.to_string());
        assert_eq!(early(r#"{"code":200, "data" : {"a":[1]} }"#).as_deref(), Some(r#"{"a":[1]}"#));
        assert_eq!(early(r#"{"data":[1],"code":200}"#).as_deref(), Some("[1]"));
        assert_eq!(early(r#"{"code":0,"data":null,"body":1}"#).as_deref(), Some("1"));
        assert_eq!(early(r#"{"code":200,"data":1,"data":2}"#).as_deref(), Some("2"));
    }

    #[test]
    fn data_is_read_later_where_it_is_not_what_counts() {
        let early = |text| Envelope::open(text, &reader()).unwrap().1;
        // The last of two cannot be read, and neither can what its reader does not read to its end.
        assert_eq!(early(r#"{"code":200,"data":1,"data":tru}"#), None);
        assert_eq!(early(r#"{"code":200,"data":1a}"#), None);
        assert_eq!(early(r#"{"code":200,"data":{},"body":1}"#), None);
        assert_eq!(early(r#"{"code":400,"data":1}"#), None);
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
        let envelope = Envelope::open(text, &reader()).unwrap().0;
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
            assert!(Envelope::open(text, &reader()).is_err(), "{text}");
        }
        assert!(matches!(Envelope::open("{\"code\":200", &reader()), Err(ReadError::Eof)));
        assert!(matches!(Envelope::open("{\"x\":tru}", &reader()), Err(ReadError::Syntax(5))));
    }
}
