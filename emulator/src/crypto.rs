//! Payload encryption of requests, answers and events.
//!
//! The AES here is `libaes` and the SHA-256 is `ring`'s: other code than the SDK's own, so that a mistake there cannot cancel itself out.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libaes::Cipher;
use ring::digest;
use subtle::ConstantTimeEq as _;
use thiserror::Error;

/// Header that says that a payload is encrypted; its value is `1`.
pub const IS_ENCRYPTED: &str = "Is-Encrypted";
/// Header with the lower-case hexadecimal SHA-256 of the plaintext.
pub const SIGNED: &str = "Signed";

/// The key that AI Rudder's documentation shows the encryption with.
pub const TEST_KEY: &str = "airudderredduria";

const BLOCK: usize = 16;

/// How payloads are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Scheme {
    /// AES-128 in ECB mode, padded with zero bytes: AI Rudder's documented "AES+sha256".
    #[default]
    AesEcb,
    /// AES in CBC mode with a key of 16, 24 or 32 bytes, padded by PKCS#7.
    AesCbc,
}

/// A key or initialization vector that cannot be used. The text never holds the value itself.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The key has a length that the scheme does not take.
    #[error("the encryption key has {has} bytes; {scheme} takes {takes}")]
    KeyLength {
        /// How many bytes it has.
        has: usize,
        /// For which scheme.
        scheme: &'static str,
        /// Which lengths the scheme takes.
        takes: &'static str,
    },
    /// The initialization vector is not one block long.
    #[error("the encryption IV has {0} bytes; it takes 16")]
    IvLength(usize),
    /// The scheme has no initialization vector.
    #[error("an encryption IV goes with aes-cbc only")]
    IvWithoutUse,
    /// What follows `hex:` is not hexadecimal.
    #[error("what follows `hex:` has to be pairs of hexadecimal digits")]
    Hex,
}

/// The one answer to every payload that does not decrypt, whatever the cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the encrypted text cannot be decrypted or its sign does not match")]
pub struct OpenError;

/// An encrypted payload and the sign that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Base64 of the ciphertext.
    pub text: String,
    /// Value of the header `Signed`.
    pub signed: String,
}

/// A scheme with its key.
#[derive(Clone)]
pub struct Encryption {
    cipher: Arc<Cipher>,
    scheme: Scheme,
    iv: Option<[u8; BLOCK]>,
}

impl fmt::Debug for Encryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encryption")
            .field("scheme", &self.scheme)
            .field("key", &"[redacted]")
            .finish_non_exhaustive()
    }
}

impl Encryption {
    /// Takes key and initialization vector as text: its UTF-8 bytes, or `hex:` and hexadecimal digits. Without a vector the first 16 bytes
    /// of an `aes-cbc` message are its vector.
    pub fn new(scheme: Scheme, key: &str, iv: Option<&str>) -> Result<Self, KeyError> {
        let key = key_bytes(key)?;
        let iv = iv.map(key_bytes).transpose()?;
        let mut cipher = match scheme {
            Scheme::AesEcb => {
                if iv.is_some() {
                    return Err(KeyError::IvWithoutUse);
                }
                Cipher::new_128(key.as_slice().try_into().map_err(|_| KeyError::KeyLength {
                    has: key.len(),
                    scheme: "aes-ecb",
                    takes: "16",
                })?)
            }
            Scheme::AesCbc => cbc_cipher(&key).ok_or(KeyError::KeyLength {
                has: key.len(),
                scheme: "aes-cbc",
                takes: "16, 24 or 32",
            })?,
        };
        // Both schemes pad here, where a wrong padding is told from a right one.
        cipher.set_auto_padding(false);
        let iv = iv
            .map(|iv| iv.as_slice().try_into().map_err(|_| KeyError::IvLength(iv.len())))
            .transpose()?;
        Ok(Self {
            cipher: Arc::new(cipher),
            scheme,
            iv,
        })
    }

    /// The same scheme and initialization vector with another key.
    pub fn with_key(&self, key: &str) -> Result<Self, KeyError> {
        let iv = self.iv;
        Self::new(self.scheme, key, None).map(|encryption| Self { iv, ..encryption })
    }

    /// AI Rudder's documented scheme with its [`TEST_KEY`].
    pub fn documented() -> Result<Self, KeyError> {
        Self::new(Scheme::AesEcb, TEST_KEY, None)
    }

    /// Encrypts and signs.
    #[must_use]
    pub fn seal(&self, plain: &[u8]) -> Sealed {
        let gap = BLOCK - plain.len() % BLOCK;
        let mut padded = plain.to_vec();
        let bytes = match self.scheme {
            Scheme::AesEcb => {
                padded.resize(plain.len() + gap, 0);
                self.each_block(&padded, Cipher::cbc_encrypt)
            }
            Scheme::AesCbc => {
                padded.resize(plain.len() + gap, u8::try_from(gap).unwrap_or_default());
                if let Some(iv) = self.iv {
                    self.cipher.cbc_encrypt(&iv, &padded)
                } else {
                    let mut iv = [0; BLOCK];
                    fastrand::fill(&mut iv);
                    let mut message = iv.to_vec();
                    message.extend(self.cipher.cbc_encrypt(&iv, &padded));
                    message
                }
            }
        };
        Sealed {
            text: STANDARD.encode(bytes),
            signed: sign(plain),
        }
    }

    /// Decrypts `text` and compares its sign.
    pub fn open(&self, text: &[u8], signed: &str) -> Result<Vec<u8>, OpenError> {
        let bytes = STANDARD.decode(text).map_err(|_| OpenError)?;
        let plain = match self.scheme {
            Scheme::AesEcb => self.open_ecb(&bytes)?,
            Scheme::AesCbc => self.open_cbc(&bytes)?,
        };
        let same: bool = sign(&plain).as_bytes().ct_eq(signed.as_bytes()).into();
        if same { Ok(plain) } else { Err(OpenError) }
    }

    fn open_ecb(&self, bytes: &[u8]) -> Result<Vec<u8>, OpenError> {
        if bytes.is_empty() || !bytes.len().is_multiple_of(BLOCK) {
            return Err(OpenError);
        }
        let mut plain = self.each_block(bytes, Cipher::cbc_decrypt);
        let end = plain.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        if end == plain.len() {
            return Err(OpenError);
        }
        plain.truncate(end);
        Ok(plain)
    }

    fn open_cbc(&self, bytes: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (iv, ciphertext) = match &self.iv {
            Some(iv) => (iv.as_slice(), bytes),
            None => bytes.split_at_checked(BLOCK).ok_or(OpenError)?,
        };
        if ciphertext.is_empty() || !ciphertext.len().is_multiple_of(BLOCK) {
            return Err(OpenError);
        }
        let mut plain = self.cipher.cbc_decrypt(iv, ciphertext);
        let padding = plain.last().copied().ok_or(OpenError)?;
        let length = usize::from(padding);
        if length == 0 || length > BLOCK || !plain.iter().rev().take(length).all(|byte| *byte == padding) {
            return Err(OpenError);
        }
        plain.truncate(plain.len() - length);
        Ok(plain)
    }

    /// ECB, which the library lacks: CBC of a single block with a zero vector is the bare block cipher.
    fn each_block(&self, bytes: &[u8], cbc: fn(&Cipher, &[u8], &[u8]) -> Vec<u8>) -> Vec<u8> {
        bytes
            .chunks_exact(BLOCK)
            .flat_map(|block| cbc(&self.cipher, &[0; BLOCK], block))
            .collect()
    }
}

fn cbc_cipher(key: &[u8]) -> Option<Cipher> {
    match key.len() {
        16 => key.try_into().ok().map(Cipher::new_128),
        24 => key.try_into().ok().map(Cipher::new_192),
        _ => key.try_into().ok().map(Cipher::new_256),
    }
}

fn key_bytes(text: &str) -> Result<Vec<u8>, KeyError> {
    let Some(digits) = text.strip_prefix("hex:") else {
        return Ok(text.as_bytes().to_vec());
    };
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return Err(KeyError::Hex);
    }
    pairs
        .iter()
        .map(|pair| {
            let [high, low] = pair.map(|digit| char::from(digit).to_digit(16));
            u8::try_from(high? * 16 + low?).ok()
        })
        .collect::<Option<_>>()
        .ok_or(KeyError::Hex)
}

/// Lower-case hexadecimal SHA-256.
#[must_use]
pub fn sign(plain: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, plain).as_ref())
}

/// Lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use serde_json::Value;

    use super::*;

    const KEY: &str = "airudderredduria";

    #[test]
    fn the_shared_vectors_agree() {
        let vectors: Value = serde_json::from_str(include_str!("../../tests/vectors/aes_ecb_sha256.json")).expect("vectors");
        let encryption = Encryption::new(Scheme::AesEcb, vectors["key"].as_str().expect("key"), None).expect("a key");
        let cases = vectors["cases"].as_array().expect("cases");
        assert!(cases.len() >= 4);
        for case in cases {
            let text = |name: &str| case[name].as_str().expect("text");
            let sealed = encryption.seal(text("plaintext").as_bytes());
            assert_eq!(sealed.text, text("base64"));
            assert_eq!(sealed.signed, text("signed"));
            let plain = encryption.open(text("base64").as_bytes(), text("signed"));
            assert_eq!(plain.as_deref(), Ok(text("plaintext").as_bytes()));
        }
    }

    /// NIST SP 800-38A, F.2.1, F.2.3 and F.2.5: the first block of CBC with each length of key.
    #[test]
    fn cbc_agrees_with_nist() {
        let iv = "hex:000102030405060708090a0b0c0d0e0f";
        let plain = key_bytes("hex:6bc1bee22e409f96e93d7e117393172a").expect("hex");
        for (key, first_block) in [
            ("hex:2b7e151628aed2a6abf7158809cf4f3c", "7649abac8119b246cee98e9b12e9197d"),
            (
                "hex:8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
                "4f021db243bc633d7178183a9fa071e8",
            ),
            (
                "hex:603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
                "f58c4c04d6e5f1ba779eabfb5f7bfbd6",
            ),
        ] {
            let encryption = Encryption::new(Scheme::AesCbc, key, Some(iv)).expect("a key");
            let sealed = encryption.seal(&plain);
            let bytes = STANDARD.decode(&sealed.text).expect("base64");
            assert_eq!(hex(&bytes[..BLOCK]), first_block);
            assert_eq!(encryption.open(sealed.text.as_bytes(), &sealed.signed), Ok(plain.clone()));
        }
    }

    #[test]
    fn every_length_comes_back() {
        let schemes = [
            Encryption::new(Scheme::AesEcb, KEY, None),
            Encryption::new(Scheme::AesCbc, KEY, None),
            Encryption::new(Scheme::AesCbc, KEY, Some("0123456789abcdef")),
        ];
        for encryption in schemes {
            let encryption = encryption.expect("a key");
            for length in 0..70 {
                let plain = vec![b'x'; length];
                let sealed = encryption.seal(&plain);
                assert_eq!(encryption.open(sealed.text.as_bytes(), &sealed.signed), Ok(plain));
            }
        }
    }

    #[test]
    fn a_prefixed_vector_is_a_new_one_each_time() {
        let encryption = Encryption::new(Scheme::AesCbc, KEY, None).expect("a key");
        assert_ne!(encryption.seal(b"same").text, encryption.seal(b"same").text);
    }

    #[test]
    fn whatever_is_wrong_the_answer_is_the_same() {
        for scheme in [Scheme::AesEcb, Scheme::AesCbc] {
            let encryption = Encryption::new(scheme, KEY, None).expect("a key");
            let sealed = encryption.seal(b"TaskID=1");
            let other = Encryption::new(scheme, "another key, 16b", None).expect("a key");
            let unpadded = STANDARD.encode(encryption.each_block(b"0123456789abcdef", Cipher::cbc_encrypt));
            for (text, signed) in [
                ("", sealed.signed.as_str()),
                ("AAAA", sealed.signed.as_str()),
                ("not base64!", sealed.signed.as_str()),
                (unpadded.as_str(), &sign(b"0123456789abcdef")),
                (sealed.text.as_str(), ""),
                (sealed.text.as_str(), &sign(b"TaskID=2")),
            ] {
                assert_eq!(encryption.open(text.as_bytes(), signed), Err(OpenError), "{text:?}");
            }
            assert_eq!(other.open(sealed.text.as_bytes(), &sealed.signed), Err(OpenError));
        }
    }

    #[test]
    fn keys_of_a_wrong_length_are_named() {
        let refused = |scheme, key, iv| Encryption::new(scheme, key, iv).map(|_| ()).expect_err("refused").to_string();
        assert_eq!(
            refused(Scheme::AesEcb, "short", None),
            "the encryption key has 5 bytes; aes-ecb takes 16"
        );
        assert_eq!(
            refused(Scheme::AesCbc, "", None),
            "the encryption key has 0 bytes; aes-cbc takes 16, 24 or 32"
        );
        assert_eq!(
            refused(Scheme::AesCbc, KEY, Some("short")),
            "the encryption IV has 5 bytes; it takes 16"
        );
        assert_eq!(refused(Scheme::AesEcb, KEY, Some(KEY)), "an encryption IV goes with aes-cbc only");
        for digits in ["hex:0", "hex:0g", "hex:+1", "hex:é"] {
            assert_eq!(refused(Scheme::AesCbc, digits, None), KeyError::Hex.to_string(), "{digits}");
        }
    }

    #[test]
    fn the_key_is_not_shown() {
        let encryption = Encryption::new(Scheme::AesEcb, KEY, None).expect("a key");
        let shown = format!("{encryption:?}");
        assert!(shown.contains("[redacted]") && !shown.contains(KEY));
    }
}
