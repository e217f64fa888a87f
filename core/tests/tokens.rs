//! The life of a token: shared by all calls, renewed ahead of its end, and replaced when it is refused.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use airudder::{Client, Error, ErrorKind, Settings};
use futures_util::FutureExt as _;
use futures_util::future::join_all;
use serde_json::json;
use support::{Sent, in_memory_with, ok};
use tokio::time::advance;

const REFUSED: &str = r#"{"code":401,"status":"Unauthorized"}"#;

/// A server whose tokens are `t1`, `t2` and so on. A call is answered with the number of its token.
#[derive(Default)]
struct Server {
    tokens: AtomicUsize,
    refused_tokens: AtomicUsize,
    refuses_credentials: AtomicBool,
}

impl Server {
    fn answer(&self, sent: &Sent) -> String {
        if sent.is_for_token() {
            let number = self.tokens.fetch_add(1, Ordering::SeqCst) + 1;
            if self.refuses_credentials.load(Ordering::SeqCst) {
                return REFUSED.to_owned();
            }
            return ok(json!({"token": format!("t{number}")}));
        }
        let number = sent.header("authorization").and_then(|token| token.strip_prefix("Token t"));
        let number: usize = number.unwrap().parse().unwrap();
        if number <= self.refused_tokens.load(Ordering::SeqCst) {
            REFUSED.to_owned()
        } else {
            ok(json!({"seen": number}))
        }
    }

    fn tokens(&self) -> usize {
        self.tokens.load(Ordering::SeqCst)
    }

    fn refuse_credentials(&self) {
        self.refuses_credentials.store(true, Ordering::SeqCst);
    }

    fn refuse_tokens_up_to(&self, number: usize) {
        self.refused_tokens.store(number, Ordering::SeqCst);
    }
}

fn start() -> (Arc<Server>, Client) {
    let server = Arc::new(Server::default());
    let shared = server.clone();
    let (client, _) = in_memory_with(Settings::default(), move |sent, _| (200, shared.answer(sent)));
    (server, client)
}

/// Makes a call, and returns the number of its token.
async fn call(client: &Client) -> Result<i64, Error> {
    let robots = client.tasks().robots().await?;
    Ok(robots.extra.get("seen").unwrap().as_i64().unwrap())
}

async fn seen(client: &Client) -> i64 {
    call(client).await.unwrap()
}

/// Lets what goes on in the background come to its end.
async fn settle() {
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
}

const fn hours(hours: u64) -> Duration {
    Duration::from_secs(hours * 3600)
}

#[tokio::test]
async fn all_calls_share_one_request_for_a_token() {
    let (server, client) = start();
    assert_eq!(join_all((0..100).map(|_| seen(&client))).await, [1; 100]);
    assert_eq!(server.tokens(), 1);
}

#[tokio::test]
async fn all_calls_share_one_refusal() {
    let (server, client) = start();
    server.refuse_credentials();
    for outcome in join_all((0..50).map(|_| call(&client))).await {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Authentication);
    }
    assert_eq!(server.tokens(), 1, "a wrong key is not tried fifty times");
}

/// The calls are refused at different times, some of them when the new token is already there.
#[tokio::test]
async fn a_revoked_token_is_renewed_once_for_all() {
    let (server, client) = start();
    assert_eq!(seen(&client).await, 1);
    server.refuse_tokens_up_to(1);
    assert_eq!(join_all((0..50).map(|_| seen(&client))).await, [2; 50]);
    assert_eq!(server.tokens(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_new_token_that_is_refused_too_is_an_error() {
    let (server, client) = start();
    server.refuse_tokens_up_to(1000);
    let error = call(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Authentication, 9));
    assert_eq!(
        server.tokens(),
        9,
        "another process may have ended a new token, but not each of them"
    );
}

/// Then it is not the token that is refused.
#[tokio::test]
async fn a_token_that_is_given_again_is_not_sent_again() {
    let (client, log) = in_memory_with(Settings::default(), |sent, _| {
        let is_for_token = sent.is_for_token();
        (
            200,
            if is_for_token {
                ok(json!({"token": "always this"}))
            } else {
                REFUSED.to_owned()
            },
        )
    });
    for expected in [2, 1] {
        let error = client.tasks().robots().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Authentication, expected));
    }
    assert_eq!(log.lock().unwrap().iter().filter(|sent| sent.is_for_token()).count(), 2);
}

#[tokio::test]
async fn an_authorization_of_the_callers_own_leaves_the_token_alone() {
    let (server, client) = start();
    assert_eq!(seen(&client).await, 1);
    server.refuse_tokens_up_to(0);
    let own = || client.tasks().robots().extra_header("authorization", "Token t9");
    own().await.unwrap();
    let (refusing, log) = in_memory_with(Settings::default(), |_, _| (401, REFUSED.to_owned()));
    let error = refusing
        .tasks()
        .robots()
        .extra_header("Authorization", "Token mine")
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Authentication, 1));
    assert_eq!(log.lock().unwrap().len(), 1, "no token is fetched");
    assert_eq!(seen(&client).await, 1);
    assert_eq!(server.tokens(), 1);
}

/// The calls of one account in several processes, as far as AI Rudder keeps one valid token at a time.
#[tokio::test(start_paused = true)]
async fn processes_that_end_each_others_tokens_all_get_through() {
    let valid = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let valid = valid.clone();
            let (client, _) = in_memory_with(Settings::default(), move |sent, _| {
                if sent.is_for_token() {
                    return (200, ok(json!({"token": format!("t{}", valid.fetch_add(1, Ordering::SeqCst) + 1)})));
                }
                let expected = format!("Token t{}", valid.load(Ordering::SeqCst));
                let is_valid = sent.header("authorization") == Some(expected.as_str());
                (200, if is_valid { ok(json!({"seen": 1})) } else { REFUSED.to_owned() })
            });
            client
        })
        .collect();
    let outcomes = join_all((0..400).map(|index| call(&clients[index % 4]))).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_err()).count(), 0);
}

/// Answers with a status while a token is asked for.
fn without_tokens(status: u16, times: usize) -> (Client, support::SentLog) {
    let left = AtomicUsize::new(times);
    in_memory_with(Settings::default(), move |sent, _| {
        let fails = sent.is_for_token()
            && left
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
                .is_ok();
        match (fails, sent.is_for_token()) {
            (true, _) => (status, String::new()),
            (false, true) => (200, ok(json!({"token": "t1"}))),
            (false, false) => (200, ok(json!({"seen": 1}))),
        }
    })
}

#[tokio::test(start_paused = true)]
async fn a_failed_fetch_is_told_as_one_and_keeps_to_the_calls_limits() {
    for (retries, tries) in [(0, 1), (2, 3)] {
        let (client, log) = without_tokens(503, 10);
        let error = client.tasks().stop("t").max_retries(retries).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Server, Some("tasks.stop")));
        assert_eq!(
            (error.attempts(), error.may_have_been_applied(), error.retryable()),
            (0, false, true)
        );
        let text = error.to_string();
        assert!(text.starts_with("tasks.stop: while fetching a token: "), "{text}");
        assert!(
            text.contains("The call itself was not carried out") && !text.contains("took effect"),
            "{text}"
        );
        assert_eq!(log.lock().unwrap().len(), tries, "{text}");
    }
    let (client, _) = without_tokens(503, 3);
    client.tasks().stop("t").await.unwrap();
    let (client, _) = without_tokens(403, 1);
    let text = client.tasks().stop("t").await.unwrap_err().to_string();
    assert!(text.contains("while fetching a token") && text.contains("HTTP 403"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn an_old_token_serves_while_a_new_one_is_fetched() {
    let (server, client) = start();
    assert_eq!(seen(&client).await, 1);
    advance(hours(20)).await;
    assert_eq!(join_all((0..50).map(|_| seen(&client))).await, [1; 50]);
    settle().await;
    assert_eq!(seen(&client).await, 2);
    assert_eq!(server.tokens(), 2);
    advance(hours(24)).await;
    assert_eq!(seen(&client).await, 3, "a token that is over is not used");
}

#[tokio::test(start_paused = true)]
async fn an_early_renewal_that_fails_is_no_error() {
    let (server, client) = start();
    assert_eq!(seen(&client).await, 1);
    server.refuse_credentials();
    advance(hours(20)).await;
    for _ in 0..2 {
        assert_eq!(seen(&client).await, 1);
        settle().await;
        assert_eq!(server.tokens(), 2, "it is not tried again at once");
    }
    advance(Duration::from_secs(61)).await;
    assert_eq!(seen(&client).await, 1);
    settle().await;
    assert_eq!(server.tokens(), 3);
    advance(hours(4)).await;
    assert_eq!(call(&client).await.unwrap_err().kind(), ErrorKind::Authentication);
}

#[tokio::test]
async fn a_dropped_call_does_not_end_the_fetch_for_the_others() {
    let (server, client) = start();
    assert!(call(&client).now_or_never().is_none());
    assert_eq!(seen(&client).await, 1);
    assert_eq!(server.tokens(), 1);
}
