//! Which row of the error table a failure is.

use std::time::{Duration, SystemTime};

use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};

use super::envelope::Envelope;
use super::refusals::is_refusal;
use super::request_redaction::RequestRedaction;
use super::route::Route;
use super::transport::{PROXY_CREDENTIALS, TransportError, TransportErrorKind};
use crate::error::{Error, ErrorKind};
use crate::redact::{clean, scrub};
use crate::schema::AuthScheme;

/// A failed attempt.
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) effect: Effect,
}

/// Whether a failed attempt may have been carried out.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Effect {
    /// It was not: it never left, or was refused.
    None,
    /// It may have been.
    Unknown,
}

impl Failure {
    pub(crate) fn harmless(error: Error) -> Self {
        Self {
            error,
            effect: Effect::None,
        }
    }

    pub(crate) fn unknown(error: Error) -> Self {
        Self {
            error,
            effect: Effect::Unknown,
        }
    }
}

/// The failure that a response reports. `None` for a success.
pub(crate) fn refusal(
    route: &Route<'_>,
    redaction: &RequestRedaction<'_>,
    status: StatusCode,
    headers: &HeaderMap,
    envelope: Option<&Envelope>,
) -> Option<Failure> {
    if status.is_success() && envelope.is_none_or(Envelope::is_success) {
        return None;
    }
    let number = if status.is_success() {
        envelope.and_then(|envelope| envelope.code).unwrap_or_default()
    } else {
        i64::from(status.as_u16())
    };
    let kind = kind_of(route, status, number);
    let is_foreign = envelope.is_none_or(|envelope| envelope.code.is_none() && envelope.message.is_none());
    let mut error = Error::new(kind, detail(route, status, kind, is_foreign))
        .with_status(status.as_u16())
        .with_retry_after(retry_after(headers));
    if let Some(envelope) = envelope {
        let words = |text: &String| clean(text, |message| redaction.apply(message));
        let message = envelope.message.as_ref().or(envelope.status.as_ref()).map(words);
        error = error.with_api(envelope.code, message, envelope.request_id.as_ref().map(words));
    }
    let is_refusal = is_refusal(status, envelope.and_then(|envelope| envelope.code));
    Some(if is_refusal {
        Failure::harmless(error)
    } else {
        Failure::unknown(error)
    })
}

fn kind_of(route: &Route<'_>, status: StatusCode, number: i64) -> ErrorKind {
    let unknown_path = matches!(status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED);
    match number {
        _ if unknown_path && route.unsure.is_some() => ErrorKind::AssumedRoute,
        401 => ErrorKind::Authentication,
        403 => ErrorKind::PermissionDenied,
        404 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        429 => ErrorKind::RateLimited,
        _ if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED => ErrorKind::ConnectionFailed,
        // A gateway or a balancer gave up waiting for what is behind it.
        408 | 460 | 499 => ErrorKind::Timeout,
        400..=499 => ErrorKind::BadRequest,
        500..=599 => ErrorKind::Server,
        _ if status.is_redirection() => ErrorKind::InvalidResponse,
        _ => ErrorKind::Api,
    }
}

/// `is_foreign` says that the answer is not in AI Rudder's form.
fn detail(route: &Route<'_>, status: StatusCode, kind: ErrorKind, is_foreign: bool) -> String {
    match (kind, &route.unsure) {
        (ErrorKind::AssumedRoute, Some((source, page))) => format!(
            "{} {} is {}; its page is \"{page}\". To set it: routes = {{\"{}\": \"/the/right/path\"}}",
            route.method,
            route.path,
            source.as_str(),
            route.id
        ),
        (ErrorKind::Authentication, _) if route.auth == AuthScheme::Sign => {
            "this call is signed and carries no token; check `sign_key` and `sign_secret`, or your `signer`".to_owned()
        }
        (ErrorKind::InvalidResponse, _) => "it is a redirect, which is not followed".to_owned(),
        (ErrorKind::ConnectionFailed, _) => PROXY_CREDENTIALS.to_owned(),
        (ErrorKind::Timeout, _) => "a gateway gave up waiting for AI Rudder".to_owned(),
        // The token call names nothing that could be missing.
        (ErrorKind::NotFound, _) if route.auth == AuthScheme::Credentials => {
            "there is no token call at this address; check the path of `base_url`".to_owned()
        }
        _ if is_foreign && !status.is_success() => {
            "the answer is not in AI Rudder's form, so a proxy or gateway on the way may have written it".to_owned()
        }
        _ => String::new(),
    }
}

/// The header `Retry-After`: a number of seconds or a date.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Some(seconds) = whole_seconds(text) {
        return Some(Duration::from_secs(seconds.into()));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

/// A number of seconds, rounded up. A larger one than fits is the largest.
fn whole_seconds(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = !whole.is_empty() && whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    let is_broken = fraction.bytes().any(|digit| digit != b'0');
    is_number.then(|| whole.parse().unwrap_or(u32::MAX).saturating_add(is_broken.into()))
}

/// The failure of a request without a response.
pub(crate) fn unsent(error: &TransportError) -> Failure {
    match error.kind() {
        TransportErrorKind::NotSent => Failure::harmless(Error::new(ErrorKind::ConnectionFailed, scrub(error.detail()))),
        _ => lost(error),
    }
}

/// The failure of a response that did not arrive whole.
pub(crate) fn lost(error: &TransportError) -> Failure {
    Failure::unknown(match error.kind() {
        TransportErrorKind::TimedOut => silent(),
        TransportErrorKind::Damaged => Error::new(ErrorKind::InvalidResponse, scrub(error.detail())),
        TransportErrorKind::NotSent | TransportErrorKind::Lost => Error::new(ErrorKind::ConnectionLost, scrub(error.detail())),
    })
}

/// The error of a server that was silent for too long.
pub(crate) fn silent() -> Error {
    Error::new(ErrorKind::Timeout, "the server was silent for longer than `read_timeout`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_rounded_up_and_bounded() {
        for (text, expected) in [
            ("7", Some(7)),
            ("2.5", Some(3)),
            ("2.0", Some(2)),
            ("0", Some(0)),
            ("0.001", Some(1)),
            ("99999999999999999999", Some(u32::MAX)),
            ("4294967295.5", Some(u32::MAX)),
            ("", None),
            (".5", None),
            ("-1", None),
            ("1e3", None),
            ("1.2.3", None),
            ("soon", None),
        ] {
            assert_eq!(whole_seconds(text), expected, "{text}");
        }
    }
}
