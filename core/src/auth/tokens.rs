//! The authorization token: fetched once for all callers that wait, kept while it is valid, renewed ahead of its end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, ready};
use http::HeaderValue;
use http::header::AUTHORIZATION;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Map;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};
use tracing::debug;

use super::credentials::Credentials;
use super::deadline::by;
use crate::engine::{Authorization, Authorizer, Engine, Exchange, Limits, NoAuth, Renewal, wait};
use crate::error::{Error, ErrorKind};
use crate::generated::models::auth as models;
use crate::generated::operations::AUTH_TOKEN;
use crate::model::{Typed as _, Wire};
use crate::wire::{Accept, AnswerReader, Content, Extras, OutgoingRequest, Received, build, secret_header};

/// How long a token lives, as AI Rudder documents.
const LIFETIME: Duration = Duration::from_hours(24);
/// The age from which on a token is renewed in the background while it is still used.
const RENEWAL: Duration = Duration::from_hours(20);
/// How long to wait after a failed renewal.
const RENEWAL_PAUSE: Duration = Duration::from_mins(1);

#[derive(Clone)]
struct Token {
    value: Arc<SecretString>,
    /// `Authorization`. `None` if the token cannot be in a header.
    header: Option<HeaderValue>,
    fetched: Instant,
}

impl Token {
    fn new(value: String, fetched: Instant) -> Self {
        Self {
            header: secret_header(&format!("Token {value}")).ok(),
            value: Arc::new(value.into()),
            fetched,
        }
    }

    fn authorization(&self) -> Result<Authorization, Error> {
        let header = self.header.clone().ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidResponse,
                "the token that `auth.token` gave cannot stand in a header",
            )
        })?;
        Ok(Authorization {
            headers: vec![(AUTHORIZATION, header)],
            secrets: vec![self.value.clone()],
        })
    }
}

/// The outcome of a fetch, for everyone who waits for it. `None` if the fetch was aborted.
type Outcome = Shared<BoxFuture<'static, Option<Result<Token, Error>>>>;

/// A fetch in flight.
#[derive(Clone)]
struct Fetch {
    number: u64,
    started: Instant,
    outcome: Outcome,
}

/// Authorizes requests by the account's token.
#[derive(Clone)]
pub(crate) struct Tokens(Arc<Inner>);

struct Inner {
    engine: Arc<Engine>,
    credentials: Arc<Credentials>,
    /// How long a fetch may take.
    timeout: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    current: Option<Token>,
    fetch: Option<Fetch>,
    fetches: u64,
    /// An early renewal is not tried again before this time.
    renewal: Option<Instant>,
    /// The token that was refused last.
    refused: Option<Arc<SecretString>>,
}

impl Tokens {
    pub(crate) fn new(engine: Arc<Engine>, credentials: Arc<Credentials>, timeout: Duration) -> Self {
        Self(Arc::new(Inner {
            engine,
            credentials,
            timeout,
            state: Mutex::default(),
        }))
    }

    /// The valid token in memory.
    fn cached(&self) -> Option<Token> {
        self.cached_in(&mut self.state())
    }

    fn cached_in(&self, state: &mut State) -> Option<Token> {
        let age = state.current.as_ref()?.fetched.elapsed();
        if age >= LIFETIME {
            return None;
        }
        if age >= RENEWAL && self.in_flight(state).is_none() && state.renewal.is_none_or(|then| Instant::now() >= then) {
            self.start_fetch(state);
        }
        state.current.clone()
    }

    /// Returns a valid token, and fetches it if there is none. All calls that need one share a fetch, and each repeats it as often as it may.
    async fn get(&self, limits: Limits) -> Result<Token, Error> {
        let (mut tries, mut aborted) = (0, 0);
        loop {
            let Fetch { number, outcome, .. } = {
                let mut state = self.state();
                if let Some(token) = self.cached_in(&mut state) {
                    return Ok(token);
                }
                match self.in_flight(&state) {
                    Some(fetch) => fetch.clone(),
                    None => self.start_fetch(&mut state),
                }
            };
            match outcome.await {
                Some(Ok(token)) => return Ok(token),
                Some(Err(error)) => {
                    let wait = wait(tries, error.retry_after());
                    tries += 1;
                    let is_in_time = Instant::now().checked_add(wait).is_some_and(|then| then < limits.deadline);
                    if !error.retryable() || tries > limits.max_retries || !is_in_time {
                        return Err(error.while_fetching_token(tries));
                    }
                    sleep(wait).await;
                }
                // A fetch is aborted when it panics, or when its runtime is shut down. Then this caller fetches by itself, once.
                None if aborted == 0 => {
                    aborted += 1;
                    self.state().end_fetch(number);
                }
                None => return Err(Error::internal("the request for a token was aborted").while_fetching_token(tries)),
            }
        }
    }

    /// The fetch to wait for. One that has not ended within its timeout never will: its runtime does not run.
    fn in_flight<'a>(&self, state: &'a State) -> Option<&'a Fetch> {
        state.fetch.as_ref().filter(|fetch| fetch.started.elapsed() <= self.0.timeout)
    }

    /// Fetches a token in a task of its own, so that a caller who is cancelled does not end it for the others.
    fn start_fetch(&self, state: &mut State) -> Fetch {
        let (sender, receiver) = oneshot::channel();
        state.fetches += 1;
        let number = state.fetches;
        let tokens = self.clone();
        tokio::spawn(async move {
            let outcome = tokens.fetch().await;
            tokens.finish_fetch(number, &outcome);
            // An early renewal runs in the background: no call awaits it.
            sender.send(outcome).ok();
        });
        let fetch = Fetch {
            number,
            started: Instant::now(),
            // Fails if the task is dropped before it sends.
            outcome: receiver.map(Result::ok).boxed().shared(),
        };
        state.fetch.insert(fetch).clone()
    }

    fn finish_fetch(&self, number: u64, outcome: &Result<Token, Error>) {
        let mut state = self.state();
        state.end_fetch(number);
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

    async fn fetch(&self) -> Result<Token, Error> {
        let Inner { engine, credentials, .. } = &*self.0;
        let route = engine.endpoint.route(&AUTH_TOKEN);
        let body = credentials.body();
        let (none, no_headers) = (Map::new(), BTreeMap::new());
        let content = Content {
            params: &Wire::None,
            shape: None,
            body: Some(&body),
            file: None,
            extras: Extras {
                query: &none,
                body: &none,
                headers: &no_headers,
            },
        };
        let request = build(&engine.endpoint, &route, &content)?;
        let fetched = Instant::now();
        // Who waits for it decides whether it is repeated.
        let limits = Limits::new(self.0.timeout, 0);
        let exchange = Exchange {
            route: &route,
            content: &content,
            request: &request,
            accept: Accept::Envelope,
            reader: &AnswerReader::<models::Token>::new(models::Token::SHAPE, engine.budget(&limits)),
            limits,
        };
        let token = match engine.send(&NoAuth, &exchange).await? {
            Received::Envelope(response) => response.data.ok(),
            Received::Stream(_) | Received::Bytes(_) | Received::Link(_) => None,
        };
        let token = token.ok_or_else(|| Error::new(ErrorKind::InvalidResponse, "it has no `token`").of(route.id))?;
        Ok(Token::new(token.token, fetched))
    }

    /// No holder of the lock can panic in the middle of a change, so a poisoned state is a whole one.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Clears the fetch, unless another one has replaced it.
    fn end_fetch(&mut self, number: u64) {
        if self.fetch.as_ref().is_some_and(|fetch| fetch.number == number) {
            self.fetch = None;
        }
    }
}

impl Authorizer for Tokens {
    fn authorize<'a>(&'a self, request: &'a OutgoingRequest, limits: Limits) -> BoxFuture<'a, Result<Authorization, Error>> {
        if request.headers.contains_key(AUTHORIZATION) {
            // The call has an authorization of the caller's own.
            return ready(Ok(Authorization::default())).boxed();
        }
        if let Some(token) = self.cached() {
            return ready(token.authorization()).boxed();
        }
        async move {
            let token = by(limits.deadline, "token", self.get(limits)).await;
            token
                .and_then(|token| token.authorization())
                .map_err(|error| error.while_fetching_token(1))
        }
        .boxed()
    }

    fn refused(&self, authorization: &Authorization) -> Renewal {
        let Some(refused) = authorization.secrets.first() else {
            return Renewal::None;
        };
        let mut state = self.state();
        let is_refused = |token: &Arc<SecretString>| token.expose_secret() == refused.expose_secret();
        // AI Rudder gave the same token again just now, so the refusal has another reason.
        let is_new = |token: &Token| Arc::ptr_eq(&token.value, refused) && token.fetched.elapsed() < RENEWAL_PAUSE;
        let is_again = state.refused.as_ref().is_some_and(is_refused) && state.current.as_ref().is_some_and(is_new);
        match &state.current {
            _ if is_again => Renewal::None,
            // One that was fetched since stays.
            Some(token) if !is_refused(&token.value) => Renewal::Present,
            _ => {
                state.current = None;
                state.refused = Some(refused.clone());
                Renewal::Fetched
            }
        }
    }
}
