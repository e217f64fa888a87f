//! Sends a request until it has an answer, its time is over, or sending it again would be a guess.

use std::time::Duration;

use http::header::AUTHORIZATION;
use secrecy::ExposeSecret as _;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument as _, debug, info_span};

use crate::client::Client;
use crate::config::seconds;
use crate::error::{Error, ErrorKind};
use crate::http::build::{Outgoing, Route, secret_header};
use crate::http::classify::{Effect, Failure, unsent};
use crate::http::quoted::{Quotable, Sent};
use crate::http::receive::{Answer, Expect, receive};
use crate::http::retry;
use crate::operation::AuthScheme;
use crate::options::CallOptions;
use crate::token::Token;

/// How long and how often a call may try.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) deadline: Instant,
    pub(crate) max_retries: u32,
}

impl Limits {
    pub(crate) fn new(client: &Client, options: &CallOptions) -> Result<Self, Error> {
        let config = &client.inner.config;
        let timeout = match options.timeout {
            None => config.timeout,
            given => seconds("timeout", given, 0.0)
                .map_err(|_| Error::invalid_request("`timeout` must be a number of seconds, more than 0 and at most a week"))?,
        };
        Ok(Self {
            deadline: Instant::now() + timeout,
            max_retries: options.max_retries.unwrap_or(config.max_retries),
        })
    }
}

/// Sends the request. The error says what may have happened at the other side.
pub(crate) async fn send(
    client: &Client,
    route: &Route<'_>,
    sent: &Sent<'_>,
    outgoing: &Outgoing,
    limits: Limits,
    expect: Expect,
) -> Result<Answer, Error> {
    let span = info_span!("airudder.call", operation = route.id, method = %route.method, path = route.path);
    send_in_span(client, route, sent, outgoing, limits, expect).instrument(span).await
}

async fn send_in_span(
    client: &Client,
    route: &Route<'_>,
    sent: &Sent<'_>,
    outgoing: &Outgoing,
    limits: Limits,
    expect: Expect,
) -> Result<Answer, Error> {
    let mut attempts = 0;
    let mut retries = 0;
    let mut token_renewed = false;
    let mut effect = Effect::None;
    loop {
        let token = token(client, route, limits, attempts)
            .await
            .map_err(|error| tell_effect(error, route, effect))?;
        attempts += 1;
        let outcome = timeout_at(limits.deadline, attempt(client, route, sent, outgoing, token.as_ref(), expect)).await;
        let (failure, time_is_over) = match outcome {
            Ok(Ok(mut answer)) => {
                debug!(attempts, "answered");
                if let Answer::Envelope(reply) = &mut answer {
                    reply.attempts = attempts;
                }
                return Ok(answer);
            }
            Ok(Err(failure)) => (failure, false),
            Err(_) => (
                Failure::unknown(Error::new(ErrorKind::Timeout, "no answer before the call's deadline")),
                true,
            ),
        };
        if failure.effect == Effect::Unknown {
            effect = Effect::Unknown;
        }
        debug!(
            attempts,
            kind = failure.error.kind().code(),
            status = failure.error.status(),
            "attempt failed"
        );
        if let (ErrorKind::Authentication, Some(token), false) = (failure.error.kind(), &token, token_renewed) {
            // The token ended or was revoked before its time. The request was refused, so sending it again with a new one is no guess.
            client.inner.tokens.drop_token(token);
            token_renewed = true;
            continue;
        }
        let wait = retry::wait(retries, failure.error.retry_after());
        let in_time = Instant::now().checked_add(wait).is_some_and(|then| then < limits.deadline);
        if time_is_over || retries >= limits.max_retries || !in_time || !retry::is_allowed(route.retry, &failure) {
            return Err(tell_effect(failure.error.of(route.id).with_attempts(attempts), route, effect));
        }
        retries += 1;
        pause(wait).await;
    }
}

/// Says what all attempts together may have done.
fn tell_effect(error: Error, route: &Route<'_>, effect: Effect) -> Error {
    let applied = effect == Effect::Unknown && route.retry.has_effect();
    error.with_effect(applied, route.retry.may_repeat())
}

async fn pause(wait: Duration) {
    if !wait.is_zero() {
        sleep(wait).await;
    }
}

async fn token(client: &Client, route: &Route<'_>, limits: Limits, attempts: u32) -> Result<Option<Token>, Error> {
    if route.auth != AuthScheme::Token {
        return Ok(None);
    }
    match timeout_at(limits.deadline, client.inner.tokens.get(client)).await {
        Ok(Ok(token)) => Ok(Some(token)),
        Ok(Err(error)) => Err(error.of(route.id)),
        Err(_) => Err(Error::new(
            ErrorKind::Timeout,
            "no token before the call's deadline; the request itself was not sent",
        )
        .of(route.id)
        .with_attempts(attempts)),
    }
}

async fn attempt(
    client: &Client,
    route: &Route<'_>,
    sent: &Sent<'_>,
    outgoing: &Outgoing,
    token: Option<&Token>,
    expect: Expect,
) -> Result<Answer, Failure> {
    let inner = &client.inner;
    let mut headers = outgoing.headers.clone();
    if let Some(token) = token
        && !headers.contains_key(AUTHORIZATION)
    {
        let value = format!("Token {}", token.value.expose_secret());
        let value = secret_header(&value).map_err(|_| {
            Failure::harmless(Error::new(
                ErrorKind::InvalidResponse,
                "the token that `auth.token` gave cannot stand in a header",
            ))
        })?;
        headers.insert(AUTHORIZATION, value);
    }
    let mut request = inner
        .transport
        .api
        .request(route.method.clone(), outgoing.url.clone())
        .headers(headers);
    if expect == Expect::File {
        // A compressed recording could not be checked against its length.
        request = request.header(http::header::ACCEPT_ENCODING, "identity");
    }
    if let Some(body) = &outgoing.body {
        request = request.body(body.clone());
    }
    let response = request.send().await.map_err(|error| unsent(&error))?;
    let quotable = Quotable {
        sent,
        config: &inner.config,
        token,
    };
    receive(inner, route, &quotable, expect, response).await
}
