use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::consts::U16;
use cbc::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt as _, BlockModeEncrypt as _, InnerIvInit as _, KeyInit as _};
use cbc::{Decryptor, Encryptor};

const BLOCK: usize = 16;

/// A key, scheduled once for all messages.
#[derive(Clone)]
pub(super) enum Key {
    Bits128(Aes128),
    Bits192(Aes192),
    Bits256(Aes256),
}

impl Key {
    pub(super) fn new(key: &[u8]) -> Option<Self> {
        match key.len() {
            16 => Aes128::new_from_slice(key).ok().map(Self::Bits128),
            24 => Aes192::new_from_slice(key).ok().map(Self::Bits192),
            32 => Aes256::new_from_slice(key).ok().map(Self::Bits256),
            _ => None,
        }
    }

    /// The encrypted message, after `prefix`.
    pub(super) fn encrypt(&self, prefix: &[u8], plaintext: &[u8], iv: &[u8; BLOCK]) -> Vec<u8> {
        let mut message = Vec::with_capacity(prefix.len() + plaintext.len() + BLOCK);
        message.extend_from_slice(prefix);
        message.extend_from_slice(plaintext);
        message.resize(message.len() + BLOCK, 0);
        let end = match self {
            Self::Bits128(cipher) => encrypt(cipher, &mut message[prefix.len()..], plaintext.len(), iv),
            Self::Bits192(cipher) => encrypt(cipher, &mut message[prefix.len()..], plaintext.len(), iv),
            Self::Bits256(cipher) => encrypt(cipher, &mut message[prefix.len()..], plaintext.len(), iv),
        };
        message.truncate(prefix.len() + end);
        message
    }

    /// Decrypts a message in its place, and says how long it is without its padding.
    pub(super) fn decrypt(&self, message: &mut [u8], iv: &[u8; BLOCK]) -> Option<usize> {
        match self {
            Self::Bits128(cipher) => decrypt(cipher, message, iv),
            Self::Bits192(cipher) => decrypt(cipher, message, iv),
            Self::Bits256(cipher) => decrypt(cipher, message, iv),
        }
    }
}

/// Encrypts the `length` bytes in front in their place, with padding, for which there is a whole block of room, and says how long it became.
fn encrypt<C: BlockCipherEncrypt<BlockSize = U16>>(cipher: &C, message: &mut [u8], length: usize, iv: &[u8; BLOCK]) -> usize {
    let encrypted = Encryptor::inner_iv_init(cipher, iv.into()).encrypt_padded::<Pkcs7>(message, length);
    encrypted.map_or(0, <[u8]>::len)
}

fn decrypt<C: BlockCipherDecrypt<BlockSize = U16>>(cipher: &C, message: &mut [u8], iv: &[u8; BLOCK]) -> Option<usize> {
    let plaintext = Decryptor::inner_iv_init(cipher, iv.into()).decrypt_padded::<Pkcs7>(message);
    plaintext.ok().map(<[u8]>::len)
}

/// An initialization vector that nobody can foresee.
pub(super) fn random_iv() -> [u8; BLOCK] {
    let mut iv = [0; BLOCK];
    // The operating system's random numbers do not fail on any platform that this crate builds for; were they to, a vector of the fallback's
    // is still different for each message.
    if getrandom::fill(&mut iv).is_err() {
        iv = fastrand::u128(..).to_ne_bytes();
    }
    iv
}
