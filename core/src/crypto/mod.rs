//! Encryption, digests and signatures.

mod cbc;
mod digest;
mod ecb;
mod encryption;
mod signer;
mod signing_keys;

pub use encryption::{Encrypted, Encryption, Iv};
pub use signer::{SignError, Signer, Unsigned};

pub(crate) use digest::{Hmac256, hexadecimal, sha256};
pub(crate) use encryption::{ENCRYPTED, SIGNED, key_bytes};
pub(crate) use signing_keys::SigningKeys;

/// The header with the signature of a request or an event.
pub(crate) const SIGNATURE: &str = "x-airudder-sign";
/// The header with the key that the signature was made with.
pub(crate) const SIGNATURE_KEY: &str = "x-airudder-sign-key";
