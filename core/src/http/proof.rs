//! What a request shows for who sends it.

use http::HeaderMap;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::{Instant, timeout_at};

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::http::build::{Outgoing, Route, secret_header};
use crate::http::send::Limits;
use crate::operation::AuthScheme;
use crate::redact::hide;
use crate::token::Token;

const SIGN_KEY: HeaderName = HeaderName::from_static("x-airudder-sign-key");
const SIGN: HeaderName = HeaderName::from_static("x-airudder-sign");

pub(crate) enum Proof {
    /// The body holds the credentials.
    None,
    Token(Token),
    Sign {
        key: SecretString,
        sign: SecretString,
    },
}

impl Proof {
    /// Gets a token or a sign, after that many attempts. When that fails, this attempt did not begin.
    pub(crate) async fn get(client: &Client, route: &Route<'_>, outgoing: &Outgoing, limits: Limits, attempts: u32) -> Result<Self, Error> {
        match route.auth {
            AuthScheme::Credentials => Ok(Self::None),
            AuthScheme::Token => {
                if let Some(token) = client.inner.tokens.at_hand(client) {
                    return Ok(Self::Token(token));
                }
                match timeout_at(limits.deadline, client.inner.tokens.get(client)).await {
                    Ok(token) => token.map(Self::Token),
                    Err(_) => Err(late("token").with_attempts(attempts)),
                }
            }
            AuthScheme::Sign => {
                let config = &client.inner.config;
                // The deadline of an upload leaves time for its bytes; a signer gets no more than any call.
                let deadline = limits.deadline.min(Instant::now() + config.timeout);
                let signed = timeout_at(deadline, config.signing.sign(route, outgoing)).await;
                match signed.unwrap_or_else(|_| Err(late("sign"))) {
                    Ok((key, sign)) => Ok(Self::Sign { key, sign }),
                    Err(error) => Err(error.with_attempts(attempts)),
                }
            }
        }
    }

    /// Adds the headers; those that the call sets itself stay.
    pub(crate) fn write(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        let mut add = |name: HeaderName, value: Option<HeaderValue>, wrong: fn() -> Error| {
            if !headers.contains_key(&name) {
                headers.insert(name, value.ok_or_else(wrong)?);
            }
            Ok(())
        };
        match self {
            Self::None => Ok(()),
            Self::Token(token) => add(AUTHORIZATION, token.header.clone(), || {
                Error::new(
                    ErrorKind::InvalidResponse,
                    "the token that `auth.token` gave cannot stand in a header",
                )
            }),
            Self::Sign { key, sign } => {
                add(SIGN_KEY, secret_header(key.expose_secret()).ok(), || {
                    Error::configuration("`sign_key` cannot stand in a header")
                })?;
                add(SIGN, secret_header(sign.expose_secret()).ok(), || {
                    Error::configuration("`signer` gave a sign that cannot stand in a header")
                })
            }
        }
    }

    pub(crate) fn hide_in(&self, message: &mut String) {
        match self {
            Self::None => {}
            Self::Token(token) => hide(message, token.value.expose_secret()),
            Self::Sign { key, sign } => {
                hide(message, sign.expose_secret());
                hide(message, key.expose_secret());
            }
        }
    }
}

fn late(what: &str) -> Error {
    Error::new(
        ErrorKind::Timeout,
        format!("no {what} before the call's deadline; the request itself was not sent"),
    )
}
