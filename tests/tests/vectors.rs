//! Encryption against vectors that other programs computed, and against a second library for what holds a random part.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use airudder::{Encryption, Iv};
use airudder_tests::cipher;
use serde_json::Value;

fn vectors(file: &str) -> Value {
    let path = format!("{}/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name].as_str().unwrap()
}

#[test]
fn aes_ecb() {
    let file = vectors("aes_ecb_sha256.json");
    let encryption = Encryption::aes_ecb(text(&file, "key").as_bytes()).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.iter().any(|case| case["source"] == "documented"));
    for case in cases {
        let encrypted = encryption.encrypt(text(case, "plaintext").as_bytes());
        assert_eq!(
            (encrypted.body.as_str(), encrypted.signed.as_str()),
            (text(case, "base64"), text(case, "signed"))
        );
        let opened = encryption.decrypt(text(case, "base64").as_bytes(), text(case, "signed")).unwrap();
        assert_eq!(opened, text(case, "plaintext").as_bytes());
    }
}

#[test]
fn aes_cbc() {
    let file = vectors("aes_cbc_pkcs7.json");
    let mut key_lengths = Vec::new();
    for case in file["cases"].as_array().unwrap() {
        let key = text(case, "key");
        let prefixed = case["iv_in_message"].as_bool().unwrap();
        let iv = if prefixed {
            Iv::Prefixed
        } else {
            Iv::Fixed(text(case, "iv").as_bytes().try_into().unwrap())
        };
        let encryption = Encryption::aes_cbc(key.as_bytes(), iv).unwrap();
        key_lengths.push((key.len(), prefixed));

        let plaintext = text(case, "plaintext").as_bytes();
        assert_eq!(
            encryption.decrypt(text(case, "base64").as_bytes(), text(case, "signed")).unwrap(),
            plaintext
        );
        let encrypted = encryption.encrypt(plaintext);
        assert_eq!(encrypted.signed, text(case, "signed"));
        if prefixed {
            assert_eq!(cipher::open(key, encrypted.body.as_bytes()).unwrap(), plaintext);
            assert_ne!(
                encrypted.body,
                encryption.encrypt(plaintext).body,
                "each message has a vector of its own"
            );
        } else {
            assert_eq!(encrypted.body, text(case, "base64"));
        }
    }
    for expected in [16, 24, 32].iter().flat_map(|bytes| [(*bytes, false), (*bytes, true)]) {
        assert!(key_lengths.contains(&expected), "no vector for {expected:?}");
    }
}
