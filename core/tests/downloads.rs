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
    assert_eq!(files_in(&folder.path().join("new")), ["t-0001-2f..2fetc2fpasswd", "t-0002-two.wav"]);
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

const BODY: usize = 20 << 20;

fn body() -> Vec<u8> {
    (0..BODY).map(|index| u8::try_from(index % 251).unwrap()).collect()
}

fn tagged(status: &str, headers: &str, bytes: &[u8], length: usize) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: audio/wav\r\ncontent-length: {length}\r\netag: \"v1\"\r\n{headers}\r\n");
    [head.as_bytes(), bytes].concat()
}

/// The value of a header of a request.
fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    request.lines().find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// The answer to a request for the rest of the file.
fn rest(request: &str) -> Option<Vec<u8>> {
    let first: usize = header(request, "range")?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()?;
    let range = format!("content-range: bytes {first}-{}/{BODY}\r\n", BODY - 1);
    Some(tagged("206 Partial Content", &range, body().get(first..)?, BODY - first))
}

/// A server whose answer is a link to another server.
async fn linked<F: Fn(&str) -> Reaction + Send + Sync + 'static>(play: F) -> (std::net::SocketAddr, support::Log) {
    let (elsewhere, seen) = serve(play).await;
    let answer = support::json(&format!(r#"{{"code":200,"data":"http://{elsewhere}/a/x.wav?sig=secret"}}"#));
    (serve(move |_| Reaction::Write(answer.clone())).await.0, seen)
}

#[tokio::test]
async fn a_broken_link_continues_where_it_broke() {
    let (address, seen) = linked(|request| match rest(request) {
        Some(rest) => Reaction::Write(rest),
        None => Reaction::WriteAndClose(tagged("200 OK", "", &body()[..BODY / 2], BODY)),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.wav");
    let download = client(address).tasks().recording("t", "+6281230001111", &path).await.unwrap();
    assert_eq!(download.bytes, BODY as u64);
    assert!(std::fs::read(&path).unwrap() == body());
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 2);
    assert_eq!(header(&seen[1], "range"), Some(format!("bytes={}-", BODY / 2).as_str()));
    assert_eq!(header(&seen[1], "if-range"), Some("\"v1\""));
    assert_eq!(files_in(folder.path()), ["x.wav"]);
}

#[tokio::test]
async fn links_are_followed_as_often_as_max_retries_says_and_wait_between() {
    for max_retries in [0, 2] {
        let (address, seen) = linked(|_| Reaction::WriteAndClose(tagged("200 OK", "", &[7; 10], 1000))).await;
        let folder = tempfile::tempdir().unwrap();
        let started = std::time::Instant::now();
        let recording = client(address)
            .tasks()
            .recording("t", "+6281230001111", folder.path().join("x.wav"));
        let error = recording.max_retries(max_retries).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::IncompleteDownload, max_retries + 1));
        assert_eq!(u32::try_from(seen.lock().unwrap().len()).unwrap(), max_retries + 1);
        // At least half of 0.5 s and of 1 s.
        assert!(max_retries == 0 || started.elapsed() >= Duration::from_millis(750));
        assert!(files_in(folder.path()).is_empty());
    }
}

#[tokio::test]
async fn a_links_server_says_how_long_to_wait() {
    for (status, after, requests) in [
        ("429 Too Many Requests", 1, 2),
        ("503 Service Unavailable", 1, 2),
        ("503 Service Unavailable", 3600, 1),
    ] {
        let tries = AtomicUsize::new(0);
        let (address, seen) = linked(move |_| match tries.fetch_add(1, Ordering::SeqCst) {
            0 => Reaction::Write(format!("HTTP/1.1 {status}\r\nretry-after: {after}\r\ncontent-length: 0\r\n\r\n").into_bytes()),
            _ => Reaction::Write(audio(b"RIFF")),
        })
        .await;
        let folder = tempfile::tempdir().unwrap();
        let started = std::time::Instant::now();
        let outcome = client(address)
            .tasks()
            .recording("t", "+6281230001111", folder.path().join("x.wav"))
            .await;
        assert_eq!((outcome.is_ok(), seen.lock().unwrap().len()), (requests == 2, requests));
        match outcome {
            Ok(_) => assert!(started.elapsed() >= Duration::from_secs(1)),
            Err(error) => assert_eq!(
                error.retry_after(),
                Some(Duration::from_hours(1)),
                "an hour is longer than a call may take"
            ),
        }
    }
}

#[tokio::test]
async fn redirects_are_relative_to_their_own_address_and_show_nothing_of_it() {
    let (last, seen_last) = serve(|_| Reaction::Write(audio(b"RIFF"))).await;
    let (first, seen_first) = serve(move |request| {
        let location = if request.starts_with("GET /a/b/one") {
            "../two.wav?x=1".to_owned()
        } else {
            format!("http://{last}/three.wav")
        };
        Reaction::Write(format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n").into_bytes())
    })
    .await;
    // The call itself is redirected, first relative to its own path.
    let (address, _) = serve(move |_| {
        Reaction::Write(format!("HTTP/1.1 302 Found\r\nlocation: http://{first}/a/b/one\r\ncontent-length: 0\r\n\r\n").into_bytes())
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let recording = client(address)
        .tasks()
        .recording("t", "+6281230001111", folder.path().join("x.wav"));
    assert_eq!(recording.await.unwrap().bytes, 4);
    let (first, last) = (seen_first.lock().unwrap(), seen_last.lock().unwrap());
    assert!(first[1].starts_with("GET /a/two.wav?x=1 ") && last[0].starts_with("GET /three.wav "));
    for request in first.iter().chain(last.iter()) {
        let lower = request.to_ascii_lowercase();
        for name in ["referer", "authorization", "x-airudder", "cookie", "is-encrypted"] {
            assert!(!lower.contains(name), "{name} reached another host");
        }
        assert!(!request.contains(support::TOKEN));
    }
}

#[tokio::test]
async fn a_location_is_relative_to_the_path_of_the_call() {
    let (address, seen) = serve(|request| {
        Reaction::Write(if request.contains("/files/") {
            audio(b"RIFF")
        } else {
            b"HTTP/1.1 302 Found\r\nlocation: files/x.wav\r\ncontent-length: 0\r\n\r\n".to_vec()
        })
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let recording = client(address)
        .tasks()
        .recording("t", "+6281230001111", folder.path().join("x.wav"));
    assert_eq!(recording.await.unwrap().bytes, 4);
    let seen = seen.lock().unwrap();
    let last = seen.last().unwrap();
    assert!(last.starts_with("GET /service/cloud/files/x.wav "), "{last}");
    assert!(header(last, "authorization").is_none());
}

#[tokio::test]
async fn two_downloads_of_one_target_do_not_mix() {
    let (address, _) = serve(|request| {
        let byte = if request.contains("TaskID=one") { 1 } else { 2 };
        Reaction::Write(audio(&vec![byte; 1 << 20]))
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.wav");
    let client = client(address);
    let downloads = (0..16).map(|index| {
        client
            .tasks()
            .recording(if index % 2 == 0 { "one" } else { "two" }, "+6281230001111", &path)
    });
    let downloads = futures_util::future::join_all(downloads.map(std::future::IntoFuture::into_future)).await;
    assert!(downloads.iter().all(|download| download.as_ref().unwrap().bytes == 1 << 20));
    let bytes = std::fs::read(&path).unwrap();
    assert!(bytes.len() == 1 << 20 && bytes.iter().all(|byte| *byte == bytes[0]));
    assert_eq!(files_in(folder.path()), ["x.wav"]);
}

#[tokio::test]
async fn calls_of_one_folder_keep_to_their_own_files() {
    let (address, _) = serve(|request| {
        let byte = if request.contains("TaskID=one") { b"1" } else { b"2" };
        Reaction::Write(answer("200 OK", "application/zip", byte))
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let client = client(address);
    for task in ["one", "two", "one", "../two"] {
        client.tasks().recordings(task, folder.path()).await.unwrap();
    }
    // An id that is no name of a file is told apart by its hash.
    client
        .plans()
        .number_recordings("plan", "+6281230001111", folder.path())
        .await
        .unwrap();
    client
        .plans()
        .number_recordings("plan", "+6281230002222", folder.path())
        .await
        .unwrap();
    let files = files_in(folder.path());
    assert_eq!(files.len(), 5, "{files:?}");
    assert!(
        files.iter().all(|name| !name.contains("62812")),
        "a name shows no number: {files:?}"
    );
    assert_eq!(std::fs::read(folder.path().join("one-recordings.zip")).unwrap(), b"1");
    assert_eq!(std::fs::read(folder.path().join("two-recordings.zip")).unwrap(), b"2");
}

const KILLED: &str = "AIRUDDER_TEST_KILLED";

/// Starts a download in a process of its own, and kills it in the middle of the body.
fn kill_in_the_middle(address: std::net::SocketAddr, path: &Path) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed_child", "--nocapture"])
        .env(KILLED, format!("{address}|{}", path.display()))
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let folder = path.parent().unwrap();
    let started = std::time::Instant::now();
    loop {
        let bytes = files_in(folder)
            .iter()
            .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "part"))
            .filter_map(|name| folder.join(name).metadata().ok())
            .map(|metadata| metadata.len())
            .max();
        if bytes >= Some(BODY as u64 / 2) {
            break;
        }
        assert!(started.elapsed() < Duration::from_mins(1), "nothing was downloaded");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
async fn killed_child() {
    let Ok(given) = std::env::var(KILLED) else { return };
    let (address, path) = given.split_once('|').unwrap();
    client(address.parse().unwrap())
        .tasks()
        .recording("t", "+6281230001111", path)
        .await
        .unwrap();
}

/// Serves half of the file and then nothing, until it is asked for the rest.
fn half_then(
    rest: impl Fn(&str) -> Option<Vec<u8>> + Send + Sync + 'static,
    tag: bool,
) -> impl Fn(&str) -> Reaction + Send + Sync + 'static {
    let tries = AtomicUsize::new(0);
    move |request| {
        let number = tries.fetch_add(1, Ordering::SeqCst);
        if let Some(rest) = rest(request) {
            return Reaction::Write(rest);
        }
        let whole = if tag { tagged("200 OK", "", &body(), BODY) } else { audio(&body()) };
        match number {
            0 => Reaction::WriteWaitAndClose(whole[..whole.len() - BODY / 2 + 1000].to_vec(), Duration::from_mins(1)),
            _ => Reaction::Write(whole),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_download_of_a_killed_process_is_resumed() {
    let (address, seen) = linked(half_then(rest, true)).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.wav");
    let target = path.clone();
    tokio::task::spawn_blocking(move || kill_in_the_middle(address, &target))
        .await
        .unwrap();
    let left = files_in(folder.path());
    assert!(
        left.len() == 2 && left[0].ends_with("-0.json") && left[1].ends_with("-0.part"),
        "{left:?}"
    );
    let record = std::fs::read_to_string(folder.path().join(&left[0])).unwrap();
    assert!(
        !record.contains("http") && !record.contains("secret") && !record.contains("62812"),
        "{record}"
    );

    let download = client(address).tasks().recording("t", "+6281230001111", &path).await.unwrap();
    assert_eq!(download.bytes, BODY as u64);
    assert!(std::fs::read(&path).unwrap() == body());
    assert_eq!(files_in(folder.path()), ["x.wav"]);
    let seen = seen.lock().unwrap();
    let range = header(seen.last().unwrap(), "range").unwrap();
    let first: usize = range.strip_prefix("bytes=").unwrap().strip_suffix('-').unwrap().parse().unwrap();
    assert!((4 << 20..=BODY / 2 + 1000).contains(&first), "{range}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leftover_of_another_call_or_without_a_validator_is_replaced() {
    for (tag, task) in [(false, "t"), (true, "other")] {
        let (address, seen) = linked(half_then(|_| None, tag)).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.wav");
        let target = path.clone();
        tokio::task::spawn_blocking(move || kill_in_the_middle(address, &target))
            .await
            .unwrap();
        assert_eq!(files_in(folder.path()).len(), 2);
        client(address).tasks().recording(task, "+6281230001111", &path).await.unwrap();
        assert!(std::fs::read(&path).unwrap() == body());
        assert_eq!(files_in(folder.path()), ["x.wav"]);
        assert_eq!(header(seen.lock().unwrap().last().unwrap(), "range"), None);
    }
}

#[tokio::test]
async fn old_leftovers_in_a_folder_are_removed() {
    let (address, _) = serve(|_| Reaction::Write(answer("200 OK", "application/zip", b"PK"))).await;
    let folder = tempfile::tempdir().unwrap();
    for (name, days) in [("old", 2), ("new", 0)] {
        for ending in ["json", "part"] {
            let file = std::fs::File::create(folder.path().join(format!(".airudder-{name}-0.{ending}"))).unwrap();
            file.set_modified(std::time::SystemTime::now() - Duration::from_hours(24 * days))
                .unwrap();
        }
    }
    client(address).tasks().recordings("t", folder.path()).await.unwrap();
    assert_eq!(
        files_in(folder.path()),
        [".airudder-new-0.json", ".airudder-new-0.part", "t-recordings.zip"]
    );
}

#[cfg(unix)]
const UMASK: &str = "AIRUDDER_TEST_UMASK";

/// The umask belongs to a whole process, so each one is tried in a child.
#[cfg(unix)]
#[test]
fn modes_follow_the_umask_and_replaced_files_keep_theirs() {
    for umask in ["022", "077", "027"] {
        let output = Command::new("sh")
            .args(["-c", "umask \"$1\" && exec \"$2\" --exact umask_child --nocapture", "sh", umask])
            .arg(std::env::current_exe().unwrap())
            .env(UMASK, umask)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && text.contains("the modes are right"), "{text}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn umask_child() {
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(umask) = std::env::var(UMASK) else { return };
    let umask = u32::from_str_radix(&umask, 8).unwrap();
    let (address, _) = serve(|_| Reaction::Write(audio(b"RIFF"))).await;
    let folder = tempfile::tempdir().unwrap();
    for (name, mode) in [
        ("new", None),
        ("public", Some(0o666)),
        ("private", Some(0o600)),
        ("read-only", Some(0o440)),
    ] {
        let path = folder.path().join(name);
        if let Some(mode) = mode {
            std::fs::write(&path, "old").unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        }
        client(address).tasks().recording("t", "+6281230001111", &path).await.unwrap();
        let seen = path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(seen, mode.unwrap_or(0o666 & !umask), "{name}: {seen:o}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "RIFF");
    }
    println!("the modes are right");
}
