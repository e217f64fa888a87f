//! Sends a request until it has an answer, its time is over, or sending it again would be a guess.

use std::time::Duration;

use http::header::{ACCEPT_ENCODING, HeaderValue};
use reqwest::{Request, RequestBuilder};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument as _, debug, info_span};

use crate::client::Client;
use crate::config::{LONGEST_TIMEOUT, seconds};
use crate::error::{Error, ErrorKind};
use crate::http::body::Body;
use crate::http::build::{Outgoing, Route};
use crate::http::classify::{Effect, Failure, unsent};
use crate::http::proof::Proof;
use crate::http::quoted::{Quotable, Sent};
use crate::http::receive::{Answer, Expect, receive};
use crate::http::retry;
use crate::options::CallOptions;
use crate::upload::deliver;

/// How long and how often a call may try.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) deadline: Instant,
    pub(crate) max_retries: u32,
}

impl Limits {
    pub(crate) fn new(client: &Client, options: &CallOptions) -> Result<Self, Error> {
        Self::with_default(client, options, client.inner.config.timeout)
    }

    /// The limits of a call that moves a file, which has a deadline only when the call itself is given one.
    pub(crate) fn of_upload(client: &Client, options: &CallOptions) -> Result<Self, Error> {
        Self::with_default(client, options, Duration::from_secs_f64(LONGEST_TIMEOUT))
    }

    fn with_default(client: &Client, options: &CallOptions, default: Duration) -> Result<Self, Error> {
        let timeout = match options.timeout {
            None => default,
            given => seconds("timeout", given, 0.0)
                .map_err(|_| Error::invalid_request("`timeout` must be a number of seconds, more than 0 and at most a week"))?,
        };
        Ok(Self {
            deadline: Instant::now() + timeout,
            max_retries: options.max_retries.unwrap_or(client.inner.config.max_retries),
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
    expect: Expect<'_>,
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
    mut expect: Expect<'_>,
) -> Result<Answer, Error> {
    let mut attempts = 0;
    let mut retries = 0;
    let mut token_renewed = false;
    let mut effect = Effect::None;
    loop {
        let proof = Proof::get(client, route, outgoing, limits, attempts)
            .await
            .map_err(|error| tell_effect(error.of(route.id), route, effect))?;
        attempts += 1;
        let outcome = timeout_at(limits.deadline, attempt(client, route, sent, outgoing, &proof, expect.again())).await;
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
        if let (ErrorKind::Authentication, Proof::Token(token), false) = (failure.error.kind(), &proof, token_renewed) {
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

async fn attempt(
    client: &Client,
    route: &Route<'_>,
    sent: &Sent<'_>,
    outgoing: &Outgoing,
    proof: &Proof,
    expect: Expect<'_>,
) -> Result<Answer, Failure> {
    let inner = &client.inner;
    let mut headers = outgoing.headers.clone();
    proof.write(&mut headers).map_err(Failure::harmless)?;
    if matches!(expect, Expect::File) {
        // A compressed recording could not be checked against its length.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    }
    let mut request = Request::new(route.method.clone(), outgoing.url.clone());
    *request.headers_mut() = headers;
    let transport = &inner.transport;
    let response = match &outgoing.body {
        Body::Form(form) => {
            // The upload of a file watches the silence by itself.
            let uploads = transport.uploads(&inner.config).map_err(Failure::harmless)?;
            let request = RequestBuilder::from_parts(uploads.clone(), request);
            deliver(request, form, inner.config.read_timeout).await?
        }
        Body::Bytes(body) => {
            *request.body_mut() = Some(body.clone().into());
            transport.api.execute(request).await.map_err(|error| unsent(&error))?
        }
        Body::None => transport.api.execute(request).await.map_err(|error| unsent(&error))?,
    };
    let quotable = Quotable {
        sent,
        config: &inner.config,
        proof,
    };
    receive(inner, route, &quotable, expect, response).await
}
