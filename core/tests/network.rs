//! Certificates, proxies, and calls that end early, over real sockets.
#![allow(clippy::unwrap_used)]

mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use airudder::{Client, CollectionContact, CreateTask, ErrorKind, Settings};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use support::{Reaction, client, converse, json, serve, settings};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

const ROBOTS: &str = r#"{"code":200,"status":"OK","data":{"List":[{"RobotID":1001}]}}"#;

/// A server with a certificate of an authority that nobody knows, and that authority's PEM.
fn tls_config() -> (ServerConfig, String) {
    let mut authority = CertificateParams::new(Vec::<String>::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .signed_by(&key, &authority)
        .unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(tokio_rustls::rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    (config, authority.pem())
}

async fn tls_server() -> (SocketAddr, String) {
    let (config, pem) = tls_config();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    converse(stream, Arc::new(|_: &str| Reaction::Write(json(ROBOTS))), support::Log::default()).await;
                }
            });
        }
    });
    (address, pem)
}

/// A server that speaks HTTP/2 and refuses the first call's stream without looking at it.
async fn refusing_server() -> (SocketAddr, String, Arc<AtomicUsize>) {
    let (mut config, pem) = tls_config();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut connection = h2::server::handshake(acceptor.accept(stream).await.unwrap()).await.unwrap();
            let counted = counted.clone();
            tokio::spawn(async move {
                while let Some(Ok((request, mut respond))) = connection.accept().await {
                    let is_token = request.uri().path().ends_with("/auth");
                    if !is_token && counted.fetch_add(1, Ordering::SeqCst) == 0 {
                        respond.send_reset(h2::Reason::REFUSED_STREAM);
                        continue;
                    }
                    let body = if is_token {
                        r#"{"code":200,"data":{"token":"t"}}"#
                    } else {
                        r#"{"code":200,"data":{"TaskID":"t1"}}"#
                    };
                    let mut sending = respond.send_response(http::Response::new(()), false).unwrap();
                    sending.send_data(body.into(), true).unwrap();
                }
            });
        }
    });
    (address, pem, calls)
}

#[tokio::test]
async fn a_stream_that_http_2_refuses_was_not_processed() {
    let (address, pem, calls) = refusing_server().await;
    let client = Client::new(Settings {
        base_url: Some(format!("https://localhost:{}", address.port())),
        ca_certificate: Some(pem),
        ..Settings::default()
    });
    let contacts = vec![CollectionContact::new("+6281230001111")];
    let task = CreateTask::new("n", "2026-11-23 09:00:00", "2026-11-23 18:00:00", "1001", contacts);
    // A call that must not be sent twice on a guess.
    client.unwrap().tasks().create(task).await.unwrap();
    assert_eq!(calls.load(Ordering::SeqCst), 2);
}

fn https(address: SocketAddr, ca_certificate: Option<String>) -> Client {
    let base_url = Some(format!("https://localhost:{}", address.port()));
    Client::new(Settings {
        base_url,
        ca_certificate,
        max_retries: Some(0),
        ..Settings::default()
    })
    .unwrap()
}

#[tokio::test]
async fn an_additional_authority_is_trusted() {
    let (address, pem) = tls_server().await;
    assert_eq!(https(address, Some(pem.clone())).tasks().robots().await.unwrap().robots.len(), 1);

    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pem).unwrap();
    let path = file.path().to_str().unwrap().to_owned();
    assert_eq!(https(address, Some(path)).tasks().robots().await.unwrap().robots.len(), 1);
}

#[tokio::test]
async fn an_unknown_authority_is_not_trusted() {
    let (address, _) = tls_server().await;
    let error = https(address, None).tasks().robots().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
    assert!(error.to_string().contains("UnknownIssuer"), "{error}");
    assert!(error.to_string().contains("`ca_certificate`"), "{error}");
}

#[test]
fn a_certificate_that_is_none_is_named() {
    for bad in [
        "/no/such/file.pem",
        "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n",
        "-----BEGIN NOTHING",
    ] {
        let error = Client::new(Settings {
            base_url: Some("http://127.0.0.1:1".into()),
            ca_certificate: Some(bad.into()),
            ..Settings::default()
        })
        .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("ca_certificate"), "{error}");
    }
}

/// A proxy that counts what goes through it, and leads everything to `target`.
async fn proxy(target: SocketAddr) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(forward(stream, target));
        }
    });
    (address, count)
}

/// Answers `CONNECT` and joins the streams; a plain request is passed on as it came.
async fn forward(stream: TcpStream, target: SocketAddr) {
    let mut first = [0; 8];
    stream.peek(&mut first).await.unwrap();
    let mut stream = stream;
    if first.starts_with(b"CONNECT") {
        let mut lines = BufReader::new(&mut stream);
        let mut line = String::new();
        while lines.read_line(&mut line).await.unwrap() > 2 {
            line.clear();
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
    }
    support::join(stream, TcpStream::connect(target).await.unwrap()).await;
}

#[tokio::test]
async fn a_proxy_carries_everything() {
    let (address, pem) = tls_server().await;
    let (proxy_address, count) = proxy(address).await;
    let client = Client::new(Settings {
        base_url: Some(format!("https://localhost:{}", address.port())),
        ca_certificate: Some(pem),
        proxy: Some(format!("http://{proxy_address}")),
        ..Settings::default()
    })
    .unwrap();
    assert_eq!(client.tasks().robots().await.unwrap().robots.len(), 1);
    assert!(count.load(Ordering::SeqCst) > 0);
}

#[tokio::test]
async fn a_proxy_that_is_none_is_a_clear_error() {
    let wrong = Settings {
        base_url: Some("http://127.0.0.1:1".into()),
        proxy: Some("http://".into()),
        ..Settings::default()
    };
    assert_eq!(Client::new(wrong).unwrap_err().kind(), ErrorKind::Configuration);

    let (address, _) = serve(|_| Reaction::Write(json(ROBOTS))).await;
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let client = Client::new(Settings {
        proxy: Some(format!("http://user:canary-password@{nobody}")),
        max_retries: Some(0),
        ..settings(address)
    })
    .unwrap();
    let error = client.tasks().robots().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
    assert!(!error.to_string().contains("canary-password") && !error.may_have_been_applied());
}

#[tokio::test]
async fn a_call_that_is_dropped_closes_its_connection() {
    let (closed, mut was_closed) = tokio::sync::mpsc::unbounded_channel();
    let (address, log) = serve(move |_| Reaction::Hang(closed.clone())).await;
    let client = client(address);
    let call = tokio::spawn(async move { client.tasks().robots().await });
    while log.lock().unwrap().len() < 2 {
        tokio::task::yield_now().await;
    }
    call.abort();
    was_closed.recv().await.unwrap();
}

#[tokio::test]
async fn nothing_listens_there() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let client = Client::new(Settings {
        max_retries: Some(1),
        ..settings(nobody)
    })
    .unwrap();
    let error = client.tasks().stop("t1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
    assert!(!error.may_have_been_applied() && error.retryable());
}

/// An answer that says it is compressed.
fn gzip(body: &[u8], announced: usize) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: {announced}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// [`ROBOTS`], as gzip writes it.
const COMPRESSED: &[u8] = &[
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 74, 206, 79, 73, 85, 178, 50, 50, 48, 208, 81, 42, 46, 73, 44, 41, 45, 86, 178, 82, 242, 247,
    86, 210, 81, 74, 73, 44, 73, 84, 178, 170, 86, 242, 201, 44, 46, 81, 178, 138, 174, 86, 10, 202, 79, 202, 47, 241, 116, 81, 178, 50,
    52, 48, 48, 172, 141, 173, 173, 5, 0, 53, 231, 172, 45, 61, 0, 0, 0,
];

#[tokio::test]
async fn compressed_answers_are_read_and_their_faults_told_apart() {
    let whole = COMPRESSED.len();
    let (address, _) = serve(move |_| Reaction::Write(gzip(COMPRESSED, whole))).await;
    assert_eq!(client(address).tasks().robots().await.unwrap().robots.len(), 1);

    // The block type that does not exist.
    let mut damaged = COMPRESSED.to_vec();
    damaged[10] = 7;
    let (address, _) = serve(move |_| Reaction::Write(gzip(&damaged, whole))).await;
    let error = client(address).tasks().robots().max_retries(0).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{error}");

    let (address, _) = serve(move |_| Reaction::WriteAndClose(gzip(&COMPRESSED[..whole / 2], whole))).await;
    let error = client(address).tasks().robots().max_retries(0).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error}");
}

#[tokio::test]
async fn a_redirect_of_the_api_is_not_followed() {
    let (elsewhere, seen) = serve(|_| Reaction::Write(json(ROBOTS))).await;
    let moved = format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: http://{elsewhere}/service/cloud/robot\r\ncontent-length: 0\r\n\r\n");
    let (address, _) = serve(move |_| Reaction::Write(moved.clone().into_bytes())).await;
    let error = client(address).tasks().robots().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::InvalidResponse, Some(307)));
    assert!(seen.lock().unwrap().is_empty(), "the token went nowhere else");
}

#[tokio::test]
async fn the_wrong_scheme_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            stream
                .write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
                .await
                .ok();
        }
    });
    let error = https(address, None).tasks().robots().await.unwrap_err();
    assert!(error.to_string().contains("use the scheme `http` in `base_url`"), "{error}");

    let (address, _) = tls_server().await;
    let error = client(address).tasks().robots().max_retries(0).await.unwrap_err();
    assert!(error.to_string().contains("use the scheme `https` in `base_url`"), "{error}");
}

#[tokio::test]
async fn a_token_call_that_is_not_there_leads_to_the_base_url() {
    let router = axum::Router::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let error = client(address).tasks().robots().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::NotFound, Some(404)));
    assert!(error.to_string().contains("check the path of `base_url`"), "{error}");
}

#[tokio::test]
async fn keys_and_secrets_may_end_with_a_newline() {
    let (address, log) = serve(|_| Reaction::Write(json(ROBOTS))).await;
    let client = Client::new(Settings {
        app_key: Some("key \n".into()),
        app_secret: Some("secret\r\n".into()),
        encryption_key: Some("airudderredduria\n".into()),
        ..settings(address)
    });
    client.unwrap().auth().token().await.unwrap();
    assert!(log.lock().unwrap()[0].contains(r#"{"APPKey":"key","APPSecret":"secret"}"#));
}

/// The address of this machine that is not loopback, for which the system's proxy holds.
async fn own_address() -> Option<std::net::IpAddr> {
    let socket = tokio::net::UdpSocket::bind("0.0.0.0:0").await.ok()?;
    // Sends nothing: it only chooses the interface.
    socket.connect("192.0.2.1:9").await.ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|ip| !ip.is_loopback() && !ip.is_unspecified())
}

#[tokio::test]
async fn no_proxy_holds_for_addresses() {
    let Some(ip) = own_address().await else { return };
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let std::net::IpAddr::V4(v4) = ip else { return };
    let [a, b, ..] = v4.octets();
    for (exceptions, is_direct) in [
        ("*".to_owned(), true),
        ("example.com, *".to_owned(), true),
        (ip.to_string(), true),
        (format!("{a}.{b}.0.0/16"), true),
        ("example.com".to_owned(), false),
    ] {
        // In a process of its own, for the environment belongs to the whole process.
        let outcome = tokio::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "one_call_through_the_proxy_of_the_environment", "--ignored"])
            .env_remove("no_proxy")
            .env_remove("http_proxy")
            .env_remove("REQUEST_METHOD")
            .env("NO_PROXY", &exceptions)
            .env("HTTP_PROXY", format!("http://{nobody}"))
            .output()
            .await
            .unwrap();
        assert_eq!(outcome.status.success(), is_direct, "{exceptions}");
    }
}

#[tokio::test]
#[ignore = "run by no_proxy_holds_for_addresses"]
async fn one_call_through_the_proxy_of_the_environment() {
    let listener = TcpListener::bind((own_address().await.unwrap(), 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = axum::Router::new().fallback(|| async { r#"{"code":200,"data":{"token":"t"}}"# });
    tokio::spawn(async move { axum::serve(listener, router).await });
    let client = Client::new(Settings {
        app_key: Some("key".into()),
        app_secret: Some("secret".into()),
        max_retries: Some(0),
        allow_http: Some(true),
        ..settings(address)
    });
    client.unwrap().auth().token().await.unwrap();
}

/// Makes one call in a process of its own that has these variables, and returns whether it succeeded and what it printed.
async fn call_with(variables: &[(&str, &str)], base_url: &str) -> (bool, String) {
    let output = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "one_call_to_the_address_of_the_environment", "--ignored", "--nocapture"])
        .env("AIRUDDER_BASE_URL", base_url)
        .envs(variables.iter().copied())
        .output()
        .await
        .unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[tokio::test]
#[ignore = "run by authorities_of_the_environment_are_trusted"]
async fn one_call_to_the_address_of_the_environment() {
    let client = Client::new(Settings {
        max_retries: Some(0),
        ..Settings::default()
    });
    assert_eq!(client.unwrap().tasks().robots().await.unwrap().robots.len(), 1);
}

#[tokio::test]
async fn authorities_of_the_environment_are_trusted() {
    let (address, pem) = tls_server().await;
    let base_url = format!("https://localhost:{}", address.port());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authorities.pem");
    std::fs::write(&file, &pem).unwrap();
    let hashed = folder.path().join("certs");
    std::fs::create_dir(&hashed).unwrap();
    // As `openssl rehash` names them.
    std::fs::write(hashed.join("0123abcd.0"), &pem).unwrap();
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let [file, hashed, empty] = [&file, &hashed, &empty].map(|path| path.to_str().unwrap());
    let both = format!("{empty}:{hashed}");

    for variables in [
        [("SSL_CERT_FILE", file), ("SSL_CERT_DIR", "")],
        [("SSL_CERT_FILE", ""), ("SSL_CERT_DIR", hashed)],
        [("SSL_CERT_FILE", "/no/such/file"), ("SSL_CERT_DIR", &both)],
    ] {
        let (is_trusted, text) = call_with(&variables, &base_url).await;
        assert!(is_trusted, "{variables:?}: {text}");
    }
    for (variables, hint) in [
        ([("SSL_CERT_FILE", ""), ("SSL_CERT_DIR", "")], "UnknownIssuer"),
        (
            [("SSL_CERT_FILE", "/no/such/file"), ("SSL_CERT_DIR", "")],
            "where SSL_CERT_FILE of the environment leads",
        ),
        (
            [("SSL_CERT_FILE", "/no/such/file"), ("SSL_CERT_DIR", empty)],
            "where SSL_CERT_FILE or SSL_CERT_DIR of the environment leads",
        ),
    ] {
        let (is_trusted, text) = call_with(&variables, &base_url).await;
        assert!(!is_trusted && text.contains(hint), "{variables:?}: {text}");
    }
}
