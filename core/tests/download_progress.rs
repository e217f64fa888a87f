//! What the listener of a download hears.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::{Arc, Mutex};

use airudder::DownloadProgress;
use support::{Reaction, answer, client, serve};

/// A listener, and what it heard.
fn listener() -> (
    impl Fn(&DownloadProgress) + Send + Sync + 'static,
    Arc<Mutex<Vec<DownloadProgress>>>,
) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let list = heard.clone();
    (
        move |progress: &DownloadProgress| list.lock().unwrap().push(progress.clone()),
        heard,
    )
}

#[tokio::test]
async fn each_file_of_a_folder_begins_and_ends() {
    let (elsewhere, _) = serve(|request| {
        let length = if request.starts_with("GET /one") { 3_000_000 } else { 10 };
        Reaction::Write(answer("200 OK", "audio/wav", &vec![7; length]))
    })
    .await;
    let links = format!(r#"{{"code":200,"data":["http://{elsewhere}/one.wav","http://{elsewhere}/two.wav"]}}"#);
    let (address, _) = serve(move |_| Reaction::Write(support::json(&links))).await;
    let folder = tempfile::tempdir().unwrap();
    let (listen, heard) = listener();
    let files = client(address)
        .tasks()
        .recordings("t1", folder.path())
        .on_progress(listen)
        .await
        .unwrap();
    let heard = heard.lock().unwrap();
    for (file, number) in files.iter().zip(1..) {
        let of_file: Vec<_> = heard.iter().filter(|progress| progress.file == number).collect();
        assert!(of_file.iter().all(|progress| progress.path == file.path && progress.files == 2));
        assert_eq!((of_file[0].bytes, of_file[0].total_bytes), (0, Some(file.bytes)));
        assert_eq!(of_file[of_file.len() - 1].bytes, file.bytes);
        assert!(of_file.is_sorted_by_key(|progress| progress.bytes));
    }
    assert!(heard.is_sorted_by_key(|progress| progress.file), "one file after the other");
    assert_eq!(heard.last().unwrap().file, 2);
}

#[tokio::test]
async fn what_is_resumed_counts() {
    let body = vec![7; 1000];
    let (elsewhere, _) = serve(move |request| {
        let head = "content-type: audio/wav\r\netag: \"v1\"\r\n";
        if request.to_ascii_lowercase().contains("range: bytes=400-") {
            let head = format!("HTTP/1.1 206 Partial Content\r\n{head}content-length: 600\r\ncontent-range: bytes 400-999/1000\r\n\r\n");
            return Reaction::Write([head.as_bytes(), &body[400..]].concat());
        }
        let head = format!("HTTP/1.1 200 OK\r\n{head}content-length: 1000\r\n\r\n");
        Reaction::WriteAndClose([head.as_bytes(), &body[..400]].concat())
    })
    .await;
    let link = format!(r#"{{"code":200,"data":"http://{elsewhere}/x.wav"}}"#);
    let (address, _) = serve(move |_| Reaction::Write(support::json(&link))).await;
    let folder = tempfile::tempdir().unwrap();
    let (listen, heard) = listener();
    let path = folder.path().join("x.wav");
    let download = client(address).tasks().recording("t1", "+6281230001111", &path).on_progress(listen);
    assert_eq!(download.await.unwrap().bytes, 1000);
    let heard = heard.lock().unwrap();
    assert!(
        heard.iter().any(|progress| progress.bytes == 400),
        "it goes on from what is there: {heard:?}"
    );
    assert!(heard.iter().all(|progress| progress.total_bytes == Some(1000)));
    assert_eq!(heard.last().unwrap().bytes, 1000);
}

#[tokio::test]
async fn a_length_that_is_not_said_is_known_at_the_end() {
    let (address, _) =
        serve(|_| Reaction::WriteAndClose(b"HTTP/1.1 200 OK\r\ncontent-type: audio/wav\r\nconnection: close\r\n\r\n12345".to_vec())).await;
    let folder = tempfile::tempdir().unwrap();
    let (listen, heard) = listener();
    client(address)
        .tasks()
        .recordings("t1", folder.path())
        .on_progress(listen)
        .await
        .unwrap();
    let heard = heard.lock().unwrap();
    assert_eq!((heard[0].bytes, heard[0].total_bytes), (0, None));
    assert_eq!((heard.last().unwrap().bytes, heard.last().unwrap().total_bytes), (5, Some(5)));
}
