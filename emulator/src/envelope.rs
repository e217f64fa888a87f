//! The envelope that every answer of `/service/cloud` comes in.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

/// A request that is not carried out, and why. The message goes to the caller: it names fields, never what stands in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status; the envelope's `code` is the same number.
    pub status: StatusCode,
    /// What went wrong, in words for people.
    pub message: String,
}

impl Refusal {
    /// A refusal with any status.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
        }
    }

    /// The request is wrong as it is.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// What the request names does not exist.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// The envelope.
    #[must_use]
    pub fn envelope(&self) -> Value {
        failure(self.status.as_u16().into(), &self.message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        json_response(self.status, &self.envelope())
    }
}

/// The envelope of a success.
#[must_use]
pub fn success(data: &Value) -> Value {
    json!({"code": 200, "status": "OK", "data": data})
}

/// The envelope of an error code.
#[must_use]
pub fn failure(code: i64, message: &str) -> Value {
    json!({"code": code, "status": word(code), "message": message})
}

/// The word for a code: the HTTP reason in the capitals of `OK`, or a plain `ERROR` for codes that HTTP does not know.
fn word(code: i64) -> String {
    u16::try_from(code)
        .ok()
        .and_then(|code| StatusCode::from_u16(code).ok())
        .and_then(|status| status.canonical_reason())
        .map_or_else(|| "ERROR".to_owned(), |reason| reason.to_uppercase().replace([' ', '-'], "_"))
}

/// A JSON answer.
#[must_use]
pub fn json_response(status: StatusCode, value: &Value) -> Response {
    text_response(status, "application/json", value.to_string())
}

/// An answer of any text type.
#[must_use]
pub fn text_response(status: StatusCode, content_type: &'static str, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn the_envelope_has_the_fields_that_are_documented() {
        assert_eq!(
            success(&json!({"token": "t"})),
            json!({"code": 200, "status": "OK", "data": {"token": "t"}})
        );
        assert_eq!(
            Refusal::not_found("no such task").envelope(),
            json!({"code": 404, "status": "NOT_FOUND", "message": "no such task"})
        );
        assert_eq!(failure(10_023, "x")["status"], "ERROR");
        assert_eq!(failure(-1, "x")["status"], "ERROR");
    }
}
