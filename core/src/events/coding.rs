//! The `Content-Encoding` of a delivery. It belongs to the transport, so it is undone before anything is verified: what AI Rudder signs and encrypts is
//! assumed to be what it made, not what a proxy on the way compressed.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::{MultiGzDecoder, ZlibDecoder};

use super::headers::Headers;
use crate::error::Error;
use crate::redact::coding_name;

const CONTENT_ENCODING: &str = "content-encoding";
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// The first byte of zlib's format with the usual window size.
const ZLIB: u8 = 0x78;

/// The decoded body, of at most one byte more than `limit`. Some frameworks decode the body and keep the header, so a body without the magic bytes is
/// returned unchanged.
pub(super) fn decode<'a>(body: &'a [u8], headers: &Headers<'_>, limit: usize) -> Result<Cow<'a, [u8]>, Error> {
    let Some(coding) = headers.one(CONTENT_ENCODING)? else {
        return Ok(Cow::Borrowed(body));
    };
    let coding = coding.to_ascii_lowercase();
    match coding.as_str() {
        "gzip" | "x-gzip" if body.starts_with(&GZIP) => unpack(MultiGzDecoder::new(body), limit),
        "deflate" if is_zlib(body) => unpack(ZlibDecoder::new(body), limit),
        "" | "identity" | "gzip" | "x-gzip" | "deflate" => Ok(Cow::Borrowed(body)),
        other => Err(refused(format!(
            "it is coded as {}; have what stands before this receiver undo that, or send it as gzip, deflate or not coded at all",
            coding_name(other)
        ))),
    }
}

/// Whether a body begins like zlib's format. JSON begins otherwise, and so does Base64, in which both bytes together cannot stand.
fn is_zlib(body: &[u8]) -> bool {
    matches!(*body, [ZLIB, check, ..] if (u16::from(ZLIB) << 8 | u16::from(check)) % 31 == 0)
}

fn unpack<'a>(packed: impl Read, limit: usize) -> Result<Cow<'a, [u8]>, Error> {
    let mut body = Vec::new();
    // One byte more than is taken, so that the size is refused and not cut.
    let enough = limit.saturating_add(1) as u64;
    packed
        .take(enough)
        .read_to_end(&mut body)
        .map_err(|_| refused("its compression is damaged; pass the body of the request untouched".to_owned()))?;
    Ok(Cow::Owned(body))
}

fn refused(detail: String) -> Error {
    Error::event("coding", detail)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};

    use super::*;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn decoded(body: &[u8], coding: &str) -> Result<Vec<u8>, &'static str> {
        let headers = [("Content-Encoding".to_owned(), coding.to_owned())];
        let decoded = decode(body, &Headers(&headers), 1000);
        decoded.map(Cow::into_owned).map_err(|error| error.reason().unwrap())
    }

    #[test]
    fn known_codings_are_undone() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(b"{}").unwrap();
        let zlib = zlib.finish().unwrap();
        for coding in ["gzip", "GZIP", " x-gzip ", "X-GZip"] {
            assert_eq!(decoded(&gzip(b"{}"), coding).unwrap(), b"{}", "{coding}");
        }
        assert_eq!(decoded(&[gzip(b"{"), gzip(b"}")].concat(), "gzip").unwrap(), b"{}");
        assert_eq!(decoded(&zlib, "Deflate").unwrap(), b"{}");
    }

    #[test]
    fn what_a_framework_has_undone_is_not_undone_again() {
        for body in ["{}", "[", "", "x\u{9c}", "eJwrySxWAKLE", "  {}"] {
            for coding in ["gzip", "deflate", "identity", ""] {
                assert_eq!(decoded(body.as_bytes(), coding).unwrap(), body.as_bytes(), "{coding}");
            }
        }
    }

    #[test]
    fn others_are_refused_and_bombs_end_at_the_limit() {
        for coding in ["br", "zstd", "gzip, gzip", "compress", "a very long name that is no coding"] {
            assert_eq!(decoded(b"{}", coding), Err("coding"), "{coding}");
        }
        let whole = gzip(b"{}");
        assert_eq!(decoded(&whole[..whole.len() - 3], "gzip"), Err("coding"));
        assert_eq!(decoded(&gzip(&vec![b' '; 10_000_000]), "gzip").unwrap().len(), 1001);
        assert_eq!(decoded(&gzip(&vec![b' '; 1000]), "gzip").unwrap().len(), 1000);
    }

    #[test]
    fn base64_is_never_taken_for_zlib() {
        let base64 = (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').chain([b'+', b'/', b'=']);
        for first in base64.clone() {
            for second in base64.clone() {
                assert!(!is_zlib(&[first, second]), "{first} {second}");
            }
        }
    }
}
