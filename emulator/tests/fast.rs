//! The fast mode answers what a client asks for, the same over each protocol.

#![allow(clippy::expect_used, reason = "a test may fail")]

use std::collections::BTreeSet;

use airudder_emulator::Encryption;
use airudder_emulator::fast::Fast;
use reqwest::{Certificate, Client, Response, StatusCode, Version};
use serde_json::Value;

fn start() -> (Vec<String>, Client, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("certificate.pem");
    let fast = Fast::start(0, Some(path.clone())).expect("a server");
    let certificate = Certificate::from_pem(&std::fs::read(path).expect("a certificate")).expect("PEM");
    // The test's own process may already have a provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder()
        .tls_certs_only([certificate])
        .no_proxy()
        .build()
        .expect("a client");
    (fast.urls().into_iter().map(|(url, _)| url).collect(), client, folder)
}

async fn get(client: &Client, url: &str, sealed: bool) -> Response {
    let request = client.get(url).header("Authorization", "Token fast");
    let request = if sealed { request.header("Is-Encrypted", "1") } else { request };
    request.send().await.expect("an answer")
}

async fn opened(response: Response) -> Vec<u8> {
    let headers = response.headers().clone();
    assert_eq!(headers["is-encrypted"], "1");
    let signed = headers["signed"].to_str().expect("text").to_owned();
    let body = response.bytes().await.expect("a body");
    let encryption = Encryption::documented().expect("a key");
    encryption.open(&body, &signed).expect("the sign matches")
}

#[tokio::test]
async fn each_protocol_gives_the_same_answers() {
    let (urls, client, _folder) = start();
    let versions = [Version::HTTP_11, Version::HTTP_11, Version::HTTP_2];
    assert_eq!(urls.len(), versions.len());
    for (url, version) in urls.iter().zip(versions) {
        let response = get(&client, &format!("{url}/service/cloud/detail?taskid=t1"), false).await;
        assert_eq!((response.status(), response.version()), (StatusCode::OK, version), "{url}");
        let clear = response.bytes().await.expect("a body");
        let answer: Value = serde_json::from_slice(&clear).expect("JSON");
        let calls = answer["data"]["calls"].as_array().expect("calls");
        let ids: BTreeSet<_> = calls.iter().map(|call| call["callid"].as_str().expect("an id")).collect();
        assert_eq!(ids.len(), 1_000);
        assert!(calls.iter().all(|call| call.as_object().is_some_and(|call| call.len() == 14)));
        let response = get(&client, &format!("{url}/service/cloud/detail?taskid=t1"), true).await;
        assert_eq!(opened(response).await, clear);
    }
}

#[tokio::test]
async fn it_asks_for_a_token_and_gives_one() {
    let (urls, client, _folder) = start();
    for url in &urls {
        let call = format!("{url}/service/cloud/call?callid=c1");
        let refused = client.get(&call).send().await.expect("an answer");
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
        let token = client
            .post(format!("{url}/service/cloud/auth"))
            .body("{}")
            .send()
            .await
            .expect("an answer");
        let token: Value = serde_json::from_slice(&token.bytes().await.expect("a body")).expect("JSON");
        assert_eq!(token["data"]["token"], "fast");
        assert_eq!(get(&client, &call, false).await.status(), StatusCode::OK);
        assert_eq!(
            get(&client, &format!("{url}/elsewhere"), false).await.status(),
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test]
async fn its_event_is_encrypted_and_two_kilobytes_long() {
    let (urls, client, _folder) = start();
    let event = opened(get(&client, &format!("{}/_fast/event", urls[0]), false).await).await;
    assert!((2_048..2_200).contains(&event.len()), "{}", event.len());
    let event: Value = serde_json::from_slice(&event).expect("JSON");
    assert!(event["variables"].as_object().is_some_and(|variables| variables.len() > 10));
}

#[tokio::test]
async fn requests_that_come_in_pieces_and_together_are_answered_in_order() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let (urls, _, _folder) = start();
    let address = urls[0].strip_prefix("http://").expect("an address");
    let mut stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
    let first = "POST /service/cloud/auth HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";
    let second = "GET /elsewhere HTTP/1.1\r\nAuthorization: Token fast\r\n\r\n";
    let (begin, rest) = first.split_at(40);
    stream.write_all(begin.as_bytes()).await.expect("written");
    tokio::task::yield_now().await;
    stream.write_all(format!("{rest}{second}").as_bytes()).await.expect("written");
    let mut text = String::new();
    while !text.contains("no such path") {
        let mut buffer = [0; 4096];
        let length = stream.read(&mut buffer).await.expect("an answer");
        assert!(length > 0, "the server hung up after {text}");
        text.push_str(&String::from_utf8_lossy(&buffer[..length]));
    }
    assert!(text.find("HTTP/1.1 200") < text.find("HTTP/1.1 404"), "{text}");
}
