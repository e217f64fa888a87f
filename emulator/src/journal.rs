//! The log of received requests, for tests that want to see what was sent.

use std::collections::VecDeque;

use http::{HeaderMap, header};
use serde_json::{Map, Value, json};

use crate::auth::SIGN;

/// How many requests are kept.
const KEPT: usize = 1000;
/// Bodies that are longer are not kept.
const LONGEST_BODY: usize = 256 * 1024;
const REDACTED: &str = "[redacted]";

/// A request as it was received; query and body are in clear also when it was encrypted.
#[derive(Debug)]
pub struct Entry {
    /// When, as the API writes it.
    pub at: String,
    /// Its HTTP method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// Which operation it is for, if any. Where several share method and path, those that it may be for just as well follow.
    pub operations: Vec<String>,
    /// Whether it was encrypted.
    pub encrypted: bool,
    /// The query.
    pub query: String,
    /// Its headers, without the token.
    pub headers: Value,
    /// The body, without the app secret: JSON where it is some.
    pub body: Value,
    /// The HTTP status of its answer, once there is one.
    pub status: Option<u16>,
}

/// The latest requests.
#[derive(Debug, Default)]
pub struct Journal {
    entries: VecDeque<Entry>,
    first: usize,
}

impl Journal {
    /// Notes a request and gives its number, to note its answer by.
    pub fn push(&mut self, entry: Entry) -> usize {
        if self.entries.len() == KEPT {
            self.entries.pop_front();
            self.first += 1;
        }
        self.entries.push_back(entry);
        self.first + self.entries.len() - 1
    }

    /// Notes the answer to a request.
    pub fn answered(&mut self, number: usize, status: u16) {
        if let Some(entry) = number.checked_sub(self.first).and_then(|index| self.entries.get_mut(index)) {
            entry.status = Some(status);
        }
    }

    /// Forgets all requests.
    pub fn clear(&mut self) {
        self.first += self.entries.len();
        self.entries.clear();
    }

    /// All requests, oldest first.
    #[must_use]
    pub fn view(&self) -> Value {
        self.entries
            .iter()
            .map(|entry| {
                json!({
                    "at": entry.at,
                    "method": entry.method,
                    "path": entry.path,
                    "operation": entry.operations.first(),
                    "operations": entry.operations,
                    "encrypted": entry.encrypted,
                    "query": entry.query,
                    "headers": entry.headers,
                    "body": entry.body,
                    "status": entry.status,
                })
            })
            .collect()
    }
}

/// Headers as JSON, without what lets others in.
#[must_use]
pub fn headers_view(headers: &HeaderMap) -> Value {
    let fields = headers.iter().map(|(name, value)| {
        let text = if name == header::AUTHORIZATION || name == SIGN.to_ascii_lowercase().as_str() {
            REDACTED.into()
        } else {
            String::from_utf8_lossy(value.as_bytes())
        };
        (name.as_str().to_owned(), Value::from(text))
    });
    Value::Object(fields.collect::<Map<_, _>>())
}

/// A body as JSON, without the app secret.
#[must_use]
pub fn body_view(body: &[u8]) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    if body.len() > LONGEST_BODY {
        return Value::from(format!("[{} bytes]", body.len()));
    }
    let mut view = serde_json::from_slice(body).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(body)));
    if let Some(secret) = view.get_mut("APPSecret") {
        *secret = Value::from(REDACTED);
    }
    view
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn entry(path: &str) -> Entry {
        Entry {
            at: String::new(),
            method: "GET".to_owned(),
            path: path.to_owned(),
            operations: Vec::new(),
            encrypted: false,
            query: String::new(),
            headers: Value::Null,
            body: Value::Null,
            status: None,
        }
    }

    #[test]
    fn the_latest_are_kept_and_answers_find_their_request() {
        let mut journal = Journal::default();
        let first = journal.push(entry("/0"));
        for number in 1..=KEPT {
            journal.push(entry(&format!("/{number}")));
        }
        let last = journal.push(entry("/last"));
        journal.answered(first, 500);
        journal.answered(last, 201);
        let view = journal.view();
        assert_eq!(view.as_array().map(Vec::len), Some(KEPT));
        assert_eq!(view[0]["path"], "/2");
        assert_eq!(view[KEPT - 1]["status"], 201);
        assert!(!view.to_string().contains("500,"));
        journal.clear();
        journal.answered(last, 404);
        assert_eq!(journal.view(), json!([]));
        let next = journal.push(entry("/next"));
        journal.answered(next, 200);
        assert_eq!(journal.view()[0]["status"], 200);
    }

    #[test]
    fn secrets_are_left_out() {
        let body = body_view(br#"{"APPKey": "k", "APPSecret": "s3cret"}"#);
        assert_eq!(body, json!({"APPKey": "k", "APPSecret": "[redacted]"}));
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, http::HeaderValue::from_static("Token t0ken"))]);
        assert_eq!(headers_view(&headers), json!({"authorization": "[redacted]"}));
        assert_eq!(body_view(b"no json"), json!("no json"));
        assert_eq!(body_view(&vec![b'x'; LONGEST_BODY + 1]), json!("[262145 bytes]"));
    }
}
