use aes::Aes128;
use ecb::cipher::array::Array;
use ecb::cipher::common::InnerInit as _;
use ecb::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyInit as _};
use ecb::{Decryptor, Encryptor};

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

    pub(super) fn decrypt(&self, ciphertext: Vec<u8>) -> Option<Vec<u8>> {
        let mut message = ciphertext;
        let (blocks, rest) = Array::slice_as_chunks_mut(&mut message);
        if !rest.is_empty() {
            return None;
        }
        Decryptor::inner_init(&self.0).decrypt_blocks(blocks);
        let end = message.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        message.truncate(end);
        Some(message)
    }
}
