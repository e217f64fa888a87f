//! Encrypted requests, answers and events; the test's own side is `RustCrypto`.

#![allow(clippy::expect_used, reason = "a test may fail")]

mod common;

use aes::cipher::block_padding::{Pkcs7, ZeroPadding};
use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyInit as _, KeyIvInit as _};
use aes::{Aes128, Aes256};
use airudder_emulator::settings::receiver;
use airudder_emulator::{Encryption, Scheme, Settings};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{ANSWERS, Api, BUSY, Receiver, read, send, settings, task};
use http::{HeaderMap, Method};
use reqwest::Response;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const KEY: &str = "airudderredduria";
const LONG_KEY: &str = "airudderredduriaairudderredduria";
const IV: &str = "0123456789abcdef";

/// The client's side of an encryption.
#[derive(Clone, Copy)]
enum Side {
    Ecb,
    CbcWithIv,
    CbcWithPrefix,
}

impl Side {
    fn emulator(self) -> Encryption {
        match self {
            Self::Ecb => Encryption::new(Scheme::AesEcb, KEY, None),
            Self::CbcWithIv => Encryption::new(Scheme::AesCbc, LONG_KEY, Some(IV)),
            Self::CbcWithPrefix => Encryption::new(Scheme::AesCbc, LONG_KEY, None),
        }
        .expect("a key")
    }

    fn encrypt(self, plain: &[u8]) -> String {
        let cbc = || cbc::Encryptor::<Aes256>::new_from_slices(LONG_KEY.as_bytes(), IV.as_bytes()).expect("a key");
        STANDARD.encode(match self {
            Self::Ecb => {
                let mut padded = plain.to_vec();
                padded.resize(plain.len() / 16 * 16 + 16, 0);
                ecb::Encryptor::<Aes128>::new_from_slice(KEY.as_bytes())
                    .expect("a key")
                    .encrypt_padded_vec::<ZeroPadding>(&padded)
            }
            Self::CbcWithIv => cbc().encrypt_padded_vec::<Pkcs7>(plain),
            Self::CbcWithPrefix => [IV.as_bytes(), &cbc().encrypt_padded_vec::<Pkcs7>(plain)].concat(),
        })
    }

    fn decrypt(self, text: &[u8]) -> Vec<u8> {
        let bytes = STANDARD.decode(text).expect("base64");
        let cbc = |iv: &[u8], ciphertext: &[u8]| {
            cbc::Decryptor::<Aes256>::new_from_slices(LONG_KEY.as_bytes(), iv)
                .expect("a key")
                .decrypt_padded_vec::<Pkcs7>(ciphertext)
                .expect("a padding")
        };
        match self {
            Self::Ecb => ecb::Decryptor::<Aes128>::new_from_slice(KEY.as_bytes())
                .expect("a key")
                .decrypt_padded_vec::<ZeroPadding>(&bytes)
                .expect("a padding"),
            Self::CbcWithIv => cbc(IV.as_bytes(), &bytes),
            Self::CbcWithPrefix => cbc(&bytes[..16], &bytes[16..]),
        }
    }
}

fn signed(plain: &[u8]) -> String {
    Sha256::digest(plain)
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

struct Encrypted {
    api: Api,
    side: Side,
}

impl Encrypted {
    async fn start(side: Side) -> Self {
        let encryption = Some(side.emulator());
        let api = Api::start(Settings { encryption, ..settings() }).await;
        Self { api, side }
    }

    async fn get(&self, path: &str, query: &str) -> (u16, Value) {
        let path = format!("{path}?{}", self.side.encrypt(query.as_bytes()));
        let request = self.api.request(Method::GET, &path);
        self.read(send(request.header("Is-Encrypted", "1").header("Signed", signed(query.as_bytes()))).await)
            .await
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let plain = body.to_string();
        let request = self.api.request(Method::POST, path).body(self.side.encrypt(plain.as_bytes()));
        self.read(send(request.header("Is-Encrypted", "1").header("Signed", signed(plain.as_bytes()))).await)
            .await
    }

    async fn read(&self, response: Response) -> (u16, Value) {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.bytes().await.expect("a body");
        (status, self.open(&headers, &text))
    }

    fn open(&self, headers: &HeaderMap, text: &[u8]) -> Value {
        assert_eq!(headers["is-encrypted"], "1");
        let plain = self.side.decrypt(text);
        assert_eq!(headers["signed"], signed(&plain).as_str());
        serde_json::from_slice(&plain).expect("JSON")
    }
}

#[tokio::test]
async fn requests_and_answers_are_encrypted_in_every_scheme() {
    for side in [Side::Ecb, Side::CbcWithIv, Side::CbcWithPrefix] {
        let account = Encrypted::start(side).await;
        let (status, created) = account.post("/service/cloud/task", &task(&[ANSWERS])).await;
        assert_eq!(status, 200, "{created}");
        let id = created["data"]["TaskID"].as_str().expect("an id");
        let (status, detail) = account.get("/service/cloud/detail", &format!("TaskID={id}")).await;
        assert_eq!((status, &detail["data"]["taskid"]), (200, &json!(id)));
        // Of every length, so that every padding occurs, and with it a plus or slash in the raw query.
        for length in 0..40 {
            let query = format!("TaskID={}", "x".repeat(length + 1));
            assert_eq!(account.get("/service/cloud/detail", &query).await.0, 404);
        }
    }
}

#[tokio::test]
async fn a_refusal_of_what_could_be_read_is_encrypted() {
    let account = Encrypted::start(Side::Ecb).await;
    let (status, refused) = account.post("/service/cloud/task", &task(&["081200000001"])).await;
    assert_eq!((status, refused["code"].as_u64()), (400, Some(400)));
    assert_eq!(
        refused["message"],
        "Details[0].Mobile: must be a phone number in E.164, with the leading `+`"
    );
}

#[tokio::test]
async fn a_query_without_parameters_may_be_there_or_not() {
    let account = Encrypted::start(Side::Ecb).await;
    let (status, robots) = account.get("/service/cloud/robot", "").await;
    assert_eq!((status, &robots["data"]["List"][0]["RobotID"]), (200, &json!(1001)));
    let request = account.api.request(Method::GET, "/service/cloud/robot");
    let response = send(request.header("Is-Encrypted", "1").header("Signed", signed(b""))).await;
    assert_eq!(account.read(response).await, (200, robots));
}

#[tokio::test]
async fn a_plain_request_is_answered_plain() {
    let account = Encrypted::start(Side::Ecb).await;
    let response = send(account.api.request(Method::GET, "/service/cloud/robot")).await;
    assert!(!response.headers().contains_key("is-encrypted"));
    assert_eq!(read(response).await.0, 200);
}

#[tokio::test]
async fn what_cannot_be_decrypted_is_refused_in_one_way() {
    let account = Encrypted::start(Side::Ecb).await;
    let plain = task(&[ANSWERS]).to_string();
    let good = account.side.encrypt(plain.as_bytes());
    let sign = signed(plain.as_bytes());
    let unpadded = STANDARD.encode(
        ecb::Encryptor::<Aes128>::new_from_slice(KEY.as_bytes())
            .expect("a key")
            .encrypt_padded_vec::<ZeroPadding>(b"0123456789abcdef"),
    );
    for (text, sign) in [
        (good.clone(), signed(b"something else")),
        (good.clone(), sign.to_uppercase()),
        (good.clone(), String::new()),
        (good[..good.len() - 1].to_owned(), sign.clone()),
        (good[..24].to_owned(), sign.clone()),
        (format!("{good}\n"), sign.clone()),
        (plain.clone(), sign.clone()),
        (String::new(), signed(b"")),
        (unpadded, signed(b"0123456789abcdef")),
    ] {
        let request = account.api.request(Method::POST, "/service/cloud/task").body(text.clone());
        let (status, refused) = read(send(request.header("Is-Encrypted", "1").header("Signed", sign)).await).await;
        assert_eq!((status, refused["code"].as_u64()), (400, Some(400)), "{text}");
        assert_eq!(
            refused["message"],
            "the encrypted text cannot be decrypted or its sign does not match"
        );
    }
    assert_eq!(account.api.data("/service/cloud/list").await["Total"], 0);
}

#[tokio::test]
async fn an_escaped_plus_is_not_the_documented_query() {
    let account = Encrypted::start(Side::Ecb).await;
    let query = (0..1000)
        .map(|number| format!("TaskID={number}"))
        .find(|query| account.side.encrypt(query.as_bytes()).contains('+'))
        .expect("one of them");
    assert_eq!(account.get("/service/cloud/detail", &query).await.0, 404);
    let escaped = account.side.encrypt(query.as_bytes()).replace('+', "%2B");
    let request = account.api.request(Method::GET, &format!("/service/cloud/detail?{escaped}"));
    let request = request.header("Is-Encrypted", "1").header("Signed", signed(query.as_bytes()));
    assert_eq!(read(send(request).await).await.0, 400);
}

#[tokio::test]
async fn an_account_without_a_key_takes_nothing_encrypted() {
    let api = Api::start(settings()).await;
    let request = api.request(Method::GET, "/service/cloud/robot");
    let (status, refused) = read(send(request.header("Is-Encrypted", "1")).await).await;
    assert_eq!(status, 400);
    assert_eq!(refused["message"], "the request is encrypted and no key is agreed for this account");
}

#[tokio::test]
async fn events_are_encrypted_in_every_scheme() {
    for side in [Side::Ecb, Side::CbcWithIv, Side::CbcWithPrefix] {
        let customer = Receiver::start().await;
        let api = Api::start(Settings {
            encryption: Some(side.emulator()),
            events_to: receiver(&customer.url).ok(),
            ..settings()
        })
        .await;
        let account = Encrypted { api, side };
        let id = account.api.create(&[BUSY]).await;
        account.api.advance(60).await;
        let events = customer.take();
        assert_eq!(events.len(), 2);
        for (headers, text) in events {
            assert_eq!(headers["content-type"], "application/json");
            assert_eq!(account.open(&headers, &text)["taskid"], id);
        }
    }
}

#[tokio::test]
async fn the_log_shows_requests_in_clear() {
    let account = Encrypted::start(Side::Ecb).await;
    account.get("/service/cloud/detail", "TaskID=t1").await;
    account
        .post("/service/cloud/operation", &json!({"Action": "Stop", "TaskID": "t1"}))
        .await;
    let log = account.api.data("/_emulator/requests").await;
    let (query, body) = (&log["List"][1], &log["List"][2]);
    assert_eq!((&query["encrypted"], &query["query"]), (&json!(true), &json!("TaskID=t1")));
    assert_eq!(
        (&body["encrypted"], &body["body"]),
        (&json!(true), &json!({"Action": "Stop", "TaskID": "t1"}))
    );
}
