//! How a request shows who sends it.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::SecretString;

use super::limits::Limits;
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
    /// Returns the authorization of one attempt, within the limits of its call. If it fails, nothing was sent in this attempt.
    fn authorize<'a>(&'a self, request: &'a OutgoingRequest, limits: Limits) -> BoxFuture<'a, Result<Authorization, Error>>;

    /// Forgets an authorization that AI Rudder refused, and says what comes in its place.
    fn refused(&self, _: &Authorization) -> Renewal {
        Renewal::None
    }
}

/// What comes in place of a refused authorization.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Renewal {
    /// Nothing else: AI Rudder refuses what it gave, or what the caller gave.
    None,
    /// One that is there already: another call has renewed it since.
    Present,
    /// One that has yet to be fetched.
    Fetched,
}

/// For requests whose body holds the credentials.
pub(crate) struct NoAuth;

impl Authorizer for NoAuth {
    fn authorize<'a>(&'a self, _: &'a OutgoingRequest, _: Limits) -> BoxFuture<'a, Result<Authorization, Error>> {
        ready(Ok(Authorization::default())).boxed()
    }
}
