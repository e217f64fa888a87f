//! Signs the calls that carry no token: those of the Chatbot API.
//!
//! How AI Rudder wants them signed is not known. HMAC-SHA256 over the body is assumed; a [`Signer`] replaces it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use http::HeaderName;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use super::deadline::by;
use crate::crypto::{Hmac256, SIGNATURE, SIGNATURE_KEY, Signer, SigningKeys, Unsigned, hexadecimal};
use crate::engine::{Authorization, Authorizer, Limits};
use crate::error::Error;
use crate::wire::{Body, OutgoingRequest, secret_header};

/// Authorizes requests by a signature.
pub(crate) struct Signed {
    pub(crate) keys: Arc<SigningKeys>,
    /// How long a signer may take. The deadline of an upload leaves time for its bytes; a signer gets no more than in any other call.
    pub(crate) timeout: Duration,
}

impl Signed {
    async fn sign(&self, request: &OutgoingRequest) -> Result<Authorization, Error> {
        let keys = &self.keys;
        let key = keys
            .key
            .as_ref()
            .ok_or_else(|| Error::configuration("`sign_key` is missing, and this call is signed; pass it or set AIRUDDER_SIGN_KEY"))?;
        let signature = match (&keys.signer, &keys.secret) {
            (Some(signer), _) => self.ask(signer.as_ref(), key, request).await?,
            (None, Some(secret)) => hmac(secret, &request.body).await?,
            (None, None) => {
                return Err(Error::configuration(
                    "`sign_secret` is missing, and this call is signed; pass it or set AIRUDDER_SIGN_SECRET, or give a `signer`",
                ));
            }
        };
        let header = |value: &str, wrong| secret_header(value).map_err(|_| Error::configuration(wrong));
        Ok(Authorization {
            headers: vec![
                (
                    HeaderName::from_static(SIGNATURE_KEY),
                    header(key.expose_secret(), "`sign_key` cannot stand in a header")?,
                ),
                (
                    HeaderName::from_static(SIGNATURE),
                    header(&signature, "`signer` gave a sign that cannot stand in a header")?,
                ),
            ],
            secrets: vec![Arc::new(signature.into())],
        })
    }

    async fn ask(&self, signer: &dyn Signer, key: &SecretString, request: &OutgoingRequest) -> Result<String, Error> {
        let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let mut unsigned = Unsigned {
            method: request.method.to_string(),
            path: format!("{}{query}", request.url.path()),
            sign_key: key.expose_secret().to_owned(),
            body: request.body.bytes(),
            body_sha256: None,
        };
        if unsigned.body.is_none() {
            let mut digest = Sha256::new();
            request.body.read(|chunk| digest.update(chunk)).await?;
            unsigned.body_sha256 = Some(hexadecimal(&digest.finalize()));
        }
        let signature = signer.sign(&unsigned).await;
        signature.map_err(|error| Error::configuration(format!("`signer` failed: {}", self.keys.failure_text(&error))))
    }
}

impl Authorizer for Signed {
    fn authorize<'a>(&'a self, request: &'a OutgoingRequest, limits: Limits) -> BoxFuture<'a, Result<Authorization, Error>> {
        let deadline = limits.deadline.min(Instant::now() + self.timeout);
        by(deadline, "signature", self.sign(request)).boxed()
    }
}

async fn hmac(secret: &SecretString, body: &Body) -> Result<String, Error> {
    let mut mac = Hmac256::new(secret).ok_or_else(|| Error::configuration("`sign_secret` cannot be a key of HMAC"))?;
    body.read(|chunk| mac.update(chunk)).await?;
    Ok(mac.finish())
}
