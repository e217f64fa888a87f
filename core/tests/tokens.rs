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

#[tokio::test]
async fn a_new_token_that_is_refused_too_is_an_error() {
    let (server, client) = start();
    server.refuse_tokens_up_to(1000);
    let error = call(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Authentication, 2));
    assert_eq!(server.tokens(), 2);
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
