//! HTTP/1.1 with nothing but what a measured client sends: less work here leaves more of the machine to the client.

use std::io;

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::answers::{Answers, Asked};

/// The largest request that is taken, in bytes.
const LARGEST: usize = 64 << 20;
const HEADERS: usize = 64;

/// What stands in a request, and how long it is with its body.
struct Request<'a> {
    asked: Asked<'a>,
    length: usize,
}

/// Answers the requests of a connection until it ends.
pub(super) async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, answers: &Answers) -> io::Result<()> {
    let mut buffer = BytesMut::with_capacity(16 << 10);
    loop {
        while let Some(request) = read(&buffer)? {
            if buffer.len() < request.length {
                break;
            }
            let (answer, length) = (answers.to(&request.asked), request.length);
            stream.write_all(&answer.http1).await?;
            buffer.advance(length);
        }
        // What is encrypted stays in its layer until it is told to go.
        stream.flush().await?;
        if stream.read_buf(&mut buffer).await? == 0 {
            return Ok(());
        }
    }
}

/// The request at the beginning of the buffer; none while its head is not whole.
fn read(buffer: &[u8]) -> io::Result<Option<Request<'_>>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    let parsed = head.parse(buffer).map_err(io::Error::other)?;
    let httparse::Status::Complete(end) = parsed else {
        return if buffer.len() > LARGEST { Err(too_large()) } else { Ok(None) };
    };
    let path = head.path.unwrap_or_default();
    let mut asked = Asked {
        path: path.split('?').next().unwrap_or_default(),
        ..Asked::default()
    };
    let mut body = 0;
    for header in head.headers.iter() {
        if header.name.eq_ignore_ascii_case("content-length") {
            body = std::str::from_utf8(header.value)
                .ok()
                .and_then(|length| length.trim().parse().ok())
                .filter(|length| *length <= LARGEST)
                .ok_or_else(too_large)?;
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            return Err(io::Error::other("the fast mode takes bodies of a known length"));
        } else if header.name.eq_ignore_ascii_case("is-encrypted") {
            asked.is_encrypted = header.value == b"1";
        } else if header.name.eq_ignore_ascii_case("authorization") {
            asked.has_token = true;
        }
    }
    let length = end + body;
    Ok(Some(Request { asked, length }))
}

fn too_large() -> io::Error {
    io::Error::other("the request is too large")
}
