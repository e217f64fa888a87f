use aes::{Aes128, Aes192, Aes256};
use cbc::Decryptor;
use cbc::cipher::array::Array;
use cbc::cipher::block_padding::{Padding as _, Pkcs7};
use cbc::cipher::consts::U16;
use cbc::cipher::{
    BlockCipherDecrypt, BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt as _, BlockModeDecrypt as _, BlockSizeUser,
    InnerIvInit as _, KeyInit as _,
};

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
        let length = prefix.len() + (plaintext.len() / BLOCK + 1) * BLOCK;
        let mut message = Vec::with_capacity(length);
        message.extend_from_slice(prefix);
        message.extend_from_slice(plaintext);
        message.resize(length, 0);
        let (blocks, _) = Array::slice_as_chunks_mut(&mut message[prefix.len()..]);
        if let Some(last) = blocks.last_mut() {
            Pkcs7::raw_pad(last, plaintext.len() % BLOCK);
        }
        let previous = (*iv).into();
        match self {
            Self::Bits128(cipher) => cipher.encrypt_with_backend(Chain { previous, blocks }),
            Self::Bits192(cipher) => cipher.encrypt_with_backend(Chain { previous, blocks }),
            Self::Bits256(cipher) => cipher.encrypt_with_backend(Chain { previous, blocks }),
        }
        message
    }

    /// Decrypts a message in place, and leaves the padding.
    pub(super) fn decrypt(&self, message: &mut [u8], iv: &[u8; BLOCK]) -> Option<()> {
        match self {
            Self::Bits128(cipher) => decrypt(cipher, message, iv),
            Self::Bits192(cipher) => decrypt(cipher, message, iv),
            Self::Bits256(cipher) => decrypt(cipher, message, iv),
        }
    }
}

type Block = Array<u8, U16>;

/// Encrypts blocks in place, each mixed with the one before it. The library's own loop keeps that one in memory instead of registers and takes a ninth
/// longer, because no step can begin before the last has ended.
struct Chain<'a> {
    previous: Block,
    blocks: &'a mut [Block],
}

impl BlockSizeUser for Chain<'_> {
    type BlockSize = U16;
}

impl BlockCipherEncClosure for Chain<'_> {
    #[inline]
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(self, backend: &B) {
        let mut previous = self.previous;
        for block in self.blocks {
            for (mixed, byte) in previous.iter_mut().zip(block.iter()) {
                *mixed ^= byte;
            }
            backend.encrypt_block((&mut previous).into());
            *block = previous;
        }
    }
}

fn decrypt<C: BlockCipherDecrypt<BlockSize = U16>>(cipher: &C, message: &mut [u8], iv: &[u8; BLOCK]) -> Option<()> {
    let (blocks, rest) = Array::slice_as_chunks_mut(message);
    Decryptor::inner_iv_init(cipher, iv.into()).decrypt_blocks(blocks);
    rest.is_empty().then_some(())
}

/// The length of a decrypted message without its padding. `None` if that is wrong.
pub(super) fn length(message: &[u8]) -> Option<usize> {
    let last: &Block = message.last_chunk::<BLOCK>()?.into();
    let unpadded = Pkcs7::raw_unpad(last).ok()?.len();
    Some(message.len() - BLOCK + unpadded)
}

/// An unpredictable initialization vector.
pub(super) fn random_iv() -> [u8; BLOCK] {
    let mut iv = [0; BLOCK];
    // The operating system's random numbers do not fail on any platform that this crate builds for; were they to, a vector of the fallback's
    // is still different for each message.
    if getrandom::fill(&mut iv).is_err() {
        iv = fastrand::u128(..).to_ne_bytes();
    }
    iv
}
