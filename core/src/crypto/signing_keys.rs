//! What a client signs with.

use std::sync::Arc;

use futures_util::FutureExt as _;
use secrecy::{ExposeSecret as _, SecretString};

use super::digest::Hmac256;
use super::signer::{SignError, Signer, Unsigned};
use crate::redact::clean;

/// The settings `sign_key`, `sign_secret` and `signer`.
pub(crate) struct SigningKeys {
    pub(crate) key: Option<SecretString>,
    pub(crate) secret: Option<SecretString>,
    pub(crate) signer: Option<Arc<dyn Signer>>,
}

impl SigningKeys {
    /// Returns the signature that an event must have. `None` without a secret and a signer.
    ///
    /// Synchronous. Resolve an async signer first and pass its signature in.
    pub(crate) fn event_signature(&self, event: &Unsigned) -> Option<Result<String, SignError>> {
        match (&self.signer, &self.secret) {
            (Some(signer), _) => Some(
                signer
                    .sign(event)
                    .now_or_never()
                    .unwrap_or_else(|| Err(SignError::new("it waits for something, and opening an event cannot wait"))),
            ),
            (None, Some(secret)) => {
                let mut mac = Hmac256::new(secret)?;
                mac.update(event.body.as_deref().unwrap_or_default());
                Some(Ok(mac.finish()))
            }
            (None, None) => None,
        }
    }

    /// The text of a signer's failure, with secrets redacted.
    pub(crate) fn failure_text(&self, error: &SignError) -> String {
        clean(&error.to_string(), |message| {
            for secret in [&self.secret, &self.key].into_iter().flatten() {
                message.secret(secret.expose_secret());
            }
        })
    }
}
