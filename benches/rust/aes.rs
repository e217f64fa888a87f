//! AES of core and of OpenSSL, in one process.

use std::hint::black_box;

use airudder::{Encryption, Iv};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use crate::contender::{Contender, Failure};

const KEY: &[u8; 16] = b"airudderredduria";
const VECTOR: [u8; 16] = [7; 16];
/// What is encrypted, less a byte, so that the padding fits into the last block.
const SIZE: usize = 64 << 10;

/// Bytes in, bytes out.
type Cipher = fn(&Aes, &[u8]) -> Result<Vec<u8>, Failure>;

#[derive(Clone)]
pub struct Aes {
    ecb: Encryption,
    cbc: Encryption,
    plain: Vec<u8>,
}

impl Aes {
    pub fn new() -> Result<Self, Failure> {
        Ok(Self {
            ecb: Encryption::aes_ecb(KEY)?,
            cbc: Encryption::aes_cbc(KEY, Iv::Fixed(VECTOR))?,
            plain: (0..SIZE - 1).map(|number| b"airudder"[number % 8]).collect(),
        })
    }
}

impl Contender for Aes {
    fn work(&mut self, job: &str, count: usize) -> Result<BoxFuture<'static, Result<String, Failure>>, Failure> {
        let (cipher, input): (Cipher, Vec<u8>) = match job {
            "ecb-encrypt" => (|aes, bytes| Ok(aes.ecb.encrypt_bytes(bytes)), self.plain.clone()),
            "cbc-encrypt" => (|aes, bytes| Ok(aes.cbc.encrypt_bytes(bytes)), self.plain.clone()),
            "ecb-decrypt" => (
                |aes, bytes| aes.ecb.decrypt_bytes(bytes.to_vec()).ok_or_else(damaged),
                self.ecb.encrypt_bytes(&self.plain),
            ),
            "cbc-decrypt" => (
                |aes, bytes| aes.cbc.decrypt_bytes(bytes.to_vec()).ok_or_else(damaged),
                self.cbc.encrypt_bytes(&self.plain),
            ),
            other => openssl::job(self, other)?,
        };
        let aes = self.clone();
        Ok(async move { run(&aes, cipher, &input, count) }.boxed())
    }
}

/// What comes out is compared with what has to.
fn run(aes: &Aes, cipher: Cipher, input: &[u8], count: usize) -> Result<String, Failure> {
    let mut last = Vec::new();
    for _ in 0..count {
        last = cipher(aes, black_box(input))?;
    }
    // OpenSSL knows no zero padding, so what it decrypts has that still.
    let end = last.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let sum = last[..end]
        .iter()
        .fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add((*byte).into()));
    Ok(format!("{end} {sum}"))
}

fn damaged() -> Failure {
    "what was encrypted cannot be decrypted".into()
}

#[cfg(feature = "openssl")]
mod openssl {
    use openssl::symm::{Cipher as Algorithm, Crypter, Mode, decrypt, encrypt};

    use super::{Aes, Cipher, KEY, VECTOR};
    use crate::contender::Failure;

    /// The job, and what it is done to.
    pub fn job(aes: &Aes, job: &str) -> Result<(Cipher, Vec<u8>), Failure> {
        Ok(match job {
            "openssl-ecb-encrypt" => (|_, bytes| ecb(Mode::Encrypt, &padded(bytes)), aes.plain.clone()),
            "openssl-ecb-decrypt" => (|_, bytes| ecb(Mode::Decrypt, bytes), aes.ecb.encrypt_bytes(&aes.plain)),
            "openssl-cbc-encrypt" => (
                |_, bytes| Ok(encrypt(Algorithm::aes_128_cbc(), KEY, Some(&VECTOR), bytes)?),
                aes.plain.clone(),
            ),
            "openssl-cbc-decrypt" => (
                |_, bytes| Ok(decrypt(Algorithm::aes_128_cbc(), KEY, Some(&VECTOR), bytes)?),
                aes.cbc.encrypt_bytes(&aes.plain),
            ),
            _ => return Err(format!("there is no job `{job}`").into()),
        })
    }

    /// With zero bytes up to the end of the block.
    fn padded(bytes: &[u8]) -> Vec<u8> {
        let mut padded = Vec::with_capacity(bytes.len() + 16);
        padded.extend_from_slice(bytes);
        padded.resize((bytes.len() / 16 + 1) * 16, 0);
        padded
    }

    fn ecb(mode: Mode, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut crypter = Crypter::new(Algorithm::aes_128_ecb(), mode, KEY, None)?;
        crypter.pad(false);
        let mut output = vec![0; bytes.len() + 16];
        let mut length = crypter.update(bytes, &mut output)?;
        length += crypter.finalize(&mut output[length..])?;
        output.truncate(length);
        Ok(output)
    }
}

#[cfg(not(feature = "openssl"))]
mod openssl {
    use super::{Aes, Cipher};
    use crate::contender::Failure;

    pub fn job(_: &Aes, _: &str) -> Result<(Cipher, Vec<u8>), Failure> {
        Err("this program is built without OpenSSL".into())
    }
}
