//! Calls over a transport without a network.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::VecDeque;
use std::future::IntoFuture as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use airudder::{
    CallOptions, Client, ErrorKind, Input, ListMessages, RawRequest, Settings, TasksListParams, Transport, TransportBody, TransportError,
    TransportErrorKind, TransportRequest, TransportResponse,
};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, StreamExt as _};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

/// What the network does with a request.
enum Step {
    Answer(u16, String),
    Redirect(&'static str),
    Fail(TransportErrorKind),
    /// Breaks off in the middle of the body.
    Break,
    /// Stops in the middle of the body.
    Stall,
    Panic,
    Hang,
    /// Answers, but blocks its thread for so long before.
    Block(Duration, String),
}

/// Plays its steps, one for each request, and logs the requests. Answers calls for a token itself, unless `plays_tokens` is set.
#[derive(Default)]
struct Network {
    steps: Mutex<VecDeque<Step>>,
    log: Mutex<Vec<String>>,
    plays_tokens: bool,
}

impl Network {
    fn new(steps: impl IntoIterator<Item = Step>) -> Arc<Self> {
        Arc::new(Self {
            steps: Mutex::new(steps.into_iter().collect()),
            ..Self::default()
        })
    }

    fn with_tokens(steps: impl IntoIterator<Item = Step>) -> Arc<Self> {
        Arc::new(Self {
            steps: Mutex::new(steps.into_iter().collect()),
            plays_tokens: true,
            ..Self::default()
        })
    }

    fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    fn client(self: &Arc<Self>) -> Client {
        let settings = Settings {
            base_url: Some("https://api.example".into()),
            app_key: Some("key".into()),
            app_secret: Some("canary-secret".into()),
            ..Settings::default()
        };
        Client::with_transport(settings, self.clone()).unwrap()
    }
}

impl Transport for Network {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        let TransportBody::Bytes(body) = request.body else {
            panic!("no upload")
        };
        let path = request.url.path();
        let is_token = path.ends_with("/auth");
        let line = format!("{} {path} {}", request.method, String::from_utf8_lossy(&body));
        self.log.lock().unwrap().push(line);
        let step = if is_token && !self.plays_tokens {
            Step::Answer(200, ok(&json!({"token": "t1"})))
        } else {
            self.steps.lock().unwrap().pop_front().unwrap()
        };
        async move {
            match step {
                Step::Answer(status, body) => {
                    let is_json = body.starts_with('{');
                    let mut response = TransportResponse::new(StatusCode::from_u16(status).unwrap(), body);
                    if is_json {
                        response
                            .headers
                            .insert("content-type", HeaderValue::from_static("application/json"));
                    }
                    Ok(response)
                }
                Step::Redirect(target) => {
                    let mut response = TransportResponse::new(StatusCode::TEMPORARY_REDIRECT, "");
                    response.headers.insert("location", HeaderValue::from_static(target));
                    Ok(response)
                }
                Step::Fail(kind) => Err(TransportError::new(kind, "at https://secret.example/?phone=6281230001111")),
                Step::Break => {
                    let mut response = TransportResponse::new(StatusCode::OK, "");
                    let chunks = [Ok("{\"code\"".into()), Err(TransportError::new(TransportErrorKind::Lost, "reset"))];
                    response.body = Box::pin(futures_util::stream::iter(chunks));
                    Ok(response)
                }
                Step::Stall => {
                    let mut response = TransportResponse::new(StatusCode::OK, "");
                    let start = futures_util::stream::iter([Ok("{\"code\"".into())]);
                    response.body = Box::pin(start.chain(futures_util::stream::pending()));
                    Ok(response)
                }
                Step::Panic => panic!("the transport has a defect"),
                Step::Hang => std::future::pending().await,
                Step::Block(time, body) => {
                    std::thread::sleep(time);
                    Ok(TransportResponse::new(StatusCode::OK, body))
                }
            }
        }
        .boxed()
    }
}

fn ok(data: &Value) -> String {
    json!({"code": 200, "status": "OK", "data": data}).to_string()
}

fn robots() -> Step {
    Step::Answer(200, ok(&json!({"List": [{"RobotID": 7}]})))
}

#[tokio::test]
async fn a_call_passes_through_the_transport() {
    let network = Network::new([robots()]);
    let robots = network.client().tasks().robots().await.unwrap();
    assert_eq!(robots.robots.len(), 1);
    assert_eq!(
        network.log(),
        [
            r#"POST /service/cloud/auth {"APPKey":"key","APPSecret":"canary-secret"}"#,
            "GET /service/cloud/robot ",
        ]
    );
}

#[tokio::test]
async fn a_request_that_never_left_is_sent_again_and_is_not_applied() {
    let network = Network::new([Step::Fail(TransportErrorKind::NotSent), Step::Answer(200, ok(&json!(null)))]);
    network.client().tasks().stop("t").await.unwrap();

    let network = Network::new([Step::Fail(TransportErrorKind::NotSent)]);
    let error = network.client().tasks().stop("t").max_retries(0).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::ConnectionFailed, false));
    let text = error.to_string();
    assert!(!text.contains("secret.example") && !text.contains("6281230001111"), "{text}");
}

/// Makes a phone ring, so it is never sent twice.
fn push() -> airudder::RawRequest {
    RawRequest {
        method: "POST".into(),
        path: "/push".into(),
        body: Some(json!({})),
        ..RawRequest::default()
    }
}

#[tokio::test]
async fn a_request_that_may_have_arrived_is_not_sent_again() {
    for (kind, expected) in [
        (TransportErrorKind::Lost, ErrorKind::ConnectionLost),
        (TransportErrorKind::TimedOut, ErrorKind::Timeout),
    ] {
        let network = Network::new([Step::Fail(kind)]);
        let error = network.client().raw(push()).await.unwrap_err();
        assert_eq!((error.kind(), error.may_have_been_applied()), (expected, true));
        assert_eq!((error.attempts(), network.log().len()), (1, 2));
    }
    let network = Network::new([Step::Break]);
    let error = network.client().raw(push()).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::ConnectionLost, true));
}

#[tokio::test]
async fn a_failing_server_is_asked_again() {
    let network = Network::new([Step::Answer(503, String::new()), Step::Fail(TransportErrorKind::Lost), robots()]);
    assert_eq!(network.client().tasks().robots().await.unwrap().robots.len(), 1);
    assert_eq!(network.log().len(), 4);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let network = Network::new([Step::Redirect("https://elsewhere.example/")]);
    let error = network.client().tasks().robots().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::InvalidResponse, Some(307)));
    assert_eq!(network.log().len(), 2);
}

#[tokio::test]
async fn damage_is_no_connection_failure() {
    let network = Network::new([Step::Fail(TransportErrorKind::Damaged)]);
    let error = network.client().tasks().robots().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
}

#[tokio::test]
async fn links_to_recordings_take_five_redirects() {
    let folder = tempfile::tempdir().unwrap();
    for (redirects, is_found) in [(5, true), (6, false)] {
        let link = Step::Answer(200, ok(&json!({"url": "https://files.example/a.wav"})));
        let steps = std::iter::once(link).chain((0..redirects).map(|_| Step::Redirect("/next")));
        let network = Network::new(steps.chain([Step::Answer(200, "RIFF".into())]));
        let path = folder.path().join("a.wav");
        let call = network.client().tasks().recording("t", "+6281230001111", &path).await;
        match call {
            Ok(download) => assert!(is_found && download.bytes == 4),
            Err(error) => assert!(!is_found && error.kind() == ErrorKind::IncompleteDownload, "{error}"),
        }
    }
}

#[tokio::test]
async fn raw_calls_take_any_json_and_none() {
    for (status, body, expected) in [
        (200, "[1,2]", json!([1, 2])),
        (200, "\"ok\"", json!("ok")),
        (200, "200", json!(200)),
        (200, "\u{feff}{\"a\":1}", json!({"a": 1})),
        (200, r#"{"code":0,"body":[1]}"#, json!([1])),
        (204, "", json!(null)),
    ] {
        let network = Network::new([Step::Answer(status, body.to_owned())]);
        let answer = network.client().raw(push()).await.unwrap();
        assert_eq!((answer.http_status, &answer.data), (i64::from(status), &expected), "{body}");
    }
    for body in ["[1,", "<html>", "{\"code\":200,\"data\":tru}", "{\"code\":1,\"body\":1}"] {
        let network = Network::new([Step::Answer(200, body.to_owned())]);
        let error = network.client().raw(push()).await.unwrap_err();
        assert!(error.may_have_been_applied(), "{error}");
    }
}

#[tokio::test]
async fn an_answer_that_is_no_json_somewhere_is_refused() {
    for body in [
        r#"{"code":200,"data":{"List":[tru]}}"#,
        r#"{"code":200,"data":{"List":[]},"x":tru}"#,
        r#"{"code":200,"data":{"List":[]}} x"#,
        r#"{"code":200,"data":{"List":[]},"body":tru}"#,
        r#"[200,"OK",null,null,{"List":[]}]"#,
        r#"{"data":{"List":[]}}"#,
    ] {
        let network = Network::new([Step::Answer(200, body.to_owned())]);
        let error = network.client().tasks().robots().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
    }
    let network = Network::new([Step::Answer(200, r#"{"code":200,"data":{"List":[],"x":tru}}"#.to_owned())]);
    let error = network.client().tasks().list_all(TasksListParams::new()).next().await.unwrap();
    assert_eq!(
        error.unwrap_err().kind(),
        ErrorKind::InvalidResponse,
        "an empty page is read as well"
    );
}

#[tokio::test]
async fn pages_are_found_in_every_spelling() {
    let page = |page: Value| Step::Answer(200, ok(&page));
    let network = Network::new([
        page(json!({"list": [{"TaskID": "1"}, {"TaskID": "2"}], "total": "3"})),
        page(json!({"LIST": [{"TaskID": "3"}], "To_tal": 3})),
    ]);
    let client = network.client();
    let mut tasks = client.tasks().list_all(TasksListParams::new());
    let mut ids = Vec::new();
    while let Some(task) = tasks.next().await {
        ids.push(task.unwrap().task_id.unwrap());
    }
    assert_eq!(ids, ["1", "2", "3"]);
    assert_eq!(network.log().len(), 3, "the total ends the list");
}

#[tokio::test]
async fn an_answer_that_is_not_read_by_the_deadline_is_a_timeout() {
    let body = ok(&json!({"TaskID": "t", "x": vec![0; 5000]}));
    let network = Network::new([Step::Block(Duration::from_millis(60), body)]);
    let error = network.client().tasks().stop("t").timeout(0.05).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::Timeout, true), "{error}");
    assert!(error.to_string().contains("its answer was not read"), "{error}");
}

#[tokio::test]
async fn an_answer_that_unfolds_too_far_is_refused() {
    let body = ok(&json!({"List": [], "x": vec![0; 500_000]}));
    let network = Network::new([Step::Answer(200, body)]);
    let settings = Settings {
        base_url: Some("http://127.0.0.1".into()),
        max_response_bytes: Some(2 << 20),
        ..Settings::default()
    };
    let client = Client::with_transport(settings, network).unwrap();
    let error = client.tasks().robots().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(error.to_string().contains("max_response_bytes"), "{error}");
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn token() -> Step {
    Step::Answer(200, ok(&json!({"token": "t1"})))
}

#[test]
fn a_fetch_whose_runtime_is_dropped_does_not_wedge_the_client() {
    let network = Network::with_tokens([Step::Hang, token(), robots()]);
    let client = network.client();
    let first = runtime();
    let call = async { tokio::time::timeout(Duration::from_millis(20), client.tasks().robots()).await };
    assert!(first.block_on(call).is_err());
    drop(first);
    let robots = runtime().block_on(async { client.tasks().robots().await });
    assert_eq!(robots.unwrap().robots.len(), 1);
}

#[test]
fn a_fetch_whose_runtime_is_dropped_meanwhile_is_repeated_by_those_who_wait() {
    let network = Network::with_tokens([Step::Hang, token(), robots()]);
    let client = network.client();
    let first = runtime();
    let call = async { tokio::time::timeout(Duration::from_millis(20), client.tasks().robots()).await };
    assert!(first.block_on(call).is_err());
    let waiting = std::thread::spawn(move || runtime().block_on(async { client.tasks().robots().await }));
    std::thread::sleep(Duration::from_millis(50));
    drop(first);
    assert_eq!(waiting.join().unwrap().unwrap().robots.len(), 1);
}

#[test]
fn a_fetch_on_a_runtime_that_stands_still_does_not_wedge_the_client() {
    let network = Network::with_tokens([Step::Hang, token(), robots()]);
    let settings = Settings {
        base_url: Some("https://api.example".into()),
        app_key: Some("key".into()),
        app_secret: Some("secret".into()),
        timeout: Some(0.05),
        ..Settings::default()
    };
    let client = Client::with_transport(settings, network.clone()).unwrap();
    let first = runtime();
    let call = async { tokio::time::timeout(Duration::from_millis(5), client.tasks().robots()).await };
    assert!(first.block_on(call).is_err());
    std::thread::sleep(Duration::from_millis(60));
    let robots = runtime().block_on(async { client.tasks().robots().timeout(10.0).await });
    assert_eq!(robots.unwrap().robots.len(), 1);
    drop(first);
}

#[tokio::test]
async fn a_fetch_that_panics_is_followed_by_calls_that_work() {
    let network = Network::with_tokens([Step::Panic, Step::Panic, token(), robots()]);
    let client = network.client();
    let error = client.tasks().robots().await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::Internal, false));
    assert_eq!(client.tasks().robots().await.unwrap().robots.len(), 1);
}

#[tokio::test]
async fn silence_ends_a_call_before_its_response_and_in_the_middle_of_it() {
    for step in [Step::Hang, Step::Stall] {
        let network = Network::new([step]);
        let settings = Settings {
            base_url: Some("https://api.example".into()),
            app_key: Some("key".into()),
            app_secret: Some("secret".into()),
            read_timeout: Some(0.1),
            ..Settings::default()
        };
        let client = Client::with_transport(settings, network.clone()).unwrap();
        let call = client.raw(push()).timeout(60.0);
        let error = tokio::time::timeout(Duration::from_secs(10), call.into_future())
            .await
            .unwrap()
            .unwrap_err();
        assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::Timeout, true));
        assert!(error.to_string().contains("`read_timeout`"), "{error}");
    }
}

#[tokio::test]
async fn the_first_page_of_a_list_that_follows_a_cursor_is_asked_for_again_with_its_whole_time() {
    let operation = airudder::OPERATIONS
        .iter()
        .find(|operation| operation.id == "chatbot.messages")
        .unwrap();
    let network = Network::new([Step::Hang, Step::Answer(200, ok(&json!({"messages": [{"message_id": "m1"}]})))]);
    let settings = Settings {
        base_url: Some("https://api.example".into()),
        app_key: Some("key".into()),
        app_secret: Some("secret".into()),
        sign_key: Some("0".repeat(32)),
        sign_secret: Some("secret".into()),
        ..Settings::default()
    };
    let options = CallOptions {
        timeout: Some(0.2),
        max_retries: Some(0),
        ..CallOptions::default()
    };
    let client = Client::with_transport(settings, network).unwrap();
    let mut pager = client.pager(operation, Input::typed(ListMessages::new("c1")), options);
    assert_eq!(pager.next_page().await.err().unwrap().kind(), ErrorKind::Timeout);
    assert!(pager.next_page().await.unwrap().is_some());
}
