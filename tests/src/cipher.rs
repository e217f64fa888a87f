//! Opens what a client encrypted under an initialization vector of its own choice: such bytes cannot be written down in a case.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libaes::Cipher;

const BLOCK: usize = 16;

/// The plaintext of AES-CBC with PKCS#7 padding, whose message starts with its initialization vector. `key` is as in the client's settings.
pub fn open(key: &str, message: &[u8]) -> Result<Vec<u8>, String> {
    let mut cipher = cipher(&key_bytes(key)?)?;
    let message = STANDARD.decode(message).map_err(|error| format!("is no Base64: {error}"))?;
    let (iv, ciphertext) = message.split_at_checked(BLOCK).ok_or("is shorter than an initialization vector")?;
    if ciphertext.is_empty() || !ciphertext.len().is_multiple_of(BLOCK) {
        return Err(format!("has {} bytes of ciphertext, which are no whole blocks", ciphertext.len()));
    }
    cipher.set_auto_padding(false);
    let mut plaintext = cipher.cbc_decrypt(iv, ciphertext);
    let padding = plaintext.last().copied().unwrap_or_default();
    let kept = plaintext.len().saturating_sub(padding.into());
    if !(1..=BLOCK).contains(&padding.into()) || plaintext[kept..].iter().any(|byte| *byte != padding) {
        return Err("has a wrong padding".to_owned());
    }
    plaintext.truncate(kept);
    Ok(plaintext)
}

fn cipher(key: &[u8]) -> Result<Cipher, String> {
    if let Ok(key) = key.try_into() {
        return Ok(Cipher::new_128(key));
    }
    if let Ok(key) = key.try_into() {
        return Ok(Cipher::new_192(key));
    }
    let key = key
        .try_into()
        .map_err(|_| format!("cannot be opened with a key of {} bytes", key.len()))?;
    Ok(Cipher::new_256(key))
}

fn key_bytes(setting: &str) -> Result<Vec<u8>, String> {
    let Some(digits) = setting.strip_prefix("hex:") else {
        return Ok(setting.as_bytes().to_vec());
    };
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect::<Option<_>>()
        .ok_or_else(|| "cannot be opened with a key that is no hexadecimal number".to_owned())
}
