//! The account's keys, which can be replaced while the emulator runs.

use std::sync::Arc;

use http::HeaderMap;
use serde::Deserialize;

use crate::crypto::{Encryption, KeyError, Scheme};
use crate::envelope::Refusal;
use crate::settings::Sign;

/// What payloads are encrypted and signed with.
#[derive(Debug, Clone)]
pub struct Keys {
    /// How payloads are encrypted, if they are.
    pub encryption: Option<Encryption>,
    /// What the Chatbot API's requests and events are signed with.
    pub sign: Sign,
}

/// New keys. A key that is absent stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_debug_implementations)] // holds keys
pub struct Rotation {
    encryption_key: Option<String>,
    sign_secret: Option<String>,
}

/// All keys that are accepted, the newest first. Events go out with the newest.
#[derive(Debug)]
pub struct Keyring(Vec<Arc<Keys>>);

impl Keyring {
    /// The keys that the emulator is started with.
    #[must_use]
    pub fn new(keys: Keys) -> Self {
        Self(vec![Arc::new(keys)])
    }

    /// The keys that events are encrypted and signed with.
    #[must_use]
    pub fn newest(&self) -> Arc<Keys> {
        self.0[0].clone()
    }

    /// Every pair of keys that a request may be encrypted and signed with.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Keys>> {
        self.0.clone()
    }

    /// Replaces keys. The old ones stay accepted, as a client replaces its own a moment later.
    pub fn rotate(&mut self, rotation: Rotation) -> Result<(), KeyError> {
        let mut keys = Keys::clone(&self.0[0]);
        if let Some(key) = rotation.encryption_key {
            keys.encryption = Some(match keys.encryption {
                Some(encryption) => encryption.with_key(&key)?,
                None => Encryption::new(Scheme::default(), &key, None)?,
            });
        }
        if let Some(secret) = rotation.sign_secret {
            keys.sign.secret = secret.into();
        }
        self.0.insert(0, Arc::new(keys));
        Ok(())
    }

    /// Whether a request is signed with any of the keys.
    pub fn check_sign(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
        let mut refusals = self.0.iter().map(|keys| keys.sign.check(headers, body));
        let newest = refusals.next().unwrap_or(Ok(()));
        if refusals.any(|refusal| refusal.is_ok()) { Ok(()) } else { newest }
    }
}
