//! Uploads to a real server that takes them in byte by byte.
#![allow(clippy::unwrap_used)]

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tempfile::{NamedTempFile, TempDir};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::error::ErrorKind;
use crate::generated::models::tasks::CreatedTask;
use crate::generated::shapes;
use crate::schema::{AuthScheme, Location, Method, Operation, Retry, Source, Upload};
use crate::{Case, Client, Input, Settings, Unsigned};

static UPLOAD: Operation = Operation {
    id: "tests.upload",
    family: "tests",
    name: "upload",
    method: Method::Post,
    path: "/upload",
    source: Source::Assumed,
    retry: Retry::Repeatable,
    auth: AuthScheme::Sign,
    location: Location::Multipart,
    params: Some(&shapes::STOP_TASK),
    constants: &[("Action", "Stop")],
    answer: Some(&shapes::CREATED_TASK),
    download: None,
    upload: Some(Upload {
        name: "file",
        camel: "file",
        wire: "File",
    }),
    paging: None,
    page: "Upload",
    pages: &["Upload"],
    summary: "Upload a file",
};

/// What came with a request. Large bodies are counted and no more.
#[derive(Clone, Default)]
struct Came {
    head: String,
    bytes: usize,
    body: Vec<u8>,
    sha256: String,
    hmac: String,
    /// Whether as many bytes came as were announced.
    is_whole: bool,
}

impl Came {
    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

type Requests = Arc<Mutex<Vec<Came>>>;

/// Answers the request of each number as `answer` says: nothing cuts the connection.
async fn serve(answer: impl Fn(usize) -> Option<String> + Send + Sync + 'static) -> (SocketAddr, Requests) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let requests = Requests::default();
    let log = requests.clone();
    let answer = Arc::new(answer);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (log, answer) = (log.clone(), answer.clone());
            tokio::spawn(async move {
                let came = take(&mut stream).await;
                let index = {
                    let mut log = log.lock().unwrap();
                    log.push(came);
                    log.len() - 1
                };
                if let Some(answer) = answer(index) {
                    stream.write_all(answer.as_bytes()).await.ok();
                }
            });
        }
    });
    (address, requests)
}

async fn take(stream: &mut TcpStream) -> Came {
    let mut came = Came::default();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    came.head = String::from_utf8(head).unwrap();
    let length: usize = came.header("content-length").unwrap().parse().unwrap();
    let mut digest = Sha256::new();
    let mut hmac = Hmac::<Sha256>::new_from_slice(b"emulator").unwrap();
    let mut chunk = vec![0; 1 << 16];
    while came.bytes < length {
        let most = chunk.len().min(length - came.bytes);
        let count = stream.read(&mut chunk[..most]).await.unwrap_or(0);
        if count == 0 {
            return came;
        }
        came.bytes += count;
        if length < 1 << 20 {
            digest.update(&chunk[..count]);
            hmac.update(&chunk[..count]);
            came.body.extend_from_slice(&chunk[..count]);
        }
    }
    came.is_whole = true;
    came.sha256 = hex(&digest.finalize());
    came.hmac = hex(&hmac.finalize().into_bytes());
    came
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn answer(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn done() -> String {
    let body = json!({"request_id": "0f8fad5bd9cb469fa165708667284a2c", "code": 200, "message": "Success", "data": {"TaskID": "t1"}});
    answer("200 OK", &body.to_string())
}

fn client(address: SocketAddr) -> Client {
    settings(address, Settings::default())
}

fn settings(address: SocketAddr, settings: Settings) -> Client {
    let base_url = Some(format!("http://{address}"));
    Client::new(Settings { base_url, ..settings }).unwrap()
}

fn upload(client: &Client, file: impl Into<FileSource>) -> UploadRequest<CreatedTask> {
    client.upload(&UPLOAD, client.input_json(&UPLOAD, Case::Snake, r#"{"task_id": "t\"1"}"#), file)
}

fn write(folder: &TempDir, name: &str, bytes: &[u8]) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_file_and_its_fields_go_as_a_form_that_is_signed() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, "front \"door\".png", b"pixels\r\n--x");
    let (address, requests) = serve(|_| Some(done())).await;
    let answer = upload(&client(address), path).extra_body("note", "n").await.unwrap();
    assert_eq!(answer.task_id, "t1");

    let came = requests.lock().unwrap().pop().unwrap();
    let boundary = came
        .header("content-type")
        .unwrap()
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let expected = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"Action\"\r\n\r\nStop\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"TaskID\"\r\n\r\nt\"1\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nn\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"File\"; filename=\"front %22door%22.png\"\r\nContent-Type: image/png\r\n\r\n\
         pixels\r\n--x\r\n--{boundary}--\r\n"
    );
    assert_eq!(String::from_utf8_lossy(&came.body), expected);
    assert_eq!(came.header("x-airudder-sign-key"), Some("00000000000000000000000000000000"));
    assert_eq!(came.header("x-airudder-sign"), Some(came.hmac.as_str()));
    assert_eq!((came.header("authorization"), came.header("transfer-encoding")), (None, None));
}

#[tokio::test]
async fn bytes_go_the_same_way_with_the_name_and_type_that_they_are_given() {
    let (address, requests) = serve(|_| Some(done())).await;
    let file = FileSource::bytes(&b"a,b"[..], "list.csv");
    upload(&client(address), file.clone()).await.unwrap();
    upload(&client(address), file.media_type("text/x-own").name("other")).await.unwrap();
    let requests = requests.lock().unwrap();
    let text = |came: &Came| String::from_utf8(came.body.clone()).unwrap();
    assert!(text(&requests[0]).contains("filename=\"list.csv\"\r\nContent-Type: text/csv\r\n\r\na,b\r\n--"));
    assert!(text(&requests[1]).contains("filename=\"other\"\r\nContent-Type: text/x-own\r\n\r\na,b\r\n--"));
    assert_eq!(requests[1].header("x-airudder-sign"), Some(requests[1].hmac.as_str()));
}

#[tokio::test]
async fn a_signer_gets_the_digest_of_what_is_never_held_and_the_bytes_of_what_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, "photo.png", b"pixels");
    let (address, requests) = serve(|_| Some(done())).await;
    let client = settings(
        address,
        Settings {
            signer: Some(Arc::new(|request: &Unsigned| {
                assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/upload?x=y"));
                let held = request.body.as_ref().map(|body| hex(&Sha256::digest(body)));
                Ok(held.or(request.body_sha256.clone()).unwrap())
            })),
            ..Settings::default()
        },
    );
    upload(&client, path).extra_query("x", "y").await.unwrap();
    upload(&client, FileSource::bytes("pixels", "photo.png"))
        .extra_query("x", "y")
        .await
        .unwrap();
    for came in requests.lock().unwrap().iter() {
        assert_eq!(came.header("x-airudder-sign"), Some(came.sha256.as_str()));
    }
}

#[tokio::test]
async fn the_file_is_read_again_for_each_attempt() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, "photo.png", b"pixels");
    let (address, requests) = serve(|index| (index > 0).then(done)).await;
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
    let (address, requests) = serve(move |_| {
        std::fs::remove_file(&gone).unwrap();
        None
    })
    .await;
    let error = upload(&client(address), path).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 1));
    assert!(error.may_have_been_applied(), "the first attempt may have been");
    assert!(error.to_string().contains("`file` cannot be read: entity not found"), "{error}");
    assert!(!error.to_string().contains("budi"), "{error}");
    assert_eq!(requests.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_read_is_found_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let (address, requests) = serve(|_| Some(done())).await;
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
    let error = client.call::<CreatedTask>(&UPLOAD, Input::none()).await.unwrap_err();
    assert!(error.to_string().contains("sends a file, and none is given"), "{error}");
    let robots = &crate::generated::operations::TASKS_ROBOTS;
    let error = client.upload::<CreatedTask>(robots, Input::none(), "x").await.unwrap_err();
    assert!(error.to_string().contains("sends no file"), "{error}");
    assert!(requests.lock().unwrap().is_empty());
}

/// Changes the file when it is asked for its sign, which is after it was looked at and before it is sent.
async fn change_between(change: fn(&Path)) {
    let file = NamedTempFile::new().unwrap();
    file.as_file().write_all(&vec![7; 200_000]).unwrap();
    let path = file.path().to_owned();
    let (address, requests) = serve(|_| Some(done())).await;
    let client = settings(
        address,
        Settings {
            signer: Some(Arc::new(move |_: &Unsigned| {
                change(&path);
                Ok("sign".to_owned())
            })),
            ..Settings::default()
        },
    );
    let error = upload(&client, file.path()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("`file` was changed while it was being sent"), "{error}");
    assert!(requests.lock().unwrap().iter().all(|came| !came.is_whole));
}

#[tokio::test]
async fn a_file_that_changes_between_its_sign_and_its_sending_is_not_sent() {
    change_between(|path| std::fs::OpenOptions::new().write(true).open(path).unwrap().set_len(10).unwrap()).await;
    change_between(|path| {
        std::fs::OpenOptions::new()
            .append(true)
            .open(path)
            .unwrap()
            .write_all(b"more")
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_file_that_shrinks_or_grows_while_it_is_sent_is_an_error_and_no_hang() {
    for new_size in [100_000, 50_000_000] {
        let file = NamedTempFile::new().unwrap();
        file.as_file().set_len(40_000_000).unwrap();
        let path = file.path().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let whole = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut some = vec![0; 1000];
            stream.read_exact(&mut some).await.unwrap();
            // More is under way than the connection can hold, so the client has not read to the end of the file yet.
            std::fs::OpenOptions::new()
                .write(true)
                .open(path)
                .unwrap()
                .set_len(new_size)
                .unwrap();
            take_rest(&mut stream, some).await
        });
        let error = upload(&client(address), file.path()).max_retries(0).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert!(error.to_string().contains("`file` was changed while it was being sent"), "{error}");
        assert!(!whole.await.unwrap());
    }
}

/// Whether the whole of what was announced came.
async fn take_rest(stream: &mut TcpStream, some: Vec<u8>) -> bool {
    let text = String::from_utf8_lossy(&some).into_owned();
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    let length = head.to_ascii_lowercase();
    let length: usize = length
        .split("content-length: ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let mut came = some.len() - head.len() - 4;
    let mut chunk = vec![0; 1 << 16];
    while came < length {
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return false,
            Ok(count) => came += count,
        }
    }
    true
}

/// The process's memory in bytes.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() * 1024
}

#[tokio::test]
async fn a_large_file_is_never_held_as_a_whole() {
    const SIZE: u64 = 200 << 20;
    let file = NamedTempFile::new().unwrap();
    file.as_file().set_len(SIZE).unwrap();
    let most = Arc::new(Mutex::new(0));
    let before = memory();
    let (address, requests) = serve({
        let most = most.clone();
        move |_| {
            *most.lock().unwrap() = memory();
            Some(done())
        }
    })
    .await;
    upload(&client(address), file.path()).await.unwrap();
    let requests = requests.lock().unwrap();
    assert!(requests[0].is_whole && requests[0].bytes as u64 > SIZE);
    let grown = (*most.lock().unwrap()).saturating_sub(before);
    assert!(grown < 32 << 20, "{grown} bytes more");
}

/// A server that takes the first bytes of a request and then nothing, and tells when the client hangs up.
async fn deaf() -> (SocketAddr, tokio::sync::oneshot::Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (taken, has_taken) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_u8().await.unwrap();
        taken.send(()).unwrap();
        std::future::pending::<()>().await;
    });
    (address, has_taken)
}

#[tokio::test]
async fn a_server_that_takes_no_bytes_is_given_up() {
    let file = NamedTempFile::new().unwrap();
    file.as_file().set_len(40_000_000).unwrap();
    let (address, _taken) = deaf().await;
    let client = settings(
        address,
        Settings {
            read_timeout: Some(0.3),
            max_retries: Some(0),
            ..Settings::default()
        },
    );
    let error = upload(&client, file.path()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("`read_timeout`"), "{error}");
}

#[tokio::test]
async fn a_call_with_a_timeout_ends_by_it_and_one_that_is_dropped_hangs_up() {
    let file = NamedTempFile::new().unwrap();
    file.as_file().set_len(40_000_000).unwrap();
    let (address, _taken) = deaf().await;
    let error = upload(&client(address), file.path()).timeout(1.5).max_retries(0).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("deadline"), "{error}");

    let (address, requests) = serve(|_| Some(done())).await;
    let slow = file.path().to_owned();
    let sending = tokio::spawn(upload(&client(address), slow).into_future());
    tokio::task::yield_now().await;
    sending.abort();
    assert!(sending.await.unwrap_err().is_cancelled());
    assert!(requests.lock().unwrap().iter().all(|came| !came.is_whole));
}
