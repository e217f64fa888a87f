//! The interface of signers.

use std::fmt;
use std::future::ready;
use std::pin::Pin;

use bytes::Bytes;

/// Computes the signature of a request, and the one that an event must have. Every closure from `&Unsigned` to the signature is one; implement the
/// trait by hand for a signer that awaits something.
///
/// ```
/// use std::sync::Arc;
/// use airudder::{Client, Settings, Unsigned};
///
/// # fn my_digest(_: &str, _: &[u8]) -> String { String::new() }
/// let client = Client::new(Settings {
///     app_key: Some("my key".into()),
///     app_secret: Some("my secret".into()),
///     sign_key: Some("0f8fad5bd9cb469fa165708667284a2c".into()),
///     signer: Some(Arc::new(|request: &Unsigned| {
///         Ok(my_digest(&request.path, request.body.as_deref().unwrap_or_default()))
///     })),
///     ..Settings::default()
/// })?;
/// # Ok::<(), airudder::Error>(())
/// ```
pub trait Signer: Send + Sync + 'static {
    /// Returns the text for the header `X-AIRudder-Sign`. Called once for each attempt. A failure ends the call before anything is sent, with an
    /// error of the kind [`Configuration`](crate::ErrorKind::Configuration).
    fn sign<'a>(&'a self, request: &'a Unsigned) -> Pin<Box<dyn Future<Output = Result<String, SignError>> + Send + 'a>>;
}

impl<F> Signer for F
where
    F: Fn(&Unsigned) -> Result<String, SignError> + Send + Sync + 'static,
{
    fn sign<'a>(&'a self, request: &'a Unsigned) -> Pin<Box<dyn Future<Output = Result<String, SignError>> + Send + 'a>> {
        Box::pin(ready(self(request)))
    }
}

/// A request to sign.
#[derive(Clone)]
#[non_exhaustive]
pub struct Unsigned {
    /// The HTTP method, such as `POST`.
    pub method: String,
    /// The path, with the query after a `?` when there is one; empty for an event, whose path is the receiver's.
    pub path: String,
    /// The client's `sign_key`.
    pub sign_key: String,
    /// The bytes of the body, empty if there is none. `None` for an upload from the disk, which is never in memory as a whole.
    pub body: Option<Bytes>,
    /// The SHA-256 of the whole body in lower-case hexadecimal digits, when `body` is `None`.
    pub body_sha256: Option<String>,
}

impl fmt::Debug for Unsigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unsigned")
            .field("method", &self.method)
            .field("body_bytes", &self.body.as_ref().map(Bytes::len))
            .finish_non_exhaustive()
    }
}

/// Why a signer failed. Its text becomes part of the call's error, with secrets redacted.
#[derive(Clone, Debug)]
pub struct SignError(String);

impl SignError {
    /// With a text for the user.
    pub fn new(reason: impl fmt::Display) -> Self {
        Self(reason.to_string())
    }
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SignError {}
