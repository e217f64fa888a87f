//! Deliveries that come slowly or in small parts, and signers that take their time.
#![allow(clippy::unwrap_used)]

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use airudder::events::MemoryStore;
use airudder::{Client, EventKind, Events, Settings, SignError, Signer, Unsigned};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

fn client(settings: Settings) -> Client {
    Client::new(Settings {
        base_url: Some("http://127.0.0.1:1".into()),
        ..settings
    })
    .unwrap()
}

#[tokio::test]
async fn a_body_that_takes_too_long_is_answered() {
    let router = client(Settings::default()).events().router(Arc::new(MemoryStore::new()));
    let app = router.body_timeout(Duration::from_millis(100)).into_axum();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    let mut slow = TcpStream::connect(address).await.unwrap();
    slow.write_all(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{")
        .await
        .unwrap();
    let mut status = [0; 12];
    slow.read_exact(&mut status).await.unwrap();
    assert_eq!(&status, b"HTTP/1.1 408");
}

#[tokio::test]
async fn a_body_in_chunks_of_one_byte_arrives() {
    let router = client(Settings::default()).events().router(Arc::new(MemoryStore::new()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router.into_axum()).await });
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    for byte in Events::sample(EventKind::CallFinished) {
        stream.write_all(&[b'1', b'\r', b'\n', byte, b'\r', b'\n']).await.unwrap();
    }
    stream.write_all(b"0\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("unhandled"), "{answer}");
}

/// Signs with the length of the body, after a while. Fails for an empty one.
struct Slow;

impl Signer for Slow {
    fn sign<'a>(&'a self, request: &'a Unsigned) -> Pin<Box<dyn Future<Output = Result<String, SignError>> + Send + 'a>> {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            match request.body.as_deref().unwrap_or_default() {
                b"{}" => Err(SignError::new("the vault is shut")),
                body => Ok(body.len().to_string()),
            }
        })
    }
}

#[tokio::test]
async fn a_router_waits_for_its_signer() {
    let events = client(Settings {
        signer: Some(Arc::new(Slow)),
        sign_key: Some("0f8fad5bd9cb469fa165708667284a2c".into()),
        ..Settings::default()
    })
    .events();
    let router = events.router(Arc::new(MemoryStore::new()));
    let body = Events::sample(EventKind::CallFinished);
    let signed = |signature: &str| vec![("X-AIRudder-Sign".to_owned(), signature.to_owned())];
    let right = signed(&body.len().to_string());
    assert_eq!(router.handle(&body, &right, None).await.outcome, "unhandled");
    let refused = router.handle(&body, &signed("1"), None).await;
    assert_eq!((refused.status, refused.reason), (401, Some("sign")));
    let failed = router.handle(b"{}", &signed("2"), None).await;
    assert_eq!((failed.status, failed.reason), (400, Some("no_key")));
    assert!(failed.message.unwrap().contains("the vault is shut"));

    let error = events.unwrap(&body, &right, None).unwrap_err();
    assert!(error.to_string().contains("which only a router does"), "{error}");
}
