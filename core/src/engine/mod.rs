//! The one path of every request: authorize, send, receive, and perhaps try again.

mod authorizer;
mod limits;
mod link;
mod retry;
mod stream;

use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT_ENCODING, HeaderValue};
use secrecy::SecretString;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument as _, debug, info_span};

use crate::error::{Error, ErrorKind};
use crate::json::Budget;
use crate::wire::{
    Accept, Body, Content, DataReader, Effect, Endpoint, Failure, OutgoingRequest, Received, Receiving, RequestRedaction, Route, Transport,
    TransportBody, TransportRequest, receive,
};

pub(crate) use authorizer::{Authorization, Authorizer, NoAuth, Renewal};
pub(crate) use limits::Limits;
pub(crate) use retry::wait;

/// Sends requests to one endpoint.
pub(crate) struct Engine {
    pub(crate) endpoint: Endpoint,
    pub(crate) transport: Arc<dyn Transport>,
    /// What is redacted in AI Rudder's messages.
    pub(crate) secrets: Vec<SecretString>,
    pub(crate) max_response_bytes: u64,
    pub(crate) read_timeout: Duration,
}

/// A request that is built, with all that sending it needs.
pub(crate) struct Exchange<'a, R> {
    pub(crate) route: &'a Route<'a>,
    pub(crate) content: &'a Content<'a>,
    pub(crate) request: &'a OutgoingRequest,
    pub(crate) accept: Accept,
    /// What reads the data of its answer.
    pub(crate) reader: &'a R,
    pub(crate) limits: Limits,
}

impl Engine {
    /// What reading the answer of a call may take.
    pub(crate) fn budget(&self, limits: &Limits) -> Budget {
        Budget::for_bytes(self.max_response_bytes, Some(limits.deadline.into_std()))
    }

    /// Sends a request until it succeeds, its deadline passes, or sending it again is not safe. The error says whether it may have been carried out.
    pub(crate) async fn send<R: DataReader>(
        &self,
        authorizer: &dyn Authorizer,
        exchange: &Exchange<'_, R>,
    ) -> Result<Received<R::Data>, Error> {
        let route = exchange.route;
        let span = info_span!("airudder.call", operation = route.id, method = %route.method, path = route.path);
        self.attempts(authorizer, exchange).instrument(span).await
    }

    async fn attempts<R: DataReader>(&self, authorizer: &dyn Authorizer, exchange: &Exchange<'_, R>) -> Result<Received<R::Data>, Error> {
        let Exchange { route, limits, .. } = *exchange;
        let mut attempts = 0;
        let mut retries = 0;
        let mut renewals = 0;
        let mut effect = Effect::None;
        let failed = |error: Error, attempts, effect| {
            let may_be_applied = effect == Effect::Unknown && route.retry.has_effect();
            let error = error.of(route.id).with_attempts(attempts);
            error.with_effect(may_be_applied, route.retry.may_repeat())
        };
        loop {
            let authorization = authorizer.authorize(exchange.request, limits).await;
            let authorization = authorization.map_err(|error| failed(error, attempts, effect))?;
            attempts += 1;
            let outcome = timeout_at(limits.deadline, self.attempt(exchange, &authorization)).await;
            let (failure, is_late) = match outcome {
                Ok(Ok(mut received)) => {
                    debug!(attempts, "answered");
                    if let Received::Envelope(response) = &mut received {
                        response.attempts = attempts;
                    }
                    return Ok(received);
                }
                Ok(Err(failure)) => (failure, false),
                Err(_) => {
                    let error = Error::new(ErrorKind::Timeout, "no answer before the call's deadline");
                    (Failure::unknown(error), true)
                }
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
            // The request was refused before it was looked at, so it is safe to send it again with another token.
            let renewal = if failure.error.kind() == ErrorKind::Authentication && failure.effect == Effect::None {
                authorizer.refused(&authorization)
            } else {
                Renewal::None
            };
            let wait = match renewal {
                Renewal::Present => Duration::ZERO,
                Renewal::Fetched => retry::renewal_wait(renewals),
                Renewal::None => retry::wait(retries, failure.error.retry_after()),
            };
            let is_in_time = Instant::now().checked_add(wait).is_some_and(|then| then < limits.deadline);
            let is_allowed = match renewal {
                Renewal::Present => true,
                Renewal::Fetched => renewals < retry::MOST_RENEWALS,
                Renewal::None => retries < limits.max_retries && retry::is_allowed(route.retry, &failure),
            };
            if is_late || !is_in_time || !is_allowed {
                return Err(failed(failure.error, attempts, effect));
            }
            match renewal {
                Renewal::Present => {}
                Renewal::Fetched => renewals += 1,
                Renewal::None => retries += 1,
            }
            if !wait.is_zero() {
                sleep(wait).await;
            }
        }
    }

    async fn attempt<R: DataReader>(
        &self,
        exchange: &Exchange<'_, R>,
        authorization: &Authorization,
    ) -> Result<Received<R::Data>, Failure> {
        let OutgoingRequest {
            method,
            url,
            headers,
            body,
        } = exchange.request;
        let mut headers = headers.clone();
        authorization.write(&mut headers);
        if exchange.accept == Accept::File {
            // The length of a compressed recording could not be checked.
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        let request = |body| TransportRequest {
            method: method.clone(),
            url: url.clone(),
            headers,
            body,
        };
        let response = match body {
            Body::Form(form) => stream::send_form(self.transport.as_ref(), form, request, self.read_timeout).await?,
            Body::Bytes(_) | Body::None => {
                let body = TransportBody::Bytes(body.bytes().unwrap_or_default());
                stream::send(self.transport.as_ref(), request(body), self.read_timeout).await?
            }
        };
        let receiving = Receiving {
            route: exchange.route,
            redaction: &RequestRedaction {
                content: exchange.content,
                account: &self.secrets,
                authorization: &authorization.secrets,
            },
            accept: exchange.accept,
            reader: exchange.reader,
            encryption: self.endpoint.encryption.as_ref(),
            max_bytes: self.max_response_bytes,
        };
        Ok(match receive(&receiving, response).await? {
            // A `Location` may be relative to the address that it came from.
            Received::Link(link) => Received::Link(url.join(&link).map_or(link, Into::into)),
            received => received,
        })
    }
}
