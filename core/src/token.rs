//! The authorization token: fetched once for all who wait, kept while it is valid, renewed ahead of its end.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use http::HeaderValue;
use secrecy::SecretString;
use tokio::time::Instant;
use tracing::debug;

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::generated::models::auth as models;
use crate::generated::operations::AUTH_TOKEN;
use crate::http::build::{Route, build, secret_header};
use crate::http::quoted::Sent;
use crate::http::receive::{Answer, Expect};
use crate::http::send::{Limits, send};
use crate::model::{Budget, Wire, read_typed, utf8};
use crate::options::CallOptions;

/// How long a token lives, as AI Rudder documents.
const LIFETIME: Duration = Duration::from_hours(24);
/// The age at which a token is renewed in the background while it still serves.
const RENEWAL: Duration = Duration::from_hours(20);
/// How long to wait after a renewal that failed.
const RENEWAL_PAUSE: Duration = Duration::from_mins(1);

/// A token, and when it was got.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) value: Arc<SecretString>,
    /// The header that shows it; none when it cannot stand in one.
    pub(crate) header: Option<HeaderValue>,
    got: Instant,
}

impl Token {
    fn new(value: String, got: Instant) -> Self {
        Self {
            header: secret_header(&format!("Token {value}")).ok(),
            value: Arc::new(value.into()),
            got,
        }
    }
}

/// A request for a token that everybody who needs one waits for.
type Flight = Shared<BoxFuture<'static, Result<Token, Error>>>;

pub(crate) struct Tokens {
    state: Mutex<State>,
    lifetime: Duration,
    renewal: Duration,
}

impl Default for Tokens {
    fn default() -> Self {
        Self::with_times(LIFETIME, RENEWAL)
    }
}

#[derive(Default)]
struct State {
    current: Option<Token>,
    flight: Option<Flight>,
    /// Not before this time is an early renewal tried again.
    renewal: Option<Instant>,
}

impl Tokens {
    /// Tokens that live for `lifetime` and are renewed from the age of `renewal` on.
    fn with_times(lifetime: Duration, renewal: Duration) -> Self {
        Self {
            state: Mutex::default(),
            lifetime,
            renewal,
        }
    }

    /// The valid token that is at hand, if one is.
    pub(crate) fn at_hand(&self, client: &Client) -> Option<Token> {
        self.look(&mut self.state(), client)
    }

    fn look(&self, state: &mut State, client: &Client) -> Option<Token> {
        let age = state.current.as_ref()?.got.elapsed();
        if age >= self.lifetime {
            return None;
        }
        if age >= self.renewal && state.flight.is_none() && state.renewal.is_none_or(|then| Instant::now() >= then) {
            state.flight = Some(take_off(client));
        }
        state.current.clone()
    }

    /// A valid token.
    pub(crate) async fn get(&self, client: &Client) -> Result<Token, Error> {
        let flight = {
            let mut state = self.state();
            if let Some(token) = self.look(&mut state, client) {
                return Ok(token);
            }
            state.flight.get_or_insert_with(|| take_off(client)).clone()
        };
        flight.await
    }

    /// Forgets a token that was refused; one that was got since stays.
    pub(crate) fn drop_token(&self, refused: &Token) {
        let mut state = self.state();
        if state
            .current
            .as_ref()
            .is_some_and(|current| Arc::ptr_eq(&current.value, &refused.value))
        {
            state.current = None;
        }
    }

    fn land(&self, outcome: &Result<Token, Error>) {
        let mut state = self.state();
        state.flight = None;
        match outcome {
            Ok(token) => {
                state.current = Some(token.clone());
                state.renewal = None;
            }
            Err(error) => {
                debug!(kind = error.kind().code(), "no token");
                state.renewal = Some(Instant::now() + RENEWAL_PAUSE);
            }
        }
    }

    /// Nothing that holds the lock can panic half-way through a change, so a poisoned state is a whole one.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts a request for a token. It goes on by itself, so that a caller who gives up does not end it for the others.
fn take_off(client: &Client) -> Flight {
    let client = client.clone();
    let flight = async move {
        let outcome = fetch(&client).await;
        client.inner.tokens.land(&outcome);
        outcome
    }
    .boxed()
    .shared();
    tokio::spawn(flight.clone());
    flight
}

async fn fetch(client: &Client) -> Result<Token, Error> {
    let config = &client.inner.config;
    let route = Route::of(&AUTH_TOKEN, config);
    let options = CallOptions::default();
    let sent = Sent {
        wire: &Wire::None,
        shape: None,
        body: None,
        file: None,
        options: &options,
    };
    let outgoing = build(config, &route, &sent)?;
    let got = Instant::now();
    let answer = send(client, &route, &sent, &outgoing, Limits::new(client, &options)?, Expect::Envelope).await?;
    let token = match &answer {
        Answer::Envelope(reply) => utf8(reply.data())
            .and_then(|data| read_typed::<models::Token>(data, Budget::unlimited()))
            .ok(),
        Answer::Stream(_) | Answer::Bytes(_) | Answer::Link(_) => None,
    };
    let token = token.ok_or_else(|| Error::new(ErrorKind::InvalidResponse, "it has no `token`").of(route.id))?;
    Ok(Token::new(token.token, got))
}

#[cfg(test)]
mod tests;
