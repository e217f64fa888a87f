//! Which row of the error table a failure is.

use std::io;
use std::time::{Duration, SystemTime};

use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};

use crate::error::{Error, ErrorKind};
use crate::http::build::Route;
use crate::http::envelope::{Envelope, SUCCESS};
use crate::http::quoted::Quotable;
use crate::operation::AuthScheme;
use crate::redact::{clean, scrub};

/// A failed attempt.
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) effect: Effect,
}

/// What a failed attempt may have done at AI Rudder's side.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Effect {
    /// Nothing: it never left, or was refused.
    None,
    /// Nobody knows.
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

/// The failure that an answer tells of, or none when it is a success.
pub(crate) fn refusal(
    route: &Route<'_>,
    quotable: &Quotable<'_>,
    status: StatusCode,
    headers: &HeaderMap,
    envelope: Option<&Envelope>,
) -> Option<Failure> {
    let code = envelope.and_then(|envelope| envelope.code);
    if status.is_success() && (code == Some(SUCCESS) || code.is_none()) {
        return None;
    }
    let number = if status.is_success() {
        code.unwrap_or_default()
    } else {
        i64::from(status.as_u16())
    };
    let kind = kind_of(route, status, number);
    let mut error = Error::new(kind, detail(route, kind))
        .with_status(status.as_u16())
        .with_retry_after(retry_after(headers));
    if let Some(envelope) = envelope {
        let words = |text: &String| clean(text, |text| quotable.hide_in(text));
        let message = envelope.message.as_ref().or(envelope.status.as_ref()).map(words);
        error = error.with_api(envelope.code, message, envelope.request_id.as_ref().map(words));
    }
    let effect = if matches!(kind, ErrorKind::Server | ErrorKind::Api) {
        Effect::Unknown
    } else {
        Effect::None
    };
    Some(Failure { error, effect })
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
        400..=499 => ErrorKind::BadRequest,
        500..=599 => ErrorKind::Server,
        300..=399 => ErrorKind::InvalidResponse,
        _ => ErrorKind::Api,
    }
}

fn detail(route: &Route<'_>, kind: ErrorKind) -> String {
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
        (ErrorKind::InvalidResponse, _) => "it is a redirect".to_owned(),
        _ => String::new(),
    }
}

/// How long the server asks to wait: a number of seconds or a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

/// The failure of a request that got no answer.
pub(crate) fn unsent(error: &reqwest::Error) -> Failure {
    let detail = innermost(error);
    if error.is_connect() || error.is_builder() {
        return Failure::harmless(Error::new(ErrorKind::ConnectionFailed, detail));
    }
    if error.is_timeout() {
        return Failure::unknown(Error::new(
            ErrorKind::Timeout,
            "the server was silent for longer than `read_timeout`",
        ));
    }
    Failure::unknown(Error::new(ErrorKind::ConnectionLost, detail))
}

/// The failure of an answer that did not come whole.
pub(crate) fn broken(error: &reqwest::Error) -> Failure {
    if error.is_timeout() {
        return Failure::unknown(Error::new(
            ErrorKind::Timeout,
            "the server was silent for longer than `read_timeout`",
        ));
    }
    if is_damaged(error) {
        return Failure::unknown(Error::new(ErrorKind::InvalidResponse, "its compression is damaged"));
    }
    Failure::unknown(Error::new(ErrorKind::ConnectionLost, innermost(error)))
}

/// Whether the bytes that came are at fault, and not the connection that they came over.
fn is_damaged(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(failed) = error.downcast_ref::<io::Error>() {
            // The decompressor's own complaints are of no connection's kind and wrap no error of the connection.
            let of_connection = failed
                .get_ref()
                .is_some_and(<dyn std::error::Error + Send + Sync>::is::<reqwest::Error>);
            return !of_connection
                && matches!(
                    failed.kind(),
                    io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other
                );
        }
        cause = error.source();
    }
    false
}

/// The words of the first cause: reqwest's own would show the URL.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &(dyn std::error::Error + 'static) = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if cause.is::<reqwest::Error>() {
        return String::new();
    }
    scrub(&cause.to_string())
}
