use aes::Aes128;
use ecb::cipher::block_padding::NoPadding;
use ecb::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyInit as _};

const BLOCK: usize = 16;

#[derive(Clone)]
pub(super) struct Key([u8; 16]);

impl Key {
    pub(super) fn new(key: &[u8]) -> Option<Self> {
        key.try_into().ok().map(Self)
    }

    pub(super) fn encrypt(&self, plaintext: &[u8]) -> Vec<u8> {
        // One to sixteen zero bytes: an aligned message gets a whole extra block, which is why the library's own zero padding does not serve.
        let mut padded = Vec::with_capacity(plaintext.len() + BLOCK);
        padded.extend_from_slice(plaintext);
        padded.resize((plaintext.len() / BLOCK + 1) * BLOCK, 0);
        ecb::Encryptor::<Aes128>::new(&self.0.into()).encrypt_padded_vec::<NoPadding>(&padded)
    }

    pub(super) fn decrypt(&self, ciphertext: Vec<u8>) -> Option<Vec<u8>> {
        let mut plaintext = ciphertext;
        let length = ecb::Decryptor::<Aes128>::new(&self.0.into())
            .decrypt_padded::<NoPadding>(&mut plaintext)
            .ok()?
            .len();
        let end = plaintext[..length].iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        plaintext.truncate(end);
        Some(plaintext)
    }
}
