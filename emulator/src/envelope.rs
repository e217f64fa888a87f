//! The envelopes that answers come in.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

/// Which envelope a path answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Envelope {
    /// That of `/service/cloud`.
    Cloud,
    /// That of the Chatbot API.
    Chatbot,
}

impl Envelope {
    /// The envelope of a path.
    #[must_use]
    pub fn of(path: &str) -> Self {
        if path.starts_with("/api/v1/") { Self::Chatbot } else { Self::Cloud }
    }

    /// The envelope of a success.
    #[must_use]
    pub fn success(self, data: &Value) -> Value {
        match self {
            Self::Cloud => json!({"code": 200, "status": "OK", "data": data}),
            Self::Chatbot => json!({"request_id": request_id(), "code": 200, "message": "Success", "data": data}),
        }
    }

    /// The envelope of an error code.
    #[must_use]
    pub fn failure(self, code: i64, message: &str) -> Value {
        match self {
            Self::Cloud => json!({"code": code, "status": word(code), "message": message}),
            Self::Chatbot => json!({"request_id": request_id(), "code": code, "message": message}),
        }
    }

    /// The envelope of a refusal.
    #[must_use]
    pub fn refusal(self, refusal: &Refusal) -> Value {
        self.failure(refusal.status.as_u16().into(), &refusal.message)
    }
}

/// From the system's entropy and not from the seed, as what a request does must not depend on how many were refused before it.
fn request_id() -> String {
    format!("{:032x}", fastrand::u128(..))
}

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

    /// The request contradicts the state of what it names.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    /// What the request names does not exist.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        json_response(self.status, &Envelope::Cloud.refusal(&self))
    }
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
        let cloud = Envelope::of("/service/cloud/task");
        assert_eq!(
            cloud.success(&json!({"token": "t"})),
            json!({"code": 200, "status": "OK", "data": {"token": "t"}})
        );
        assert_eq!(
            cloud.refusal(&Refusal::not_found("no such task")),
            json!({"code": 404, "status": "NOT_FOUND", "message": "no such task"})
        );
        assert_eq!(cloud.failure(10_023, "x")["status"], "ERROR");
        assert_eq!(cloud.failure(-1, "x")["status"], "ERROR");
    }

    #[test]
    fn the_chatbot_api_has_its_own() {
        let chatbot = Envelope::of("/api/v1/session/list");
        let mut success = chatbot.success(&json!([]));
        let id = success["request_id"].take();
        let id = id.as_str().expect("an id");
        assert!(id.len() == 32 && id.bytes().all(|digit| digit.is_ascii_hexdigit()), "{id}");
        assert_eq!(success, json!({"request_id": null, "code": 200, "message": "Success", "data": []}));
        let mut failure = chatbot.refusal(&Refusal::not_found("no such session"));
        failure["request_id"].take();
        assert_eq!(failure, json!({"request_id": null, "code": 404, "message": "no such session"}));
    }
}
