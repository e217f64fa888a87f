//! What calls share: the engine, its authorizers, and the limits.

use std::sync::Arc;
use std::time::Duration;

use super::options::CallOptions;
use crate::auth::{Credentials, Signed, Tokens};
use crate::engine::{Authorizer, Engine, Exchange, Limits, NoAuth};
use crate::error::Error;
use crate::schema::AuthScheme;
use crate::wire::{DataReader, Received};

/// The longest timeout, in seconds. A longer one is a mistake.
const LONGEST_TIMEOUT: f64 = 7.0 * 24.0 * 3600.0;

/// Everything that a call needs of its client.
pub(crate) struct Session {
    pub(crate) engine: Arc<Engine>,
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) tokens: Tokens,
    pub(crate) signed: Signed,
    pub(crate) timeout: Duration,
    pub(crate) max_retries: u32,
}

impl Session {
    pub(crate) async fn send<R: DataReader>(&self, exchange: &Exchange<'_, R>) -> Result<Received<R::Data>, Error> {
        let authorizer: &dyn Authorizer = match exchange.route.auth {
            AuthScheme::Credentials => &NoAuth,
            AuthScheme::Token => &self.tokens,
            AuthScheme::Sign => &self.signed,
        };
        self.engine.send(authorizer, exchange).await
    }

    pub(crate) fn limits(&self, options: &CallOptions) -> Result<Limits, Error> {
        self.limits_within(options, self.timeout)
    }

    /// The limits of a call that moves a file. It has a deadline only if the call itself is given one.
    pub(crate) fn file_limits(&self, options: &CallOptions) -> Result<Limits, Error> {
        self.limits_within(options, Duration::from_secs_f64(LONGEST_TIMEOUT))
    }

    fn limits_within(&self, options: &CallOptions, default: Duration) -> Result<Limits, Error> {
        let timeout = match options.timeout {
            None => default,
            Some(given) => seconds("timeout", given)
                .map_err(|_| Error::invalid_request("`timeout` must be a number of seconds, more than 0 and at most a week"))?,
        };
        Ok(Limits::new(timeout, options.max_retries.unwrap_or(self.max_retries)))
    }
}

/// Checks a timeout in seconds.
pub(crate) fn seconds(name: &str, seconds: f64) -> Result<Duration, Error> {
    if seconds > 0.0 && seconds <= LONGEST_TIMEOUT {
        return Ok(Duration::from_secs_f64(seconds));
    }
    Err(Error::configuration(format!(
        "`{name}` is {seconds}; it must be a number of seconds, more than 0 and at most {LONGEST_TIMEOUT}"
    )))
}
