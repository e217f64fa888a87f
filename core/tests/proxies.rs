//! What a proxy itself answers, over real sockets.
#![allow(clippy::unwrap_used)]

mod support;

use std::net::SocketAddr;

use airudder::{Client, CollectionContact, CreateTask, Error, ErrorKind, Settings};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

/// A proxy that passes nothing on: it answers every request alike.
async fn proxy(answer: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut lines = BufReader::new(&mut stream);
                let mut line = String::new();
                while lines.read_line(&mut line).await.is_ok_and(|length| length > 2) {
                    line.clear();
                }
                stream.write_all(answer.as_bytes()).await.ok();
            });
        }
    });
    address
}

/// The error of a new task that is sent through a proxy which answers itself.
async fn refused(base_url: &str, answer: &'static str) -> Error {
    let proxy = proxy(answer).await;
    let client = Client::new(Settings {
        base_url: Some(base_url.into()),
        proxy: Some(format!("http://canary-user:canary-password@{proxy}")),
        app_key: Some("key".into()),
        app_secret: Some("secret".into()),
        max_retries: Some(0),
        allow_http: Some(true),
        ..Settings::default()
    });
    let contacts = vec![CollectionContact::new("+6281230001111")];
    let task = CreateTask::new("n", "2026-11-23 09:00:00", "2026-11-23 18:00:00", "1001", contacts);
    let error = client.unwrap().tasks().create(task).await.unwrap_err();
    assert!(!error.to_string().contains("canary"), "{error}");
    assert!(!error.may_have_been_applied(), "{error}");
    error
}

#[tokio::test]
async fn a_proxy_that_opens_no_tunnel_is_named() {
    for answer in [
        "HTTP/1.1 403 Forbidden\r\ncontent-length: 6\r\n\r\ncanary",
        "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 503 canary\r\ncontent-length: 0\r\n\r\n",
        "no HTTP at all\r\n\r\n",
        "",
    ] {
        let error = refused("https://airudder.example", answer).await;
        assert_eq!(error.kind(), ErrorKind::ConnectionFailed, "{error}");
        assert!(
            error.to_string().contains("the proxy did not connect to the host of `base_url`"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_proxy_that_asks_who_is_there_is_named() {
    let answer = "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n";
    for base_url in ["https://airudder.example", "http://airudder.example"] {
        let error = refused(base_url, answer).await;
        assert_eq!(error.kind(), ErrorKind::ConnectionFailed, "{error}");
        assert!(error.to_string().contains("give both in the URL of `proxy`"), "{error}");
    }
}

#[tokio::test]
async fn a_proxys_own_page_is_told_as_such() {
    for (answer, kind) in [
        (
            "HTTP/1.1 403 Forbidden\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\r\n<html>canary<",
            ErrorKind::PermissionDenied,
        ),
        ("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n", ErrorKind::Server),
        ("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", ErrorKind::NotFound),
    ] {
        let error = refused("http://airudder.example", answer).await;
        assert_eq!(error.kind(), kind, "{error}");
        let hint = if kind == ErrorKind::NotFound {
            "check the path of `base_url`"
        } else {
            "a proxy or gateway on the way may have written it"
        };
        assert!(error.to_string().contains(hint), "{error}");
    }
}
