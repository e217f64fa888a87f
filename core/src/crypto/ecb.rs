use aes::Aes128;
use ecb::cipher::array::Array;
use ecb::cipher::common::InnerInit as _;
use ecb::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyInit as _};
use ecb::{Decryptor, Encryptor};
use sha2::{Digest as _, Sha256};

use super::digest::{hexadecimal, sha256};

const BLOCK: usize = 16;

/// A key, scheduled once for all messages.
#[derive(Clone)]
pub(super) struct Key(Aes128);

impl Key {
    pub(super) fn new(key: &[u8]) -> Option<Self> {
        Aes128::new_from_slice(key).ok().map(Self)
    }

    pub(super) fn encrypt(&self, plaintext: &[u8]) -> Vec<u8> {
        // One to sixteen zero bytes: an aligned message gets a whole extra block, which is why the library's own zero padding does not serve.
        let length = (plaintext.len() / BLOCK + 1) * BLOCK;
        let mut message = Vec::with_capacity(length);
        message.extend_from_slice(plaintext);
        message.resize(length, 0);
        let (blocks, _) = Array::slice_as_chunks_mut(&mut message);
        Encryptor::inner_init(&self.0).encrypt_blocks(blocks);
        message
    }

    /// Decrypts a message in place, and leaves the padding.
    pub(super) fn decrypt(&self, message: &mut [u8]) -> Option<()> {
        let (blocks, rest) = Array::slice_as_chunks_mut(message);
        Decryptor::inner_init(&self.0).decrypt_blocks(blocks);
        rest.is_empty().then_some(())
    }
}

/// The length of a decrypted message without the zero bytes at its end, as AI Rudder documents it.
pub(super) fn length(message: &[u8]) -> usize {
    message.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1)
}

/// The length of a decrypted message without its padding, as its digest confirms it. A plaintext that ends in zero bytes itself is longer than
/// documented: 1 to 16 of them are padding.
pub(super) fn signed_length(message: &[u8], is_signed: impl Fn(&str) -> bool) -> Option<usize> {
    let documented = length(message);
    if is_signed(&sha256(message.get(..documented)?)) {
        return Some(documented);
    }
    let first = documented.max(message.len().saturating_sub(BLOCK));
    // What the digests share is computed once.
    let shared = Sha256::new_with_prefix(message.get(..first)?);
    (first..message.len()).find(|length| {
        let digest = shared.clone().chain_update(message.get(first..*length).unwrap_or_default());
        is_signed(&hexadecimal(&digest.finalize()))
    })
}
