//! AI Rudder's envelope: `{"code", "status", "message"?, "data"}`.

use std::ops::Range;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::model::Cursor;

/// The code of success, whatever the HTTP status says.
pub(crate) const SUCCESS: i64 = 200;

/// An opened envelope. `data` points into the bytes that it was opened from, so that the typed answer is read from them without a copy.
pub(crate) struct Envelope {
    pub(crate) code: Option<i64>,
    pub(crate) status: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) data: Option<Range<usize>>,
}

/// The fields are read as any JSON, for an error must not hide behind an envelope that is a little off.
#[derive(Deserialize)]
struct Head<'a> {
    code: Option<Value>,
    status: Option<Value>,
    message: Option<Value>,
    request_id: Option<Value>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

pub(crate) fn open(body: &[u8]) -> Result<Envelope, serde_json::Error> {
    let head: Head<'_> = serde_json::from_slice(body)?;
    let data = head.data.map(|raw| {
        let start = raw.get().as_ptr() as usize - body.as_ptr() as usize;
        start..start + raw.get().len()
    });
    Ok(Envelope {
        code: head.code.and_then(|code| match code {
            Value::String(text) => text.parse().ok(),
            other => other.as_i64(),
        }),
        status: head.status.and_then(text),
        message: head.message.and_then(text),
        request_id: head.request_id.and_then(text),
        data,
    })
}

/// Reads the data that JSON begins with, and tells how long it is; nothing when it is none.
pub(crate) type Reader<'a> = dyn FnMut(&str) -> Option<usize> + Send + 'a;

/// Opens an envelope and has its data read in the same go, so that nothing is looked at twice. What is not as usual is left to [`open`]: a field that
/// comes twice or is unknown, a data that cannot be read or is not there.
pub(crate) fn open_and_read(body: &[u8], read: &mut Reader<'_>) -> Option<Envelope> {
    let body = std::str::from_utf8(body).ok()?;
    let mut cursor = Cursor::new(body);
    let (mut code, mut status, mut message, mut request_id, mut data) = (None, None, None, None, None);
    cursor.take(b'{')?;
    loop {
        match cursor.name()?.plain()? {
            "code" => put(&mut code, whole_number(&mut cursor)?)?,
            "status" => put(&mut status, cursor.quoted()?.text()?.into_owned())?,
            "message" => put(&mut message, cursor.quoted()?.text()?.into_owned())?,
            "request_id" => put(&mut request_id, cursor.quoted()?.text()?.into_owned())?,
            "data" => {
                if cursor.peek()? == b'n' {
                    return None;
                }
                let start = cursor.at;
                cursor.at += read(body.get(start..)?)?;
                put(&mut data, start..cursor.at)?;
            }
            _ => return None,
        }
        if !cursor.is_more(b'}')? {
            break;
        }
    }
    let is_whole = cursor.is_at_end() && data.is_some();
    is_whole.then_some(Envelope {
        code,
        status,
        message,
        request_id,
        data,
    })
}

/// Sets what was not set.
fn put<T>(slot: &mut Option<T>, value: T) -> Option<()> {
    slot.is_none().then(|| *slot = Some(value))
}

fn whole_number(cursor: &mut Cursor<'_>) -> Option<i64> {
    cursor.peek()?;
    let digits = cursor.digits()?;
    digits.is_canonical.then(|| digits.json.parse().ok()).flatten()
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;
    use serde::de::IgnoredAny;

    use super::*;

    /// Reads any JSON object.
    fn length(json: &str) -> Option<usize> {
        let mut values = serde_json::Deserializer::from_str(json).into_iter::<serde_json::Map<String, Value>>();
        values.next()?.ok()?;
        Some(values.byte_offset())
    }

    /// Opens it in both ways, which have to agree, and tells whether it was read at once.
    fn is_read_at_once(body: &str) -> bool {
        let Some(at_once) = open_and_read(body.as_bytes(), &mut length) else {
            return false;
        };
        let slowly = open(body.as_bytes()).unwrap();
        assert_eq!(at_once.code, slowly.code, "{body}");
        assert_eq!(at_once.status, slowly.status, "{body}");
        assert_eq!(at_once.message, slowly.message, "{body}");
        assert_eq!(at_once.request_id, slowly.request_id, "{body}");
        let data = |envelope: &Envelope| body[envelope.data.clone().unwrap()].trim().to_owned();
        assert_eq!(data(&at_once), data(&slowly), "{body}");
        true
    }

    #[test]
    fn what_ai_rudder_usually_sends_is_read_at_once() {
        for body in [
            r#"{"code":200,"status":"OK","data":{"a":1}}"#,
            r#"{"data": {"token": "t"}, "status": "OK", "code": 200}"#,
            "{\"request_id\":\"0\",\n \"code\": 200 ,\"message\":\"Succ\\u00e8s\",\"data\": {} }\n",
            r#"{"code":200,"data":{"data":{"code":1}},"message":""}"#,
        ] {
            assert!(is_read_at_once(body), "{body}");
        }
    }

    #[test]
    fn what_is_odd_is_left_to_the_slow_way() {
        for body in [
            "",
            "{",
            "{}",
            r#"{"code":200}"#,
            r#"{"code":200,"data":null}"#,
            r#"{"code":200,"data":[1]}"#,
            r#"{"code":200,"data":{},"data":{}}"#,
            r#"{"code":200,"code":500,"data":{}}"#,
            r#"{"code":"200","data":{}}"#,
            r#"{"code":200.0,"data":{}}"#,
            r#"{"code":200,"status":null,"data":{}}"#,
            r#"{"code":200,"data":{},"other":1}"#,
            r#"{"code":200,"data":{}"#,
            r#"{"code":200,"data":{}}}"#,
            r#"{"code":200,"data":{},}"#,
            r#"{"code":200,"status":"\x","data":{}}"#,
            r#"{"cod\u0065":200,"data":{}}"#,
        ] {
            assert!(!is_read_at_once(body), "{body}");
        }
    }

    proptest! {
        #[test]
        fn both_ways_agree_whatever_comes(
            parts in proptest::collection::vec(prop_oneof![
                Just(r#""code":200"#), Just(r#""code":-5"#), Just(r#""code":"7""#), Just(r#""status":"O\"K""#), Just(r#""status":null"#),
                Just(r#""message":"\ud83d\ude00""#), Just(r#""message":"\ud83d""#), Just(r#""data":{"a":[1,{}]}"#), Just(r#""data":null"#),
                Just(r#""data":{"#), Just(r#""request_id":"r""#), Just(r#""else":[]"#), Just(" "), Just("}"),
            ], 0..6),
            end in "[ \n}]{0,2}",
        ) {
            let body = format!("{{{}}}{end}", parts.join(","));
            is_read_at_once(&body);
            // Any JSON whose envelope is whole has to be one.
            if serde_json::from_str::<IgnoredAny>(&body).is_err() {
                prop_assert!(!is_read_at_once(&body), "{body}");
            }
        }
    }
}
