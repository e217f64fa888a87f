//! HTTP/1.1 as bytes: requests are read whole, answers are left to the caller, who may want to break them.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const MAX_HEAD_BYTES: usize = 64 * 1024;
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;
const MAX_HEADERS: usize = 100;

/// A request as it came over the wire.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    /// The request target, raw: nothing is decoded.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    /// What stands before the first `?`.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(self.target.as_str(), |(path, _)| path)
    }

    /// What stands behind the first `?`, raw.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }

    /// The value of a header, whatever the case of its name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// A connection that requests come in on, one after the other.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Connection {
    #[must_use]
    pub fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            unread: Vec::new(),
        }
    }

    pub fn stream(&mut self) -> &mut TcpStream {
        &mut self.stream
    }

    /// The next request, or nothing when the client has closed the connection.
    pub async fn request(&mut self) -> io::Result<Option<Request>> {
        let (mut request, body_bytes) = loop {
            if let Some((head, used)) = parse_head(&self.unread)? {
                self.unread.drain(..used);
                break head;
            }
            if self.unread.len() > MAX_HEAD_BYTES {
                return Err(invalid("the head of the request is too long"));
            }
            if self.stream.read_buf(&mut self.unread).await? == 0 {
                return if self.unread.is_empty() {
                    Ok(None)
                } else {
                    Err(invalid("the request ended inside its head"))
                };
            }
        };
        while self.unread.len() < body_bytes {
            if self.stream.read_buf(&mut self.unread).await? == 0 {
                return Err(invalid("the request ended inside its body"));
            }
        }
        request.body = self.unread.drain(..body_bytes).collect();
        Ok(Some(request))
    }

    /// Waits until the client has had enough.
    pub async fn until_closed(&mut self) -> io::Result<()> {
        let mut ignored = [0; 1024];
        while self.stream.read(&mut ignored).await? > 0 {}
        Ok(())
    }

    /// Sends a whole answer with a JSON body.
    pub async fn send_json(&mut self, status: u16, body: &serde_json::Value) -> io::Result<()> {
        let body = body.to_string();
        let head = format!(
            "HTTP/1.1 {status} Answer\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        self.stream.write_all(head.as_bytes()).await?;
        self.stream.write_all(body.as_bytes()).await?;
        self.stream.flush().await
    }
}

/// The head of a request, the length of its body, and how many bytes the head took.
type Head = ((Request, usize), usize);

fn parse_head(bytes: &[u8]) -> io::Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let used = match parsed.parse(bytes) {
        Ok(httparse::Status::Complete(used)) => used,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(error) => return Err(invalid(&format!("the head of the request is malformed: {error}"))),
    };
    let request = Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        target: parsed.path.unwrap_or_default().to_owned(),
        headers: parsed
            .headers
            .iter()
            .map(|header| (header.name.to_owned(), String::from_utf8_lossy(header.value).into_owned()))
            .collect(),
        body: Vec::new(),
    };
    if request.header("transfer-encoding").is_some() {
        return Err(invalid("the request has no Content-Length"));
    }
    let body_bytes = match request.header("content-length") {
        None => 0,
        Some(text) => text
            .parse()
            .ok()
            .filter(|bytes| *bytes <= MAX_BODY_BYTES)
            .ok_or_else(|| invalid("the request's Content-Length is wrong"))?,
    };
    Ok(Some(((request, body_bytes), used)))
}

fn invalid(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text)
}
