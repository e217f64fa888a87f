//! AI Rudder's envelope: `{"code", "status", "message"?, "data"}`.

use std::ops::Range;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

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

fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}
