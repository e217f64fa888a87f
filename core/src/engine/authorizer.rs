//! How a request shows who sends it.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::SecretString;
use tokio::time::Instant;

use crate::error::Error;
use crate::wire::OutgoingRequest;

/// What a request shows: a token, or a signature.
#[derive(Default)]
pub(crate) struct Authorization {
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// What is redacted in messages about the request.
    pub(crate) secrets: Vec<Arc<SecretString>>,
}

impl Authorization {
    /// Adds the headers. Those that the call sets itself stay.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.headers {
            if !headers.contains_key(name) {
                headers.insert(name, value.clone());
            }
        }
    }
}

/// Authorizes requests.
pub(crate) trait Authorizer: Send + Sync {
    /// Returns the authorization of one attempt, by the deadline. If it fails, nothing was sent in this attempt.
    fn authorize<'a>(&'a self, request: &'a OutgoingRequest, deadline: Instant) -> BoxFuture<'a, Result<Authorization, Error>>;

    /// Forgets an authorization that AI Rudder refused. Returns whether the next one may differ.
    fn refused(&self, _: &Authorization) -> bool {
        false
    }
}

/// For requests whose body holds the credentials.
pub(crate) struct NoAuth;

impl Authorizer for NoAuth {
    fn authorize<'a>(&'a self, _: &'a OutgoingRequest, _: Instant) -> BoxFuture<'a, Result<Authorization, Error>> {
        ready(Ok(Authorization::default())).boxed()
    }
}
