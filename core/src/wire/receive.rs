//! Takes a response in: reads it up to its limit, decrypts it, opens its envelope.

use std::string::FromUtf8Error;

use futures_util::StreamExt as _;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, StatusCode};

use super::classify::{Failure, lost, refusal};
use super::data_reader::DataReader;
use super::envelope::Envelope;
use super::request_redaction::RequestRedaction;
use super::route::Route;
use super::transport::{TransportResponse, TransportStream};
use crate::crypto::{ENCRYPTED, Encryption, SIGNED};
use crate::error::{Error, ErrorKind};
use crate::json::{Budget, ReadError, read_value};

/// What a response may be.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Accept {
    /// An envelope.
    Envelope,
    /// An envelope or a file.
    File,
    /// An envelope, any other JSON, or nothing.
    Any,
}

/// A successful response, with its data if it is an envelope.
pub(crate) enum Received<D> {
    Envelope(ApiResponse<D>),
    /// A file that is still being received.
    Stream(TransportResponse),
    /// A file that was encrypted.
    Bytes(Vec<u8>),
    /// A redirect to a file.
    Link(String),
}

/// A successful response of the API.
pub(crate) struct ApiResponse<D> {
    pub(crate) status: StatusCode,
    pub(crate) body: String,
    pub(crate) envelope: Envelope,
    pub(crate) data: Result<D, ReadError>,
    /// How often the request was sent.
    pub(crate) attempts: u32,
}

impl<D> ApiResponse<D> {
    /// The JSON of the data; `null` if there is none.
    pub(crate) fn json(&self) -> &str {
        self.envelope.json(&self.body)
    }

    /// Takes the data out.
    pub(crate) fn take_data(self) -> (ApiResponse<()>, Result<D, ReadError>) {
        let Self {
            status,
            body,
            envelope,
            data,
            attempts,
        } = self;
        let rest = ApiResponse {
            status,
            body,
            envelope,
            data: Ok(()),
            attempts,
        };
        (rest, data)
    }
}

/// How to take responses in.
pub(crate) struct Receiving<'a, R> {
    pub(crate) route: &'a Route<'a>,
    pub(crate) redaction: &'a RequestRedaction<'a>,
    pub(crate) accept: Accept,
    pub(crate) reader: &'a R,
    pub(crate) encryption: Option<&'a Encryption>,
    pub(crate) max_bytes: u64,
}

pub(crate) async fn receive<R: DataReader>(
    receiving: &Receiving<'_, R>,
    response: TransportResponse,
) -> Result<Received<R::Data>, Failure> {
    let TransportResponse { status, headers, body } = response;
    let is_encrypted = headers.get(ENCRYPTED).is_some_and(|value| value.as_bytes().trim_ascii() == b"1");
    let may_be_file = receiving.accept == Accept::File;
    if may_be_file {
        if let Some(link) = redirect(status, &headers) {
            return Ok(Received::Link(link));
        }
        if status.is_success() && !is_encrypted && !is_text(&headers) {
            return Ok(Received::Stream(TransportResponse { status, headers, body }));
        }
    }
    let with_status = |failure: Failure| Failure {
        error: failure.error.with_status(status.as_u16()),
        ..failure
    };
    let mut body = match read(body, &headers, receiving.max_bytes).await {
        // The status says enough of a failure.
        Err(failure) if !status.is_success() && failure.error.kind() == ErrorKind::InvalidResponse => Vec::new(),
        body => body.map_err(with_status)?,
    };
    if is_encrypted {
        body = decrypt(receiving.encryption, &headers, &body).map_err(|error| with_status(Failure::unknown(error)))?;
    }
    if body.starts_with(BYTE_ORDER_MARK) {
        body.drain(..BYTE_ORDER_MARK.len());
    }
    let text = String::from_utf8(body);
    let opened = match &text {
        Ok(text) => open(text, receiving),
        Err(error) => Err(ReadError::Syntax(error.utf8_error().valid_up_to())),
    };
    let envelope = opened.as_ref().ok().map(|(envelope, _)| envelope);
    if let Some(failure) = refusal(receiving.route, receiving.redaction, status, &headers, envelope) {
        return Err(failure);
    }
    match opened {
        Ok((envelope, _)) if envelope.code.is_none() && receiving.accept != Accept::Any => {
            Err(with_status(invalid("it is JSON without AI Rudder's `code`")))
        }
        Ok((envelope, data)) => {
            let body = text.unwrap_or_default();
            Ok(Received::Envelope(ApiResponse {
                status,
                data: data.map_or_else(|| receiving.reader.read_whole(envelope.json(&body)), Ok),
                body,
                envelope,
                attempts: 1,
            }))
        }
        Err(error) => match text.map_or_else(FromUtf8Error::into_bytes, String::into_bytes) {
            file if may_be_file && is_encrypted => Ok(Received::Bytes(file)),
            body => Err(with_status(invalid(&no_json(&body, &error)))),
        },
    }
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Opens the envelope, and reads its data if that can be done on the way. JSON without an envelope is data as a whole, where it is accepted.
fn open<R: DataReader>(text: &str, receiving: &Receiving<'_, R>) -> Result<(Envelope, Option<R::Data>), ReadError> {
    let opened = Envelope::open(text, receiving.reader);
    if receiving.accept != Accept::Any || opened.as_ref().is_ok_and(|(envelope, _)| envelope.code.is_some()) {
        return opened;
    }
    let is_empty = text.trim_ascii().is_empty();
    if !is_empty {
        read_value(text, Budget::for_bytes(text.len() as u64, None))?;
    }
    let mut envelope = opened.map(|(envelope, _)| envelope).unwrap_or_default();
    envelope.data = (!is_empty).then_some(0..text.len());
    Ok((envelope, None))
}

fn invalid(detail: &str) -> Failure {
    Failure::unknown(Error::new(ErrorKind::InvalidResponse, detail))
}

/// Says in which way a body is not JSON, without showing any of it.
fn no_json(body: &[u8], error: &ReadError) -> String {
    let start = body.trim_ascii_start();
    if start.is_empty() {
        "it is empty".to_owned()
    } else if start.starts_with(b"<") {
        "it is HTML or XML, not JSON".to_owned()
    } else if matches!(error, ReadError::Eof) {
        "its JSON ends too early".to_owned()
    } else {
        match error.position(body) {
            Some((line, column)) => format!("it is no JSON of AI Rudder's form, seen at line {line} column {column}"),
            None => "it is no JSON of AI Rudder's form".to_owned(),
        }
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

fn decrypt(encryption: Option<&Encryption>, headers: &HeaderMap, body: &[u8]) -> Result<Vec<u8>, Error> {
    let Some(encryption) = encryption else {
        return Err(Error::new(
            ErrorKind::Decryption,
            "the answer is encrypted and the client has no `encryption_key`",
        ));
    };
    let signed = headers.get(SIGNED).and_then(|value| value.to_str().ok()).unwrap_or_default();
    encryption.decrypt(body, signed)
}

/// Reads a body of at most `limit` bytes.
async fn read(mut chunks: TransportStream, headers: &HeaderMap, limit: u64) -> Result<Vec<u8>, Failure> {
    let too_large = || Failure::unknown(Error::new(ErrorKind::ResponseTooLarge, format!("more than {limit} bytes")));
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok())
        .unwrap_or(0);
    if announced > limit {
        return Err(too_large());
    }
    // The announced length is not trusted beyond a modest size.
    let mut body = Vec::with_capacity(usize::try_from(announced.min(1 << 20)).unwrap_or_default());
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| lost(&error))?;
        if body.len() as u64 + chunk.len() as u64 > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
