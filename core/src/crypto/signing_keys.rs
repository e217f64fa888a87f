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
    /// Other secrets that an event may be signed with.
    pub(crate) fallbacks: Vec<SecretString>,
    pub(crate) signer: Option<Arc<dyn Signer>>,
}

impl SigningKeys {
    /// Returns the signature that the signer gives an event. `None` without a signer.
    ///
    /// Synchronous. Resolve an async signer first and pass its signature in.
    pub(crate) fn signer_signature(&self, event: &Unsigned) -> Option<Result<String, SignError>> {
        let waits = || {
            Err(SignError::new(
                "it waits for something, which only a router does: use one, or give `unwrap_expecting` its signature",
            ))
        };
        self.signer
            .as_ref()
            .map(|signer| signer.sign(event).now_or_never().unwrap_or_else(waits))
    }

    /// Returns the signature of a body by `sign_secret`, which signs. `None` without it.
    pub(crate) fn signature(&self, body: &[u8]) -> Option<String> {
        self.secret.as_ref().and_then(|secret| signature(secret, body))
    }

    /// Returns the signatures that the body of an event may have, the one by `sign_secret` first.
    pub(crate) fn event_signatures(&self, body: &[u8]) -> impl Iterator<Item = String> {
        self.secret
            .iter()
            .chain(&self.fallbacks)
            .filter_map(move |secret| signature(secret, body))
    }

    /// The text of a signer's failure, with secrets redacted.
    pub(crate) fn failure_text(&self, error: &SignError) -> String {
        clean(&error.to_string(), |message| {
            for secret in [&self.secret, &self.key].into_iter().flatten().chain(&self.fallbacks) {
                message.secret(secret.expose_secret());
            }
        })
    }
}

fn signature(secret: &SecretString, body: &[u8]) -> Option<String> {
    let mut mac = Hmac256::new(secret)?;
    mac.update(body);
    Some(mac.finish())
}
