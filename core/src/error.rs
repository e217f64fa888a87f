//! The one error type, with everything that a caller needs to decide what to do.

use std::fmt;
use std::time::Duration;

pub use crate::generated::error_kind::ErrorKind;

/// Why a call failed.
///
/// [`kind`](Error::kind) is one row of the error table. The text says what happened and what to do, and spells names of settings and fields in snake
/// case. Neither the text nor `Debug` holds a secret or people's data.
///
/// Before a request that makes phones ring is made again, check [`may_have_been_applied`](Error::may_have_been_applied).
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    detail: String,
    operation: Option<String>,
    status: Option<u16>,
    api_code: Option<i64>,
    api_message: Option<String>,
    request_id: Option<String>,
    attempts: u32,
    retry_after: Option<Duration>,
    retryable: bool,
    may_have_been_applied: bool,
    reason: Option<&'static str>,
    /// How often a token was asked for, if that is what failed.
    token_tries: Option<u32>,
}

impl Error {
    /// The row of the error table.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The whole text, as `Display` gives it.
    #[must_use]
    pub fn message(&self) -> String {
        self.to_string()
    }

    /// The id of the operation that failed, such as `tasks.create`. `None` if the client itself could not be made.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.as_deref()
    }

    /// The HTTP status of the last answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The `code` in the last answer's envelope.
    #[must_use]
    pub fn api_code(&self) -> Option<i64> {
        self.0.api_code
    }

    /// AI Rudder's message. What the request says of people is redacted in any spelling, and so are links, e-mail addresses and what may be a phone
    /// number. Dates, amounts, codes and ids stay.
    #[must_use]
    pub fn api_message(&self) -> Option<&str> {
        self.0.api_message.as_deref()
    }

    /// AI Rudder's id of the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How often the request was sent, or tried to be. 0 if no token could be fetched for it.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long AI Rudder asks to wait before the next request.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the same call may succeed if it is made again, and is safe to make again.
    #[must_use]
    pub fn retryable(&self) -> bool {
        self.0.retryable
    }

    /// Whether AI Rudder may have carried the request out although the call failed. Then check before calling again: `tasks.list` shows whether
    /// the task exists.
    #[must_use]
    pub fn may_have_been_applied(&self) -> bool {
        self.0.may_have_been_applied
    }

    /// Why an event is refused, for an error of the kind [`Event`](ErrorKind::Event).
    ///
    /// | reason | meaning |
    /// | --- | --- |
    /// | `not_raw` | the body was parsed by a framework |
    /// | `too_large` | the body is larger than `max_event_bytes` |
    /// | `coding` | the body has a `Content-Encoding` that is not known, or is damaged |
    /// | `bad_header` | a header has two different values, or holds control bytes |
    /// | `missing_header` | `Signed` or `X-AIRudder-Sign` is required and missing; `require_signature` |
    /// | `no_key` | the event is encrypted or signed and the client has no key for it |
    /// | `sign` | `X-AIRudder-Sign` does not match |
    /// | `decryption` | the body cannot be decrypted, or `Signed` does not match |
    /// | `not_json` | the body is not a JSON object in UTF-8, or is nested more than 100 levels deep |
    /// | `not_encrypted` | the body is in clear and `require_encryption` is on |
    /// | `wrong_kind` | the body names another kind than the URL |
    /// | `unknown_kind` | the given kind does not exist |
    /// | `too_old` | the event is older than `max_event_age` |
    #[must_use]
    pub fn reason(&self) -> Option<&'static str> {
        self.0.reason
    }

    /// A defect in a binding, such as a panic that it caught.
    #[doc(hidden)]
    #[must_use]
    pub fn internal(detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::Internal, detail)
    }

    /// An error of the given kind with every attribute set, for tests that walk the error table through a binding.
    #[doc(hidden)]
    #[must_use]
    pub fn sample(kind: ErrorKind) -> Self {
        let mut error = Self::new(kind, "a sample");
        error.0.operation = Some("tasks.create".into());
        error.0.status = Some(418);
        error.0.api_code = Some(40_018);
        error.0.api_message = Some("a sample of AI Rudder's words".into());
        error.0.request_id = Some("0123456789abcdef0123456789abcdef".into());
        error.0.attempts = 2;
        error.0.retry_after = Some(Duration::from_millis(1500));
        error.0.may_have_been_applied = true;
        error.0.reason = Some("sign");
        error
    }

    /// An error with the text of its kind and a detail.
    pub(crate) fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            detail: detail.into(),
            operation: None,
            status: None,
            api_code: None,
            api_message: None,
            request_id: None,
            attempts: 0,
            retry_after: None,
            retryable: kind.retryable(),
            may_have_been_applied: false,
            reason: None,
            token_tries: None,
        }))
    }

    /// The refusal of an event.
    pub(crate) fn event(reason: &'static str, detail: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorKind::Event, detail);
        error.0.reason = Some(reason);
        error
    }

    pub(crate) fn configuration(detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, detail)
    }

    pub(crate) fn invalid_request(detail: impl fmt::Display) -> Self {
        Self::new(ErrorKind::InvalidRequest, detail.to_string())
    }

    pub(crate) fn of(mut self, operation: &str) -> Self {
        self.0.operation = Some(operation.to_owned());
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// The fields of the envelope, redacted.
    pub(crate) fn with_api(mut self, code: Option<i64>, message: Option<String>, request_id: Option<String>) -> Self {
        self.0.api_code = code;
        self.0.api_message = message.filter(|text| !text.is_empty());
        self.0.request_id = request_id;
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_retry_after(mut self, retry_after: Option<Duration>) -> Self {
        self.0.retry_after = retry_after;
        self
    }

    /// The same error as one of a call that needed a token, which was asked for this often.
    pub(crate) fn while_fetching_token(mut self, tries: u32) -> Self {
        self.0.token_tries.get_or_insert(tries);
        self
    }

    /// Says whether the request may have taken effect, and whether it is safe to make again.
    pub(crate) fn with_effect(mut self, may_have_been_applied: bool, may_repeat: bool) -> Self {
        self.0.may_have_been_applied = may_have_been_applied;
        self.0.retryable = self.0.kind.retryable() && (may_repeat || !may_have_been_applied);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(operation) = &inner.operation {
            write!(f, "{operation}: ")?;
        }
        if inner.token_tries.is_some() {
            f.write_str("while fetching a token: ")?;
        }
        f.write_str(inner.kind.text().trim_end_matches('.'))?;
        if !inner.detail.is_empty() {
            write!(f, ": {}", inner.detail)?;
        }
        self.write_facts(f)?;
        f.write_str(". ")?;
        if inner.may_have_been_applied {
            f.write_str("It may have been applied all the same. ")?;
        } else if inner.token_tries.is_some() {
            f.write_str("The call itself was not carried out. ")?;
        }
        f.write_str(self.advice())
    }
}

impl Error {
    /// What to do. Whether a request took effect need not be checked where none can have.
    fn advice(&self) -> &'static str {
        let is_interrupted = matches!(self.0.kind, ErrorKind::Server | ErrorKind::ConnectionLost | ErrorKind::Timeout);
        if is_interrupted && !self.0.may_have_been_applied {
            "It is safe to make the call again."
        } else {
            self.0.kind.advice()
        }
    }

    /// The facts of the answer in brackets.
    fn write_facts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        let mut facts = Vec::new();
        if let Some(status) = inner.status {
            facts.push(format!("HTTP {status}"));
        }
        if let Some(code) = inner.api_code {
            facts.push(format!("code {code}"));
        }
        if let Some(message) = &inner.api_message {
            facts.push(format!("AI Rudder says \"{message}\""));
        }
        if let Some(request_id) = &inner.request_id {
            facts.push(format!("request {request_id}"));
        }
        match (inner.token_tries, inner.attempts) {
            (Some(tries @ 2..), _) => facts.push(format!("{tries} attempts at the token")),
            (None, attempts @ 2..) => facts.push(format!("{attempts} attempts")),
            _ => {}
        }
        if let Some(retry_after) = inner.retry_after {
            facts.push(format!("retry after {} s", retry_after.as_secs_f64()));
        }
        if facts.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", facts.join(", "))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error {{ kind: {}, message: {:?} }}", self.0.kind.code(), self.to_string())
    }
}

impl std::error::Error for Error {}
