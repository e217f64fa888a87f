//! The bodies of answers, in pieces, so that a large one is never held as a whole.

use std::borrow::Cow;
use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::cases::{Answer, Framing, Repeat};

const PIECE_BYTES: usize = 64 * 1024;

/// The body of an answer.
#[derive(Debug)]
pub enum Body {
    Bytes(Vec<u8>),
    Repeat(Repeat),
}

impl Body {
    pub fn of(answer: &Answer) -> Result<Self, String> {
        if let Some(data) = &answer.data {
            let envelope = json!({"code": 200, "status": "OK", "data": data});
            return Ok(Self::Bytes(envelope.to_string().into_bytes()));
        }
        if let Some(value) = &answer.body_json {
            return Ok(Self::Bytes(value.to_string().into_bytes()));
        }
        if let Some(text) = &answer.body_base64 {
            return STANDARD.decode(text).map(Self::Bytes).map_err(|error| error.to_string());
        }
        if let Some(repeat) = &answer.body_repeat {
            return Ok(Self::Repeat(repeat.clone()));
        }
        Ok(Self::Bytes(answer.body_text.clone().unwrap_or_default().into_bytes()))
    }

    #[must_use]
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Repeat(repeat) => (repeat.prefix.len() + repeat.suffix.len()) as u64 + repeat.times * repeat.unit.len() as u64,
        }
    }

    /// Sends the body, or its first `limit` bytes.
    pub async fn send(&self, out: &mut (impl AsyncWrite + Unpin), framing: Framing, limit: Option<u64>) -> io::Result<()> {
        let mut left = limit.unwrap_or(u64::MAX);
        for piece in self.pieces() {
            let here = usize::try_from(left).map_or(piece.len(), |left| left.min(piece.len()));
            if here == 0 {
                continue;
            }
            left -= here as u64;
            if framing == Framing::Chunked {
                out.write_all(format!("{here:x}\r\n").as_bytes()).await?;
                out.write_all(&piece[..here]).await?;
                out.write_all(b"\r\n").await?;
            } else {
                out.write_all(&piece[..here]).await?;
            }
        }
        if framing == Framing::Chunked && limit.is_none() {
            out.write_all(b"0\r\n\r\n").await?;
        }
        out.flush().await
    }

    fn pieces(&self) -> Box<dyn Iterator<Item = Cow<'_, [u8]>> + Send + '_> {
        match self {
            Self::Bytes(bytes) => Box::new(std::iter::once(Cow::Borrowed(bytes.as_slice()))),
            Self::Repeat(repeat) => {
                let per_piece = (PIECE_BYTES / repeat.unit.len().max(1)).max(1);
                let piece = repeat.unit.repeat(per_piece).into_bytes();
                let whole = repeat.times / per_piece as u64;
                let rest = usize::try_from(repeat.times % per_piece as u64).unwrap_or_default();
                Box::new(
                    std::iter::once(Cow::Borrowed(repeat.prefix.as_bytes()))
                        .chain((0..whole).map(move |_| Cow::Owned(piece.clone())))
                        .chain(std::iter::once(Cow::Owned(repeat.unit.repeat(rest).into_bytes())))
                        .chain(std::iter::once(Cow::Borrowed(repeat.suffix.as_bytes()))),
                )
            }
        }
    }
}
