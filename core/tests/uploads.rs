//! Uploads to a real server that reads them byte by byte.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs::OpenOptions;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use airudder::{Client, ErrorKind, FileSource, Input, Settings, Unsigned, UploadFile, UploadRequest, UploadedFile};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use support::{answer, client, ok, operation, settings};
use tempfile::{NamedTempFile, TempDir};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A request as it arrived. Large bodies are only counted.
#[derive(Default)]
struct Arrived {
    head: String,
    bytes: usize,
    body: Vec<u8>,
    /// Whether as many bytes arrived as were announced.
    is_whole: bool,
}

impl Arrived {
    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    fn sha256(&self) -> String {
        hex(&Sha256::digest(&self.body))
    }

    fn hmac(&self) -> String {
        let mut hmac = Hmac::<Sha256>::new_from_slice(b"emulator").unwrap();
        hmac.update(&self.body);
        hex(&hmac.finalize().into_bytes())
    }
}

type Requests = Arc<Mutex<Vec<Arrived>>>;

/// What the server does once a request's head is here.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    Read,
    Stall,
}

/// Reads each request, with `begin` called after its head, and writes what `answer` makes of its number. `None` cuts the connection.
async fn serve(
    begin: impl Fn() -> Next + Send + Sync + 'static,
    answer: impl Fn(usize) -> Option<Vec<u8>> + Send + Sync + 'static,
) -> (SocketAddr, Requests) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let requests = Requests::default();
    let log = requests.clone();
    let script = Arc::new((begin, answer));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (log, script) = (log.clone(), script.clone());
            tokio::spawn(async move {
                let arrived = read(&mut stream, &script.0).await;
                let number = {
                    let mut log = log.lock().unwrap();
                    log.push(arrived);
                    log.len() - 1
                };
                if let Some(answer) = script.1(number) {
                    stream.write_all(&answer).await.ok();
                }
            });
        }
    });
    (address, requests)
}

async fn read(stream: &mut TcpStream, begin: &impl Fn() -> Next) -> Arrived {
    let mut arrived = Arrived::default();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    arrived.head = String::from_utf8(head).unwrap();
    let length: usize = arrived.header("content-length").unwrap().parse().unwrap();
    if begin() == Next::Stall {
        std::future::pending::<()>().await;
    }
    let mut chunk = vec![0; 1 << 16];
    while arrived.bytes < length {
        let most = chunk.len().min(length - arrived.bytes);
        let count = stream.read(&mut chunk[..most]).await.unwrap_or(0);
        if count == 0 {
            return arrived;
        }
        arrived.bytes += count;
        if length < 1 << 20 {
            arrived.body.extend_from_slice(&chunk[..count]);
        }
    }
    arrived.is_whole = true;
    arrived
}

/// A server that answers every upload.
async fn serve_all() -> (SocketAddr, Requests) {
    serve(|| Next::Read, |_| Some(done())).await
}

fn done() -> Vec<u8> {
    let text = answer("200 OK", "application/json", ok(json!({"file_id": "f1"})).as_bytes());
    String::from_utf8(text)
        .unwrap()
        .replacen("\r\n", "\r\nconnection: close\r\n", 1)
        .into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn with_signer(address: SocketAddr, sign: impl Fn(&Unsigned) -> String + Send + Sync + 'static) -> Client {
    Client::new(Settings {
        signer: Some(Arc::new(move |request: &Unsigned| Ok(sign(request)))),
        ..settings(address)
    })
    .unwrap()
}

fn upload(client: &Client, file: impl Into<FileSource>) -> UploadRequest<UploadedFile> {
    client.chatbot().upload_file(file, UploadFile::new().channel_id("c\"1"))
}

fn write(folder: &TempDir, name: &str, bytes: &[u8]) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A file of zeros, which takes no room on the disk.
fn zeros(size: u64) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    file.as_file().set_len(size).unwrap();
    file
}

fn resize(path: &Path, size: u64) {
    OpenOptions::new().write(true).open(path).unwrap().set_len(size).unwrap();
}

#[tokio::test]
async fn a_file_and_its_fields_go_as_a_form_that_is_signed() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, "front \"door\".png", b"pixels\r\n--x");
    let (address, requests) = serve_all().await;
    let answer = upload(&client(address), path).extra_body("note", "n").await.unwrap();
    assert_eq!(answer.file_id.as_deref(), Some("f1"));

    let arrived = requests.lock().unwrap().pop().unwrap();
    let media_type = arrived.header("content-type").unwrap();
    let boundary = media_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    let expected = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"channel_id\"\r\n\r\nc\"1\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nn\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"front %22door%22.png\"\r\nContent-Type: image/png\r\n\r\n\
         pixels\r\n--x\r\n--{boundary}--\r\n"
    );
    assert_eq!(arrived.text(), expected);
    assert_eq!(arrived.header("x-airudder-sign-key"), Some("00000000000000000000000000000000"));
    assert_eq!(arrived.header("x-airudder-sign"), Some(arrived.hmac().as_str()));
    assert_eq!((arrived.header("authorization"), arrived.header("transfer-encoding")), (None, None));
}

#[tokio::test]
async fn bytes_go_the_same_way_with_the_name_and_type_that_they_are_given() {
    let (address, requests) = serve_all().await;
    let file = FileSource::bytes(&b"a,b"[..], "list.csv");
    upload(&client(address), file.clone()).await.unwrap();
    upload(&client(address), file.media_type("text/x-own").name("other")).await.unwrap();
    let requests = requests.lock().unwrap();
    assert!(
        requests[0]
            .text()
            .contains("filename=\"list.csv\"\r\nContent-Type: text/csv\r\n\r\na,b\r\n--")
    );
    assert!(
        requests[1]
            .text()
            .contains("filename=\"other\"\r\nContent-Type: text/x-own\r\n\r\na,b\r\n--")
    );
    assert_eq!(requests[1].header("x-airudder-sign"), Some(requests[1].hmac().as_str()));
}

#[tokio::test]
async fn a_signer_gets_the_digest_of_a_file_and_the_bytes_of_a_body_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, "photo.png", b"pixels");
    let (address, requests) = serve_all().await;
    let client = with_signer(address, |request| {
        assert_eq!(
            (request.method.as_str(), request.path.as_str()),
            ("POST", "/api/v1/file/upload?x=y")
        );
        let digest = request.body.as_ref().map(|body| hex(&Sha256::digest(body)));
        digest.or(request.body_sha256.clone()).unwrap()
    });
    for file in [FileSource::path(path), FileSource::bytes("pixels", "photo.png")] {
        upload(&client, file).extra_query("x", "y").await.unwrap();
    }
    for arrived in requests.lock().unwrap().iter() {
        assert_eq!(arrived.header("x-airudder-sign"), Some(arrived.sha256().as_str()));
    }
}

#[tokio::test]
async fn the_file_is_read_again_for_each_attempt() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, "photo.png", b"pixels");
    let (address, requests) = serve(|| Next::Read, |number| (number > 0).then(done)).await;
    upload(&client(address), path).await.unwrap();
    let requests = requests.lock().unwrap();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].body, requests[1].body);
}

#[tokio::test]
async fn a_file_that_is_gone_before_the_next_attempt_ends_the_call() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, "photo-of-budi.png", b"pixels");
    let gone = path.clone();
    let cut = move |_| {
        std::fs::remove_file(&gone).unwrap();
        None
    };
    let (address, requests) = serve(|| Next::Read, cut).await;
    let error = upload(&client(address), path).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 1));
    assert!(error.may_have_been_applied(), "the first attempt may have been");
    assert!(error.to_string().contains("`file` cannot be read: entity not found"), "{error}");
    assert!(!error.to_string().contains("budi"), "{error}");
    assert_eq!(requests.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_wrong_file_is_refused_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let (address, requests) = serve_all().await;
    let client = client(address);
    for (file, what) in [
        (
            FileSource::path(folder.path().join("budi.png")),
            "`file` cannot be read: entity not found",
        ),
        (FileSource::path(folder.path()), "`file` is no file"),
        (
            FileSource::bytes("", "x").media_type("a\r\nb"),
            "`file` has a media type that is none",
        ),
    ] {
        let request = upload(&client, file);
        assert!(!format!("{request:?}").contains("budi"));
        let error = request.await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 0));
        assert!(error.to_string().contains(what), "{error}");
        assert!(!error.to_string().contains("budi"), "{error}");
    }
    let error = client.call::<UploadedFile>(operation("chatbot.upload_file"), Input::none()).await;
    assert!(error.unwrap_err().to_string().contains("sends a file, and none is given"));
    let error = client.upload::<UploadedFile>(operation("tasks.robots"), Input::none(), "x").await;
    assert!(error.unwrap_err().to_string().contains("sends no file"));
    assert!(requests.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_file_that_changes_after_it_was_signed_is_not_sent() {
    let shrink: fn(&Path) = |path| resize(path, 10);
    let grow: fn(&Path) = |path| OpenOptions::new().append(true).open(path).unwrap().write_all(b"more").unwrap();
    for change in [shrink, grow] {
        let file = zeros(200_000);
        let path = file.path().to_owned();
        let (address, requests) = serve_all().await;
        let client = with_signer(address, move |_| {
            change(&path);
            "sign".to_owned()
        });
        let error = upload(&client, file.path()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains("`file` was changed while it was being sent"), "{error}");
        assert!(requests.lock().unwrap().iter().all(|arrived| !arrived.is_whole));
    }
}

#[tokio::test]
async fn a_file_that_shrinks_or_grows_while_it_is_sent_is_an_error_and_no_hang() {
    for new_size in [100_000, 50_000_000] {
        let file = zeros(40_000_000);
        let path = file.path().to_owned();
        // The connection cannot hold what is announced, so the client has not read to the end of the file yet.
        let change = move || {
            resize(&path, new_size);
            Next::Read
        };
        let (address, requests) = serve(change, |_| Some(done())).await;
        let error = upload(&client(address), file.path()).max_retries(0).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert!(error.to_string().contains("`file` was changed while it was being sent"), "{error}");
        while requests.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        assert!(!requests.lock().unwrap()[0].is_whole);
    }
}

/// The process's memory in bytes.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() * 1024
}

#[tokio::test]
async fn a_large_file_is_never_in_memory_as_a_whole() {
    const SIZE: u64 = 200 << 20;
    let file = zeros(SIZE);
    let most = Arc::new(Mutex::new(0));
    let before = memory();
    let measured = most.clone();
    let measure = move |_| {
        *measured.lock().unwrap() = memory();
        Some(done())
    };
    let (address, requests) = serve(|| Next::Read, measure).await;
    upload(&client(address), file.path()).await.unwrap();
    let requests = requests.lock().unwrap();
    assert!(requests[0].is_whole && requests[0].bytes as u64 > SIZE);
    let grown = (*most.lock().unwrap()).saturating_sub(before);
    assert!(grown < 32 << 20, "{grown} bytes more");
}

#[tokio::test]
async fn a_server_that_takes_no_bytes_ends_the_upload() {
    let file = zeros(40_000_000);
    let (address, _) = serve(|| Next::Stall, |_| None).await;
    let client = Client::new(Settings {
        read_timeout: Some(0.3),
        max_retries: Some(0),
        ..settings(address)
    });
    let error = upload(&client.unwrap(), file.path()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("`read_timeout`"), "{error}");
}

#[tokio::test]
async fn a_timeout_ends_an_upload_and_dropping_it_closes_the_connection() {
    let file = zeros(40_000_000);
    let (address, _) = serve(|| Next::Stall, |_| None).await;
    let error = upload(&client(address), file.path()).timeout(1.5).max_retries(0).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("deadline"), "{error}");

    let (address, requests) = serve_all().await;
    let sending = tokio::spawn(upload(&client(address), file.path()).into_future());
    tokio::task::yield_now().await;
    sending.abort();
    assert!(sending.await.unwrap_err().is_cancelled());
    assert!(requests.lock().unwrap().iter().all(|arrived| !arrived.is_whole));
}
