//! A server on a real socket, whose connections a test can break, and a transport in memory.
#![allow(clippy::unwrap_used, dead_code)] // each test binary uses its part

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use airudder::{Client, OPERATIONS, Operation, Settings, Transport, TransportBody, TransportError, TransportRequest, TransportResponse};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What came: the head and body of each request, in order.
pub type Log = Arc<Mutex<Vec<String>>>;

pub const TOKEN: &str = "canary-token-5e1f";

/// Serves each connection with `play`, which gets the head and body of each request and writes the answer. The token is answered here.
pub async fn serve<F>(play: F) -> (SocketAddr, Log)
where
    F: Fn(&str) -> Reaction + Send + Sync + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let log = Log::default();
    let play = Arc::new(play);
    let shared = log.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, play.clone(), shared.clone()));
        }
    });
    (address, log)
}

/// What the server does after a request.
pub enum Reaction {
    /// Writes these bytes.
    Write(Vec<u8>),
    /// Writes these bytes and closes.
    WriteAndClose(Vec<u8>),
    /// Writes these bytes, waits, and closes.
    WriteWaitAndClose(Vec<u8>, Duration),
    /// Says nothing, and tells when the client has closed the connection.
    Hang(tokio::sync::mpsc::UnboundedSender<()>),
}

pub async fn converse<S, F>(mut stream: S, play: Arc<F>, log: Log)
where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Fn(&str) -> Reaction,
{
    while let Some(request) = read_request(&mut stream).await {
        log.lock().unwrap().push(request.clone());
        let reaction = if request.starts_with("POST /service/cloud/auth ") {
            Reaction::Write(json(&ok(json!({"token": TOKEN}))))
        } else {
            play(&request)
        };
        match reaction {
            Reaction::Write(bytes) => stream.write_all(&bytes).await.unwrap(),
            Reaction::WriteAndClose(bytes) => {
                stream.write_all(&bytes).await.unwrap();
                stream.shutdown().await.ok();
                return;
            }
            Reaction::WriteWaitAndClose(bytes, wait) => {
                stream.write_all(&bytes).await.unwrap();
                tokio::time::sleep(wait).await;
                return;
            }
            Reaction::Hang(closed) => {
                let mut rest = [0; 16];
                while stream.read(&mut rest).await.is_ok_and(|count| count > 0) {}
                closed.send(()).ok();
                return;
            }
        }
    }
}

async fn read_request<S: AsyncRead + Unpin>(stream: &mut S) -> Option<String> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).to_ascii_lowercase();
    let length: usize = head
        .split("content-length:")
        .nth(1)
        .and_then(|rest| rest.lines().next()?.trim().parse().ok())
        .unwrap_or(0);
    while bytes.len() < head_end + length {
        stream.read_buf(&mut bytes).await.ok()?;
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// An answer with a JSON body.
pub fn json(body: &str) -> Vec<u8> {
    answer("200 OK", "application/json", body.as_bytes())
}

pub fn answer(status: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

pub fn settings(address: SocketAddr) -> Settings {
    Settings {
        base_url: Some(format!("http://{address}")),
        ..Settings::default()
    }
}

pub fn client(address: SocketAddr) -> Client {
    Client::new(settings(address)).unwrap()
}

/// Connects two streams until one of them ends.
pub async fn join(mut left: TcpStream, mut right: TcpStream) {
    tokio::io::copy_bidirectional(&mut left, &mut right).await.ok();
}

/// The body of a successful response.
pub fn ok(data: impl Into<Value>) -> String {
    json!({"code": 200, "status": "OK", "data": data.into()}).to_string()
}

/// A request that [`InMemory`] took.
pub struct Sent {
    /// Method, path and query.
    pub line: String,
    pub headers: http::HeaderMap,
    pub body: String,
}

impl Sent {
    pub fn is_for_token(&self) -> bool {
        self.line.ends_with("/auth")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

pub type SentLog = Arc<Mutex<Vec<Sent>>>;

/// A transport that records each request and answers it with a status and a body. The answer also gets the number of the request.
struct InMemory<F> {
    answer: F,
    log: SentLog,
}

impl<F: Fn(&Sent, usize) -> (u16, String) + Send + Sync + 'static> Transport for InMemory<F> {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let TransportBody::Bytes(body) = request.body else {
            unreachable!("no form is sent")
        };
        let sent = Sent {
            line: format!("{} {}{query}", request.method, request.url.path()),
            headers: request.headers,
            body: String::from_utf8(body.into()).unwrap(),
        };
        let number = self.log.lock().unwrap().len();
        let (status, body) = (self.answer)(&sent, number);
        self.log.lock().unwrap().push(sent);
        async move {
            // Requests in flight at the same time finish at different times.
            for _ in 0..=number % 8 {
                tokio::task::yield_now().await;
            }
            Ok(TransportResponse::new(status.try_into().unwrap(), body))
        }
        .boxed()
    }
}

/// A client whose requests are answered in memory.
pub fn in_memory_with(settings: Settings, answer: impl Fn(&Sent, usize) -> (u16, String) + Send + Sync + 'static) -> (Client, SentLog) {
    let log = SentLog::default();
    let transport = InMemory { answer, log: log.clone() };
    let settings = Settings {
        base_url: settings.base_url.or(Some("http://127.0.0.1".into())),
        ..settings
    };
    (Client::with_transport(settings, Arc::new(transport)).unwrap(), log)
}

/// A client whose requests are answered in memory with data, and that has a token.
pub fn in_memory(answer: impl Fn(usize) -> Value + Send + Sync + 'static) -> (Client, SentLog) {
    in_memory_with(Settings::default(), move |sent, number| {
        let data = if sent.is_for_token() {
            json!({"token": TOKEN})
        } else {
            answer(number)
        };
        (200, ok(data))
    })
}

/// The operation with this id.
pub fn operation(id: &str) -> &'static Operation {
    OPERATIONS.iter().find(|operation| operation.id == id).unwrap()
}
