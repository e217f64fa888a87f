//! Takes an answer in: sized, decrypted, opened.

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, StatusCode};
use reqwest::Response;

use crate::client::Inner;
use crate::encryption::{ENCRYPTED, SIGNED};
use crate::error::{Error, ErrorKind};
use crate::http::build::Route;
use crate::http::classify::{Failure, broken, refusal};
use crate::http::envelope::{self, Envelope};
use crate::http::quoted::Quotable;

/// What an attempt brought.
pub(crate) enum Answer {
    /// An envelope that says success.
    Envelope(Reply),
    /// Bytes that are still coming: a recording.
    Stream(Response),
    /// Bytes that came encrypted: a recording.
    Bytes(Vec<u8>),
    /// A redirect to a recording.
    Link(String),
}

/// An opened answer. The typed answer is read straight from `body`.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
    pub(crate) envelope: Envelope,
    /// Whether the data was read at once.
    pub(crate) is_read: bool,
    /// How often the request was sent for it.
    pub(crate) attempts: u32,
}

impl Reply {
    /// The JSON of `data`; `null` when there is none.
    pub(crate) fn data(&self) -> &[u8] {
        self.envelope.data.clone().and_then(|range| self.body.get(range)).unwrap_or(b"null")
    }
}

/// What an answer may be.
pub(crate) enum Expect<'a> {
    #[allow(dead_code)]
    Never(&'a ()),
    /// An envelope.
    Envelope,
    /// An envelope or a file.
    File,
}

impl Expect<'_> {
    /// The same for one attempt.
    pub(crate) fn again(&mut self) -> Expect<'_> {
        match self {
            Self::Envelope => Expect::Envelope,
            Self::Never(never) => Expect::Never(never),
            Self::File => Expect::File,
        }
    }
}

pub(crate) async fn receive(
    inner: &Inner,
    route: &Route<'_>,
    quotable: &Quotable<'_>,
    mut expect: Expect<'_>,
    mut response: Response,
) -> Result<Answer, Failure> {
    let status = response.status();
    let encrypted = is_encrypted(response.headers());
    let may_be_file = matches!(expect, Expect::File);
    if may_be_file {
        if let Some(link) = redirect(status, response.headers()) {
            return Ok(Answer::Link(link));
        }
        if status.is_success() && !encrypted && !is_text(response.headers()) {
            return Ok(Answer::Stream(response));
        }
    }
    let headers = std::mem::take(response.headers_mut());
    let body = read(response, &headers, inner.config.max_response_bytes)
        .await
        .map_err(|failure| note_status(failure, status))?;
    let body = if encrypted {
        decrypt(inner, &headers, &body).map_err(|error| note_status(Failure::unknown(error), status))?
    } else {
        body
    };
    let is_read = false;
    let _ = &mut expect;
    match envelope::open(&body) {
        Ok(envelope) => match refusal(route, quotable, status, &headers, Some(&envelope)) {
            Some(failure) => Err(failure),
            None if envelope.code.is_none() && !route.open_answer => {
                Err(note_status(invalid("it is JSON without AI Rudder's `code`"), status))
            }
            None => Ok(Answer::Envelope(Reply {
                status,
                body,
                envelope,
                is_read,
                attempts: 1,
            })),
        },
        Err(_) if may_be_file && encrypted && status.is_success() => Ok(Answer::Bytes(body)),
        // What came may well be a proxy's page: its HTTP status says more than its text.
        Err(error) => {
            Err(refusal(route, quotable, status, &headers, None).unwrap_or_else(|| note_status(invalid(&no_json(&body, &error)), status)))
        }
    }
}

fn invalid(detail: &str) -> Failure {
    Failure::unknown(Error::new(ErrorKind::InvalidResponse, detail))
}

fn note_status(failure: Failure, status: StatusCode) -> Failure {
    Failure {
        error: failure.error.with_status(status.as_u16()),
        ..failure
    }
}

/// Says in which way a body is no JSON, without showing any of it.
fn no_json(body: &[u8], error: &serde_json::Error) -> String {
    let start = body.trim_ascii_start();
    if start.is_empty() {
        "it is empty".to_owned()
    } else if start.starts_with(b"<") {
        "it is HTML or XML, not JSON".to_owned()
    } else if error.is_eof() {
        "its JSON ends too early".to_owned()
    } else {
        format!(
            "it is no JSON of AI Rudder's form, seen at line {} column {}",
            error.line(),
            error.column()
        )
    }
}

fn redirect(status: StatusCode, headers: &HeaderMap) -> Option<String> {
    status.is_redirection().then_some(())?;
    headers.get(LOCATION)?.to_str().ok().map(str::to_owned)
}

fn is_text(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    content_type.contains("json") || content_type.starts_with("text/")
}

fn is_encrypted(headers: &HeaderMap) -> bool {
    headers.get(ENCRYPTED).is_some_and(|value| value.as_bytes().trim_ascii() == b"1")
}

fn decrypt(inner: &Inner, headers: &HeaderMap, body: &[u8]) -> Result<Vec<u8>, Error> {
    let Some(encryption) = &inner.config.encryption else {
        return Err(Error::new(
            ErrorKind::Decryption,
            "the answer is encrypted and the client has no `encryption_key`",
        ));
    };
    let signed = headers.get(SIGNED).and_then(|value| value.to_str().ok()).unwrap_or_default();
    encryption.open(body, signed)
}

/// Reads a body that may not be larger than `limit`.
async fn read(mut response: Response, headers: &HeaderMap, limit: u64) -> Result<Vec<u8>, Failure> {
    let too_large = || Failure::unknown(Error::new(ErrorKind::ResponseTooLarge, format!("more than {limit} bytes")));
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok())
        .unwrap_or(0);
    if announced > limit {
        return Err(too_large());
    }
    // What a server announces is not believed beyond a modest size.
    let mut body = Vec::with_capacity(usize::try_from(announced.min(1 << 20)).unwrap_or_default());
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        if body.len() as u64 + chunk.len() as u64 > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
