//! The token's life against a real server.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::http::{HeaderMap, Uri};
use secrecy::ExposeSecret as _;

use super::*;
use crate::{Client, Settings};

/// A server whose tokens are `t1`, `t2`, ... and which refuses the ones that `refused` names.
#[derive(Default)]
struct Server {
    tokens: AtomicUsize,
    calls: AtomicUsize,
    refuse_up_to: AtomicUsize,
    refuse_credentials: bool,
}

impl Server {
    fn answer(&self, uri: &Uri, headers: &HeaderMap) -> String {
        if uri.path().ends_with("/auth") {
            let number = self.tokens.fetch_add(1, Ordering::SeqCst) + 1;
            return if self.refuse_credentials {
                r#"{"code":401,"status":"Unauthorized"}"#.to_owned()
            } else {
                format!(r#"{{"code":200,"status":"OK","data":{{"token":"t{number}"}}}}"#)
            };
        }
        self.calls.fetch_add(1, Ordering::SeqCst);
        let number: usize = headers["authorization"]
            .to_str()
            .unwrap()
            .strip_prefix("Token t")
            .unwrap()
            .parse()
            .unwrap();
        if number <= self.refuse_up_to.load(Ordering::SeqCst) {
            r#"{"code":401,"status":"Unauthorized"}"#.to_owned()
        } else {
            format!(r#"{{"code":200,"status":"OK","data":{{"seen":{number}}}}}"#)
        }
    }

    fn tokens(&self) -> usize {
        self.tokens.load(Ordering::SeqCst)
    }
}

async fn start(server: Server) -> (Arc<Server>, Client) {
    start_with(server, LIFETIME, RENEWAL).await
}

async fn start_with(server: Server, lifetime: Duration, renewal: Duration) -> (Arc<Server>, Client) {
    let server = Arc::new(server);
    let shared = server.clone();
    let router = Router::new().fallback(move |uri: Uri, headers: HeaderMap| async move {
        tokio::task::yield_now().await;
        shared.answer(&uri, &headers)
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = Settings {
        base_url: Some(format!("http://{}", listener.local_addr().unwrap())),
        ..Settings::default()
    };
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut client = Client::new(settings).unwrap();
    let tokens = Arc::get_mut(&mut client.session_mut().tokens.0).unwrap();
    (tokens.lifetime, tokens.renewal) = (lifetime, renewal);
    (server, client)
}

async fn seen(client: &Client) -> i64 {
    let robots = client.tasks().robots().await.unwrap();
    robots.extra.get("seen").unwrap().as_i64().unwrap()
}

fn together<T: Send + 'static>(
    client: &Client,
    how_many: usize,
    call: impl Fn(Client) -> BoxFuture<'static, T>,
) -> Vec<tokio::task::JoinHandle<T>> {
    (0..how_many).map(|_| tokio::spawn(call(client.clone()))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn all_who_wait_share_one_request_for_a_token() {
    let (server, client) = start(Server::default()).await;
    for call in together(&client, 100, |client| async move { seen(&client).await }.boxed()) {
        assert_eq!(call.await.unwrap(), 1);
    }
    assert_eq!(server.tokens(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_who_wait_share_one_refusal() {
    let (server, client) = start(Server {
        refuse_credentials: true,
        ..Server::default()
    })
    .await;
    let fetch = {
        let tokens = &client.session().tokens;
        tokens.start_fetch(&mut tokens.state())
    };
    for call in together(&client, 50, move |_| fetch.outcome.clone().boxed()) {
        assert_eq!(call.await.unwrap().unwrap().err().unwrap().kind(), ErrorKind::Authentication);
    }
    assert_eq!(server.tokens(), 1, "a wrong key is not tried fifty times");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_is_renewed_once_for_all() {
    let (server, client) = start(Server::default()).await;
    assert_eq!(seen(&client).await, 1);
    server.refuse_up_to.store(1, Ordering::SeqCst);
    for call in together(&client, 50, |client| async move { seen(&client).await }.boxed()) {
        assert_eq!(call.await.unwrap(), 2);
    }
    assert_eq!(server.tokens(), 2);
}

#[tokio::test]
async fn a_new_token_that_is_refused_too_is_an_error() {
    let (server, client) = start(Server::default()).await;
    server.refuse_up_to.store(1000, Ordering::SeqCst);
    let error = client.tasks().robots().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert_eq!(error.attempts(), 2);
    assert_eq!(server.tokens(), 2);
}

#[tokio::test]
async fn only_the_token_that_was_refused_is_dropped() {
    let (_, client) = start(Server::default()).await;
    let tokens = &client.session().tokens;
    let old = tokens.get().await.unwrap();
    tokens.refused(&old.authorization().unwrap());
    let new = tokens.get().await.unwrap();
    tokens.refused(&old.authorization().unwrap());
    assert!(Arc::ptr_eq(&tokens.get().await.unwrap().value, &new.value));
}

#[tokio::test]
async fn an_early_renewal_happens_behind_the_callers_back() {
    let (server, client) = start_with(Server::default(), LIFETIME, Duration::ZERO).await;
    assert_eq!(seen(&client).await, 1);
    assert_eq!(seen(&client).await, 1, "the old token serves while the new one is fetched");
    while server.tokens() < 2 || client.session().tokens.state().fetch.is_some() {
        tokio::task::yield_now().await;
    }
    assert!(seen(&client).await >= 2);
}

#[tokio::test]
async fn an_early_renewal_that_fails_is_no_error() {
    let (server, client) = start_with(
        Server {
            refuse_credentials: true,
            ..Server::default()
        },
        LIFETIME,
        Duration::ZERO,
    )
    .await;
    let valid = Token::new("t7".to_owned(), Instant::now());
    client.session().tokens.state().current = Some(valid);
    assert_eq!(seen(&client).await, 7);
    while server.tokens() < 1 || client.session().tokens.state().fetch.is_some() {
        tokio::task::yield_now().await;
    }
    assert_eq!(seen(&client).await, 7);
    assert_eq!(server.tokens(), 1, "it is not tried again at once");
}

#[tokio::test]
async fn a_caller_who_gives_up_does_not_end_it_for_the_others() {
    let (server, client) = start(Server::default()).await;
    assert!(client.session().tokens.get().now_or_never().is_none());
    let token = client.session().tokens.get().await.unwrap();
    assert_eq!(token.value.expose_secret(), "t1");
    assert_eq!(server.tokens(), 1);
}
