//! Downloads end as a whole file or as none.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use airudder::{Client, ErrorKind, Settings};
use support::{Reaction, answer, client, serve, settings};

fn files_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn audio(bytes: &[u8]) -> Vec<u8> {
    answer("200 OK", "audio/wav", bytes)
}

#[tokio::test]
async fn a_whole_file_appears_at_once_and_replaces_the_old_one() {
    let (address, _) = serve(|_| Reaction::Write(audio(&vec![7; 100_000]))).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("call.wav");
    std::fs::write(&path, "old").unwrap();
    let download = client(address).tasks().recording("t", "+6281230001111", &path).await.unwrap();
    assert_eq!((download.bytes, download.content_type.as_deref()), (100_000, Some("audio/wav")));
    assert_eq!(std::fs::read(&path).unwrap(), vec![7; 100_000]);
    assert_eq!(files_in(folder.path()), ["call.wav"]);
}

#[tokio::test]
async fn a_file_that_breaks_off_is_asked_for_again() {
    let tries = Arc::new(AtomicUsize::new(0));
    let counted = tries.clone();
    let (address, _) = serve(move |_| {
        let whole = audio(&[7; 1000]);
        if counted.fetch_add(1, Ordering::SeqCst) == 0 {
            Reaction::WriteAndClose(whole[..500].to_vec())
        } else {
            Reaction::Write(whole)
        }
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("call.wav");
    assert_eq!(
        client(address).tasks().recording("t", "+6281230001111", &path).await.unwrap().bytes,
        1000
    );
    assert_eq!(tries.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_download_may_take_longer_than_a_call_and_is_still_asked_for_again() {
    let tries = AtomicUsize::new(0);
    let (address, _) = serve(move |_| {
        let whole = audio(&[7; 1000]);
        if tries.fetch_add(1, Ordering::SeqCst) == 0 {
            Reaction::WriteWaitAndClose(whole[..500].to_vec(), Duration::from_secs(2))
        } else {
            Reaction::Write(whole)
        }
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(Settings {
        timeout: Some(1.0),
        ..settings(address)
    })
    .unwrap();
    let recording = client.tasks().recording("t", "+6281230001111", folder.path().join("call.wav"));
    assert_eq!(recording.await.unwrap().bytes, 1000);
}

#[tokio::test]
async fn a_file_that_breaks_off_every_time_leaves_nothing() {
    let (address, _) = serve(|_| Reaction::WriteAndClose(audio(&[7; 1000])[..500].to_vec())).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("call.wav");
    std::fs::write(&path, "old").unwrap();
    let error = client(address).tasks().recording("t", "+6281230001111", &path).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::IncompleteDownload, 4));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(files_in(folder.path()), ["call.wav"]);
}

#[tokio::test]
async fn links_are_followed_without_the_token_and_named_harmlessly() {
    let (elsewhere, seen) = serve(|_| Reaction::Write(audio(b"RIFF"))).await;
    let links = format!(
        r#"{{"code":200,"data":{{"list":[{{"u":"http://{elsewhere}/a/..%2f..%2fetc%2fpasswd"}},"http://{elsewhere}/b/two.wav?sig=1"]}}}}"#
    );
    let (address, _) = serve(move |_| Reaction::Write(support::json(&links))).await;
    let folder = tempfile::tempdir().unwrap();
    let downloads = client(address).tasks().recordings("t", folder.path().join("new")).await.unwrap();
    assert_eq!(downloads.len(), 2);
    assert_eq!(files_in(&folder.path().join("new")), ["0001-2f..2fetc2fpasswd", "0002-two.wav"]);
    let seen = seen.lock().unwrap();
    assert!(
        seen.iter()
            .all(|request| !request.contains(support::TOKEN) && !request.to_ascii_lowercase().contains("authorization"))
    );
}

#[tokio::test]
async fn a_page_of_html_is_no_recording() {
    let (address, _) = serve(|_| Reaction::Write(answer("200 OK", "text/html", b"<html>Sign in</html>"))).await;
    let folder = tempfile::tempdir().unwrap();
    let error = client(address)
        .tasks()
        .recording("t", "+6281230001111", folder.path().join("x.wav"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(files_in(folder.path()).is_empty());
}

#[tokio::test]
async fn a_timeout_of_the_call_bounds_the_whole_download() {
    let (closed, _keep) = tokio::sync::mpsc::unbounded_channel();
    let first = AtomicUsize::new(0);
    let (elsewhere, _) = serve(move |_| {
        first.fetch_add(1, Ordering::SeqCst);
        Reaction::Hang(closed.clone())
    })
    .await;
    let (address, _) =
        serve(move |_| Reaction::Write(support::json(&format!(r#"{{"code":200,"data":"http://{elsewhere}/x.wav"}}"#)))).await;
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(Settings {
        read_timeout: Some(600.0),
        ..settings(address)
    })
    .unwrap();
    let error = client
        .tasks()
        .recording("t", "+6281230001111", folder.path().join("x.wav"))
        .timeout(0.3)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(files_in(folder.path()).is_empty());
}

const FULL_DISK: &str = "AIRUDDER_TEST_FULL_DISK";

/// Downloads into a disk of 64 kB, in a mount namespace of its own, where that disk is the child's alone.
#[test]
fn a_full_disk_is_an_error_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "mount -t tmpfs -o size=64k tmpfs '{0}' && exec \"$1\" --exact full_disk_child --nocapture",
        folder.path().display()
    );
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script, "sh"])
        .arg(std::env::current_exe().unwrap())
        .env(FULL_DISK, folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("the disk was full"), "{text}");
}

#[tokio::test]
async fn full_disk_child() {
    let Some(folder) = std::env::var_os(FULL_DISK) else {
        return;
    };
    let folder = Path::new(&folder);
    let (address, _) = serve(|_| Reaction::Write(audio(&vec![7; 1 << 20]))).await;
    let error = client(address)
        .tasks()
        .recording("t", "+6281230001111", folder.join("x.wav"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);
    assert!(error.to_string().contains("no storage space"), "{error}");
    assert!(files_in(folder).is_empty());
    println!("the disk was full");
}

#[tokio::test]
async fn a_download_is_not_asked_for_again_when_its_time_is_over() {
    let (address, log) = serve(|_| {
        let head = b"HTTP/1.1 200 OK\r\ncontent-type: audio/wav\r\ncontent-length: 100\r\n\r\nRIFF".to_vec();
        Reaction::WriteWaitAndClose(head, Duration::from_mins(1))
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let download = client(address)
        .tasks()
        .recording("t1", "+6281230001111", folder.path().join("call.wav"))
        .timeout(0.3);
    let error = download.await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    // What a second request would end with says that no answer came.
    assert!(error.message().contains("the download was not complete"), "{error}");
    let asked = log.lock().unwrap().iter().filter(|request| request.starts_with("GET ")).count();
    assert_eq!(asked, 1);
}

#[tokio::test]
async fn a_folder_that_does_not_exist_is_said_without_its_path() {
    let (address, _) = serve(|_| Reaction::Write(audio(&[7; 1000]))).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("canary/call.wav");
    let error = client(address).tasks().recording("t", "+6281230001111", path).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);
    assert!(error.to_string().contains("its folder does not exist; create it"), "{error}");
    assert!(!error.to_string().contains("canary"), "{error}");
}
