use std::sync::Arc;
use std::time::Duration;

use crate::crypto::{Encryption, SigningKeys};

/// How events are authenticated and decrypted, and which are taken.
pub(crate) struct Rules {
    pub(crate) encryption: Option<Encryption>,
    pub(crate) signing: Arc<SigningKeys>,
    pub(crate) verify: bool,
    pub(crate) requires_signature: bool,
    pub(crate) requires_encryption: bool,
    pub(crate) max_bytes: usize,
    pub(crate) max_age: Option<Duration>,
}
