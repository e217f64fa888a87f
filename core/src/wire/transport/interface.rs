//! The interface of transports.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::future::BoxFuture;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

/// Sends single HTTP requests. The SDK's own transport uses connections of this machine; give [`Client::with_transport`](crate::Client::with_transport)
/// another one to add middleware, or to test without a network.
///
/// A transport sends a request once: it neither repeats it nor follows redirects. The SDK decides what is sent again.
///
/// ```
/// use std::sync::Arc;
/// use airudder::{Client, Settings, Transport, TransportError, TransportRequest, TransportResponse};
/// use futures_util::future::{BoxFuture, FutureExt as _, ready};
///
/// struct Canned;
///
/// impl Transport for Canned {
///     fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
///         let body = match request.url.path() {
///             "/service/cloud/auth" => r#"{"code": 200, "data": {"token": "t"}}"#,
///             _ => r#"{"code": 200, "data": {"List": [{"RobotID": 7}]}}"#,
///         };
///         ready(Ok(TransportResponse::new(http::StatusCode::OK, body))).boxed()
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), airudder::Error> {
/// let settings = Settings { app_key: Some("key".into()), app_secret: Some("secret".into()), ..Settings::default() };
/// let client = Client::with_transport(settings, Arc::new(Canned))?;
/// assert_eq!(client.tasks().robots().await?.robots.len(), 1);
/// # Ok(())
/// # }
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Sends the request and waits for the head of its response.
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>>;
}

/// The chunks of a body.
pub type TransportStream = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// A request.
#[allow(missing_debug_implementations)] // holds secrets and people's data
pub struct TransportRequest {
    /// The HTTP method.
    pub method: Method,
    /// The whole URL.
    pub url: Url,
    /// All headers but those that belong to the connection.
    pub headers: HeaderMap,
    /// The body.
    pub body: TransportBody,
}

/// The body of a request.
#[allow(missing_debug_implementations)] // holds people's data
pub enum TransportBody {
    /// A body in memory, which may be empty.
    Bytes(Bytes),
    /// A body that is read while it is sent. The header `Content-Length` has its length.
    Stream(TransportStream),
}

/// A response.
#[allow(missing_debug_implementations)] // holds people's data
pub struct TransportResponse {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers. A body that the transport decompressed has no `Content-Encoding` and no `Content-Length`.
    pub headers: HeaderMap,
    /// The body.
    pub body: TransportStream,
}

impl TransportResponse {
    /// A response with a body in memory.
    pub fn new(status: StatusCode, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        Self {
            status,
            headers: HeaderMap::new(),
            body: Box::pin(futures_util::stream::iter([Ok(body)])),
        }
    }
}

/// What a failure says of the request: whether it is safe to send it again depends on this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request never left.
    NotSent,
    /// The connection ended. The request may have arrived.
    Lost,
    /// The server was silent for too long. The request may have arrived.
    TimedOut,
    /// The response arrived damaged.
    Damaged,
}

/// Why a transport failed.
#[derive(Clone, Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    detail: String,
}

impl TransportError {
    /// `detail` becomes part of the call's error, without links and long numbers.
    pub fn new(kind: TransportErrorKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
        }
    }

    /// What it says of the request.
    #[must_use]
    pub const fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// What happened.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for TransportError {}
