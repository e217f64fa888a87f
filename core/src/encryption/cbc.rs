use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use cbc::{Decryptor, Encryptor};

#[derive(Clone)]
pub(super) enum Key {
    Bits128([u8; 16]),
    Bits192([u8; 24]),
    Bits256([u8; 32]),
}

impl Key {
    pub(super) fn new(key: &[u8]) -> Option<Self> {
        match key.len() {
            16 => key.try_into().ok().map(Self::Bits128),
            24 => key.try_into().ok().map(Self::Bits192),
            32 => key.try_into().ok().map(Self::Bits256),
            _ => None,
        }
    }

    pub(super) fn encrypt(&self, plaintext: &[u8], iv: &[u8; 16]) -> Vec<u8> {
        let iv = iv.into();
        match self {
            Self::Bits128(key) => Encryptor::<Aes128>::new(key.into(), iv).encrypt_padded_vec::<Pkcs7>(plaintext),
            Self::Bits192(key) => Encryptor::<Aes192>::new(key.into(), iv).encrypt_padded_vec::<Pkcs7>(plaintext),
            Self::Bits256(key) => Encryptor::<Aes256>::new(key.into(), iv).encrypt_padded_vec::<Pkcs7>(plaintext),
        }
    }

    pub(super) fn decrypt(&self, ciphertext: &[u8], iv: &[u8; 16]) -> Option<Vec<u8>> {
        let iv = iv.into();
        match self {
            Self::Bits128(key) => Decryptor::<Aes128>::new(key.into(), iv).decrypt_padded_vec::<Pkcs7>(ciphertext),
            Self::Bits192(key) => Decryptor::<Aes192>::new(key.into(), iv).decrypt_padded_vec::<Pkcs7>(ciphertext),
            Self::Bits256(key) => Decryptor::<Aes256>::new(key.into(), iv).decrypt_padded_vec::<Pkcs7>(ciphertext),
        }
        .ok()
    }
}

/// An initialization vector that nobody can foresee.
pub(super) fn random_iv() -> [u8; 16] {
    let mut iv = [0; 16];
    // The operating system's random numbers do not fail on any platform that this crate builds for; were they to, a vector of the fallback's
    // is still different for each message.
    if getrandom::fill(&mut iv).is_err() {
        iv = fastrand::u128(..).to_ne_bytes();
    }
    iv
}
