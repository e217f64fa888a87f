//! The encryption of payloads, as agreed with AI Rudder for an account.
//!
//! Two schemes, one setting. Neither is strong: ECB hides no patterns, and the `Signed` header is a digest without a key, so it proves nothing
//! about who wrote a message. TLS is what protects the connection; this is what AI Rudder's contract asks for on top.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use subtle::ConstantTimeEq as _;

use super::digest::sha256;
use super::{cbc, ecb};
use crate::error::{Error, ErrorKind};

pub(crate) const ENCRYPTED: &str = "is-encrypted";
pub(crate) const SIGNED: &str = "signed";

/// How long an initialization vector is.
const IV: usize = 16;

/// How requests, answers and events are encrypted.
///
/// ```
/// let encryption = airudder::Encryption::aes_ecb(b"airudderredduria")?;
/// let encrypted = encryption.encrypt(b"TaskID=69f531a01a9df58aa6de2487be610abb");
/// assert_eq!(encryption.decrypt(encrypted.body.as_bytes(), &encrypted.signed)?, b"TaskID=69f531a01a9df58aa6de2487be610abb");
/// # Ok::<(), airudder::Error>(())
/// ```
#[derive(Clone)]
pub struct Encryption {
    scheme: Scheme,
    fallbacks: Arc<[Scheme]>,
}

#[derive(Clone)]
enum Scheme {
    Ecb(ecb::Key),
    Cbc(cbc::Key, Iv),
}

/// Where AES-CBC takes its initialization vector from.
#[derive(Clone)]
pub enum Iv {
    /// The same for every message, as agreed.
    Fixed([u8; 16]),
    /// A new one for every message, in its first 16 bytes.
    Prefixed,
}

/// An encrypted message.
#[allow(missing_debug_implementations)] // its digest says something of the plaintext
pub struct Encrypted {
    /// The Base64 text that is sent.
    pub body: String,
    /// The header `Signed`: the lower-case hexadecimal SHA-256 of the plaintext.
    pub signed: String,
}

impl Encryption {
    /// AES-128 in ECB mode with zero padding, AI Rudder's documented scheme.
    ///
    /// Source: documented.
    pub fn aes_ecb(key: &[u8]) -> Result<Self, Error> {
        ecb::Key::new(key).map(|key| Self::of(Scheme::Ecb(key))).ok_or_else(|| {
            Error::configuration(format!(
                "`encryption_key` is {} bytes long; aes-ecb takes a key of 16 bytes",
                key.len()
            ))
        })
    }

    /// AES-128, AES-192 or AES-256 in CBC mode with PKCS#7 padding; the key's length decides.
    ///
    /// Source: assumed.
    pub fn aes_cbc(key: &[u8], iv: Iv) -> Result<Self, Error> {
        cbc::Key::new(key).map(|key| Self::of(Scheme::Cbc(key, iv))).ok_or_else(|| {
            Error::configuration(format!(
                "`encryption_key` is {} bytes long; aes-cbc takes a key of 16, 24 or 32 bytes",
                key.len()
            ))
        })
    }

    fn of(scheme: Scheme) -> Self {
        Self {
            scheme,
            fallbacks: Arc::default(),
        }
    }

    /// Also decrypts with these keys, in this order, when its own key does not fit: while a key is replaced, both are in use. Encrypts with its own key
    /// only.
    #[must_use]
    pub fn with_fallbacks(mut self, fallbacks: impl IntoIterator<Item = Self>) -> Self {
        self.fallbacks = fallbacks.into_iter().map(|encryption| encryption.scheme).collect();
        self
    }

    /// Encrypts a message.
    #[must_use]
    pub fn encrypt(&self, plaintext: &[u8]) -> Encrypted {
        Encrypted {
            body: BASE64.encode(self.encrypt_bytes(plaintext)),
            signed: sha256(plaintext),
        }
    }

    /// Decrypts a message and checks its digest.
    ///
    /// # Errors
    ///
    /// The same error whatever is wrong, so that it says nothing about the key.
    pub fn decrypt(&self, body: &[u8], signed: &str) -> Result<Vec<u8>, Error> {
        self.decrypt_any(body, signed).ok_or_else(|| Error::new(ErrorKind::Decryption, ""))
    }

    fn decrypt_any(&self, body: &[u8], signed: &str) -> Option<Vec<u8>> {
        let message = BASE64.decode(body.trim_ascii()).ok()?;
        let signed = signed.trim().to_ascii_lowercase();
        if self.fallbacks.is_empty() {
            return self.scheme.decrypt_signed(message, &signed);
        }
        let mut schemes = std::iter::once(&self.scheme).chain(self.fallbacks.iter());
        schemes.find_map(|scheme| scheme.decrypt_signed(message.clone(), &signed))
    }

    /// The cipher without Base64 and digest, for benchmarks.
    #[doc(hidden)]
    #[must_use]
    pub fn encrypt_bytes(&self, plaintext: &[u8]) -> Vec<u8> {
        match &self.scheme {
            Scheme::Ecb(key) => key.encrypt(plaintext),
            Scheme::Cbc(key, Iv::Fixed(iv)) => key.encrypt(&[], plaintext, iv),
            Scheme::Cbc(key, Iv::Prefixed) => {
                let iv = cbc::random_iv();
                key.encrypt(&iv, plaintext, &iv)
            }
        }
    }

    /// The cipher without Base64 and digest, in place.
    #[doc(hidden)]
    #[must_use]
    pub fn decrypt_bytes(&self, message: Vec<u8>) -> Option<Vec<u8>> {
        let mut plaintext = self.scheme.decrypt_blocks(message)?;
        let length = match &self.scheme {
            Scheme::Ecb(_) => ecb::length(&plaintext),
            Scheme::Cbc(..) => cbc::length(&plaintext)?,
        };
        plaintext.truncate(length);
        Some(plaintext)
    }
}

impl Scheme {
    /// Decrypts a message whose plaintext has this digest.
    fn decrypt_signed(&self, message: Vec<u8>, signed: &str) -> Option<Vec<u8>> {
        let is_signed = |digest: &str| bool::from(digest.as_bytes().ct_eq(signed.as_bytes()));
        let mut plaintext = self.decrypt_blocks(message)?;
        let length = match self {
            // The digest says how much of the zero bytes at the end is padding.
            Self::Ecb(_) => ecb::signed_length(&plaintext, is_signed),
            // Wrong padding costs as much as a wrong digest. An attacker who can tell them apart by time decrypts any message, byte by byte.
            Self::Cbc(..) => {
                let length = cbc::length(&plaintext);
                let is_signed = is_signed(&sha256(plaintext.get(..length.unwrap_or(plaintext.len()))?));
                length.filter(|_| is_signed)
            }
        };
        plaintext.truncate(length?);
        Some(plaintext)
    }

    /// Decrypts a message in place, and leaves the padding.
    fn decrypt_blocks(&self, message: Vec<u8>) -> Option<Vec<u8>> {
        let mut message = message;
        match self {
            Self::Ecb(key) => key.decrypt(&mut message)?,
            Self::Cbc(key, Iv::Fixed(iv)) => key.decrypt(&mut message, iv)?,
            Self::Cbc(key, Iv::Prefixed) => {
                let (iv, ciphertext) = message.split_first_chunk_mut::<IV>()?;
                key.decrypt(ciphertext, iv)?;
                message.drain(..IV);
            }
        }
        Some(message)
    }
}

impl std::fmt::Debug for Encryption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.scheme {
            Scheme::Ecb(_) => "Encryption(aes-ecb)",
            Scheme::Cbc(..) => "Encryption(aes-cbc)",
        })
    }
}

impl std::fmt::Debug for Iv {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Fixed(_) => "Fixed",
            Self::Prefixed => "Prefixed",
        })
    }
}

/// The bytes of a key or an initialization vector as a setting gives them: text, or `hex:` and hexadecimal digits.
pub(crate) fn key_bytes(setting: &str) -> Option<Vec<u8>> {
    let Some(hex) = setting.strip_prefix("hex:") else {
        return Some(setting.as_bytes().to_vec());
    };
    let digits = hex.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits
        .chunks(2)
        .map(|pair| {
            std::str::from_utf8(pair)
                .ok()
                .filter(|pair| !pair.starts_with('+'))
                .and_then(|pair| u8::from_str_radix(pair, 16).ok())
        })
        .collect()
}
