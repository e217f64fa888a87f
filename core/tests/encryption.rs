//! Both schemes against vectors that others computed, and against anything that may come.
#![allow(clippy::unwrap_used)]

use airudder::{Encryption, ErrorKind, Iv};
use proptest::prelude::*;
use serde_json::Value;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/aes_ecb_sha256.json");
const KEY: &[u8] = b"airudderredduria";

#[test]
fn ecb_agrees_with_the_documentation() {
    let vectors: Value = serde_json::from_slice(&std::fs::read(VECTORS).unwrap()).unwrap();
    let encryption = Encryption::aes_ecb(vectors["key"].as_str().unwrap().as_bytes()).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        let text = |name: &str| case[name].as_str().unwrap();
        let encrypted = encryption.encrypt(text("plaintext").as_bytes());
        assert_eq!(encrypted.body, text("base64"));
        assert_eq!(encrypted.signed, text("signed"));
        assert_eq!(
            encryption.decrypt(text("base64").as_bytes(), text("signed")).unwrap(),
            text("plaintext").as_bytes()
        );
    }
}

fn schemes() -> Vec<Encryption> {
    let mut schemes = vec![Encryption::aes_ecb(KEY).unwrap()];
    for length in [16, 24, 32] {
        for iv in [Iv::Fixed([7; 16]), Iv::Prefixed] {
            schemes.push(Encryption::aes_cbc(&vec![3; length], iv).unwrap());
        }
    }
    schemes
}

#[test]
fn keys_of_other_lengths_are_refused() {
    for length in (0..64).filter(|length| *length != 16) {
        assert_eq!(Encryption::aes_ecb(&vec![1; length]).unwrap_err().kind(), ErrorKind::Configuration);
    }
    for length in (0..64).filter(|length| ![16, 24, 32].contains(length)) {
        assert_eq!(
            Encryption::aes_cbc(&vec![1; length], Iv::Prefixed).unwrap_err().kind(),
            ErrorKind::Configuration
        );
    }
}

#[test]
fn whatever_is_wrong_the_error_is_the_same() {
    for encryption in schemes() {
        let encrypted = encryption.encrypt(b"{\"a\":1}");
        let empty_signed = encryption.encrypt(b"").signed;
        let damaged = [
            (encrypted.body.clone(), "0".repeat(64)),
            (encrypted.body.clone(), String::new()),
            (encrypted.body[..encrypted.body.len() - 4].to_owned(), encrypted.signed.clone()),
            (format!("{}!", encrypted.body), encrypted.signed.clone()),
            ("not base64".to_owned(), empty_signed.clone()),
            (String::new(), encrypted.signed.clone()),
            ("AAAA".to_owned(), empty_signed),
        ];
        let texts: Vec<_> = damaged
            .iter()
            .map(|(body, signed)| encryption.decrypt(body.as_bytes(), signed).unwrap_err().to_string())
            .collect();
        assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    }
}

/// Many blocks at a time go another way through the processor than a single one.
#[test]
fn long_messages_are_encrypted_as_short_ones() {
    let long: Vec<u8> = (1..=255).cycle().take(5_000).collect();
    let ecb = Encryption::aes_ecb(KEY).unwrap();
    let encrypted = ecb.encrypt_bytes(&long);
    for (block, plain) in encrypted.chunks(16).zip(long.chunks(16)) {
        assert_eq!(block, &ecb.encrypt_bytes(plain)[..16]);
    }
    for encryption in schemes() {
        for length in (0..long.len()).step_by(13) {
            let decrypted = encryption.decrypt_bytes(encryption.encrypt_bytes(&long[..length]));
            assert_eq!(decrypted.as_deref(), Some(&long[..length]));
        }
    }
}

/// A ZIP file, or sound.
#[test]
fn data_that_ends_in_zero_bytes_is_decrypted_whole() {
    for encryption in schemes() {
        for zeros in 0..50 {
            let plaintext = [b"PK".as_slice(), &vec![0; zeros]].concat();
            let encrypted = encryption.encrypt(&plaintext);
            assert_eq!(encryption.decrypt(encrypted.body.as_bytes(), &encrypted.signed).unwrap(), plaintext);
        }
    }
}

#[test]
fn a_new_iv_for_every_message() {
    let encryption = Encryption::aes_cbc(KEY, Iv::Prefixed).unwrap();
    assert_ne!(encryption.encrypt(b"same").body, encryption.encrypt(b"same").body);
}

proptest! {
    #[test]
    fn what_is_encrypted_can_be_decrypted(plaintext in proptest::collection::vec(any::<u8>(), 0..200)) {
        for encryption in schemes() {
            let encrypted = encryption.encrypt(&plaintext);
            prop_assert_eq!(&encryption.decrypt(encrypted.body.as_bytes(), &encrypted.signed).unwrap(), &plaintext);
        }
    }

    #[test]
    fn nothing_that_comes_panics(body in proptest::collection::vec(any::<u8>(), 0..300), signed in ".{0,80}") {
        for encryption in schemes() {
            prop_assert!(encryption.decrypt(&body, &signed).is_err());
        }
    }

    #[test]
    fn no_base64_of_noise_passes(noise in "[A-Za-z0-9+/]{0,120}", signed in "[0-9a-f]{64}") {
        for encryption in schemes() {
            prop_assert!(encryption.decrypt(noise.as_bytes(), &signed).is_err());
        }
    }
}
