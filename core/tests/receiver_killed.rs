//! Two hundred deliveries of the same 20 events, from 8 connections, to a receiver that is killed and started again in the middle: each event is
//! handled, and none is acknowledged twice as handled.
//!
//! The receiver is this program itself, called with a file for its store and one for what its handler did.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use airudder::events::SqliteStore;
use airudder::{Client, EventKind, Settings};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, watch};

const EVENTS: usize = 20;
const DELIVERIES: usize = 200;
const CONNECTIONS: usize = 8;
/// Acknowledged deliveries after which the receiver is killed.
const KILL_AFTER: usize = 30;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    match std::env::var("RECEIVER_FILES") {
        Ok(files) => {
            let (store, done) = files.split_once('|').unwrap();
            runtime.block_on(receive(store, done));
        }
        Err(_) => runtime.block_on(check()),
    }
}

/// The receiver. Its handler takes a while, so that it can be killed in the middle of one.
async fn receive(store: &str, done: &str) {
    let done = done.to_owned();
    let settings = Settings {
        base_url: Some("http://127.0.0.1:1".into()),
        ..Settings::default()
    };
    let store = Arc::new(SqliteStore::open(store).unwrap());
    let router = Client::new(settings).unwrap().events().router(store);
    let router = router.lease(Duration::from_secs(2)).on(EventKind::CallFinished, move |event| {
        let done = done.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let mut file = std::fs::OpenOptions::new().create(true).append(true).open(done)?;
            writeln!(file, "{}", event.key())?;
            Ok(())
        }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    axum::serve(listener, router.into_axum()).await.unwrap();
}

async fn start(folder: &Path) -> (Child, String) {
    let files = format!("{}|{}", folder.join("store.db").display(), folder.join("done").display());
    let mut receiver = Command::new(std::env::current_exe().unwrap())
        .env("RECEIVER_FILES", files)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(receiver.stdout.take().unwrap()).lines();
    let address = lines.next_line().await.unwrap().unwrap();
    (receiver, address)
}

/// Posts an event on a connection, and gives its outcome; none when the connection breaks.
async fn post(stream: &mut TcpStream, body: &str) -> Option<String> {
    let head = format!(
        "POST /call.finished HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + body).as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    loop {
        if stream.read_buf(&mut answer).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&answer).to_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.split("content-length: ").nth(1)?.split("\r\n").next()?.parse().ok()?;
        if body.len() >= length {
            return Some(body.to_owned());
        }
    }
}

/// Delivers until there is nothing left, as AI Rudder does: again and again what is not acknowledged.
async fn deliver(address: watch::Receiver<String>, queue: Arc<Mutex<Vec<usize>>>, acknowledged: Arc<AtomicUsize>) -> Vec<(usize, String)> {
    let mut outcomes = Vec::new();
    let mut connection = None;
    loop {
        let Some(event) = queue.lock().await.pop() else { return outcomes };
        let body = format!(r#"{{"callid":"c-{event}","status":"answered"}}"#);
        let outcome = loop {
            if connection.is_none() {
                let receiver = address.borrow().clone();
                connection = TcpStream::connect(receiver).await.ok();
            }
            let outcome = match &mut connection {
                Some(stream) => post(stream, &body).await,
                None => None,
            };
            match outcome {
                Some(outcome) if outcome == "handled" || outcome == "duplicate" => break outcome,
                Some(outcome) => outcomes.push((event, outcome)),
                None => {
                    connection = None;
                    outcomes.push((event, "broken".to_owned()));
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        outcomes.push((event, outcome));
        acknowledged.fetch_add(1, Ordering::SeqCst);
    }
}

async fn check() {
    let folder = tempfile::tempdir().unwrap();
    let (mut receiver, address) = start(folder.path()).await;
    let (tell, address) = watch::channel(address);
    // Copies of one event stand side by side, so that they come at the same moment.
    let queue = Arc::new(Mutex::new((0..DELIVERIES).map(|index| index / 5 % EVENTS).collect::<Vec<_>>()));
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let senders: Vec<_> = (0..CONNECTIONS)
        .map(|_| tokio::spawn(deliver(address.clone(), queue.clone(), acknowledged.clone())))
        .collect();

    while acknowledged.load(Ordering::SeqCst) < KILL_AFTER {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    receiver.kill().await.unwrap();
    let (_receiver, address) = start(folder.path()).await;
    tell.send(address).unwrap();

    let mut outcomes: HashMap<String, usize> = HashMap::new();
    let mut handled = [0; EVENTS];
    for sender in senders {
        for (event, outcome) in sender.await.unwrap() {
            handled[event] += usize::from(outcome == "handled");
            *outcomes.entry(outcome).or_default() += 1;
        }
    }
    let done = std::fs::read_to_string(folder.path().join("done")).unwrap();
    let mut runs: HashMap<&str, usize> = HashMap::new();
    for key in done.lines() {
        *runs.entry(key).or_default() += 1;
    }
    println!("{DELIVERIES} deliveries of {EVENTS} events from {CONNECTIONS} connections, the receiver killed once: {outcomes:?}");
    println!("handlers run to their end: {}, for {} events", done.lines().count(), runs.len());
    assert_eq!(outcomes["handled"] + outcomes["duplicate"], DELIVERIES);
    assert_eq!(runs.len(), EVENTS, "an event was never handled");
    assert!(
        handled.iter().all(|times| *times <= 1),
        "an event was acknowledged twice as handled: {handled:?}"
    );
    assert!(outcomes.contains_key("broken"), "the receiver was not killed in the middle");
}
