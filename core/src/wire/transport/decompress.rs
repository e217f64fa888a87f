//! Compressed responses.

use std::io;

use async_compression::tokio::bufread::GzipDecoder;
use futures_util::TryStreamExt as _;
use futures_util::future::ready;
use futures_util::stream::once;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use tokio_util::io::{ReaderStream, StreamReader};

use super::interface::{TransportError, TransportErrorKind, TransportStream};
use crate::redact::coding_name;

/// What a request accepts: the value of its `Accept-Encoding`.
pub(super) const ACCEPTED: &str = "gzip";

/// How a body is coded.
#[derive(Debug, PartialEq)]
pub(super) enum Coding {
    Identity,
    Gzip,
    /// The name of another one, as it is shown.
    Unknown(String),
}

impl Coding {
    /// Takes the coding out of the headers, with the length, which is that of the coded body. Codings are case-insensitive, and gzip has an old name,
    /// as RFC 9110 says. A coding that was not asked for cannot be read.
    pub(super) fn take(headers: &mut HeaderMap) -> Self {
        let Some(value) = headers.get(CONTENT_ENCODING) else {
            return Self::Identity;
        };
        let name = value.to_str().unwrap_or_default().trim().to_ascii_lowercase();
        match name.as_str() {
            "" | "identity" => Self::Identity,
            "gzip" | "x-gzip" => {
                headers.remove(CONTENT_ENCODING);
                headers.remove(CONTENT_LENGTH);
                Self::Gzip
            }
            name => Self::Unknown(coding_name(name)),
        }
    }
}

/// The body without its coding. A failure of the connection stays what it is; any other is of the compression.
pub(super) fn decompress(coding: Coding, body: TransportStream) -> TransportStream {
    match coding {
        Coding::Identity => return body,
        Coding::Gzip => {}
        Coding::Unknown(name) => {
            let detail = format!("it is coded as {name}, which was not asked for");
            return Box::pin(once(ready(Err(TransportError::new(TransportErrorKind::Damaged, detail)))));
        }
    }
    let mut decoder = GzipDecoder::new(StreamReader::new(body.map_err(io::Error::other)));
    // A body may be several compressed ones in a row.
    decoder.multiple_members(true);
    Box::pin(ReaderStream::new(decoder).map_err(|error| {
        let of_connection = error.get_ref().and_then(|cause| cause.downcast_ref::<TransportError>());
        match (of_connection, error.kind()) {
            (Some(error), _) => error.clone(),
            (None, io::ErrorKind::UnexpectedEof) => TransportError::new(TransportErrorKind::Lost, "the compressed body ends too early"),
            (None, _) => TransportError::new(TransportErrorKind::Damaged, "its compression is damaged"),
        }
    }))
}
