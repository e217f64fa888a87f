//! Signs the calls that carry no token: those of the Chatbot API.
//!
//! How AI Rudder wants them signed is not known. HMAC-SHA256 over the body is assumed, and a [`Signer`] takes its place where that is wrong.

use std::fmt;
use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use crate::error::Error;
use crate::http::body::Body;
use crate::http::build::{Outgoing, Route};
use crate::redact::{clean, hide};

/// Signs requests, and says what the sign of an event has to be. Every closure from `&Unsigned` to the sign is one; implement it by hand for a signer that has to wait for something.
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
    /// The text for the header `X-AIRudder-Sign`. Called once for each time that a request is sent. A failure ends the call before anything
    /// is sent, with an error of the kind [`Configuration`](crate::ErrorKind::Configuration).
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

/// A request that wants to be signed.
#[derive(Clone)]
#[non_exhaustive]
pub struct Unsigned {
    /// The HTTP method, such as `POST`.
    pub method: String,
    /// The path, with the query after a `?` when there is one; empty for an event, whose path is the receiver's.
    pub path: String,
    /// The client's `sign_key`.
    pub sign_key: String,
    /// The bytes of the body, empty when there is none. `None` when a file is sent from the disk: it is never held as a whole.
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

/// Why a signer gives no sign. Its text becomes a part of the call's error, without what is secret.
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

/// What a client signs with.
pub(crate) struct Signing {
    pub(crate) key: Option<SecretString>,
    pub(crate) secret: Option<SecretString>,
    pub(crate) signer: Option<Arc<dyn Signer>>,
}

impl Signing {
    /// The sign key and the sign of a request.
    pub(crate) async fn sign(&self, route: &Route<'_>, outgoing: &Outgoing) -> Result<(SecretString, SecretString), Error> {
        let key = self
            .key
            .clone()
            .ok_or_else(|| Error::configuration("`sign_key` is missing, and this call is signed; pass it or set AIRUDDER_SIGN_KEY"))?;
        let sign = match (&self.signer, &self.secret) {
            (Some(signer), _) => self.ask(signer.as_ref(), &key, route, outgoing).await?,
            (None, Some(secret)) => hmac_sha256(secret, &outgoing.body).await?,
            (None, None) => {
                return Err(Error::configuration(
                    "`sign_secret` is missing, and this call is signed; pass it or set AIRUDDER_SIGN_SECRET, or give a `signer`",
                ));
            }
        };
        Ok((key, sign.into()))
    }

    /// The sign that an event has to have; none when there is nothing to compute it with.
    ///
    /// Nobody waits here: a signer that does has to be asked by whoever can wait.
    pub(crate) fn of_event(&self, event: &Unsigned) -> Option<Result<String, SignError>> {
        match (&self.signer, &self.secret) {
            (Some(signer), _) => Some(
                signer
                    .sign(event)
                    .now_or_never()
                    .unwrap_or_else(|| Err(SignError::new("it waits for something, and opening an event cannot wait"))),
            ),
            (None, Some(secret)) => {
                let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).ok()?;
                mac.update(event.body.as_deref().unwrap_or_default());
                Some(Ok(hexadecimal(&mac.finalize().into_bytes())))
            }
            (None, None) => None,
        }
    }

    /// A signer's own words without what is secret.
    pub(crate) fn words_of(&self, error: &SignError) -> String {
        clean(&error.0, |text| self.hide_in(text))
    }

    async fn ask(&self, signer: &dyn Signer, key: &SecretString, route: &Route<'_>, outgoing: &Outgoing) -> Result<String, Error> {
        let url = &outgoing.url;
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let mut request = Unsigned {
            method: route.method.to_string(),
            path: format!("{}{query}", url.path()),
            sign_key: key.expose_secret().to_owned(),
            body: outgoing.body.bytes(),
            body_sha256: None,
        };
        if request.body.is_none() {
            let mut digest = Sha256::new();
            outgoing.body.read(|chunk| digest.update(chunk)).await?;
            request.body_sha256 = Some(hexadecimal(&digest.finalize()));
        }
        signer.sign(&request).await.map_err(|error| {
            let words = clean(&error.0, |text| {
                hide(text, key.expose_secret());
                self.hide_in(text);
            });
            Error::configuration(format!("`signer` failed: {words}"))
        })
    }

    pub(crate) fn hide_in(&self, message: &mut String) {
        for secret in [&self.secret, &self.key].into_iter().flatten() {
            hide(message, secret.expose_secret());
        }
    }
}

async fn hmac_sha256(secret: &SecretString, body: &Body) -> Result<String, Error> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .map_err(|_| Error::configuration("`sign_secret` cannot be a key of HMAC"))?;
    body.read(|chunk| mac.update(chunk)).await?;
    Ok(hexadecimal(&mac.finalize().into_bytes()))
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(if value < 10 { b'0' + value } else { b'a' + value - 10 });
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}

#[cfg(test)]
mod tests;
