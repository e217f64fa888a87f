//! Whether an event is AI Rudder's.

use bytes::Bytes;
use secrecy::ExposeSecret as _;
use subtle::ConstantTimeEq as _;

use super::headers::Headers;
use super::rules::Rules;
use crate::crypto::{SIGNATURE, SIGNATURE_KEY, SignError, Unsigned};
use crate::error::Error;

impl Rules {
    /// Checks the signature if there is one. Returns whether there is.
    pub(super) fn authenticate(&self, body: &[u8], headers: &Headers<'_>, expected: Option<&str>) -> Result<bool, Error> {
        if !self.verify {
            return Ok(false);
        }
        let Some(signature) = headers.one(SIGNATURE)? else {
            return if self.requires_signature { Err(unsigned()) } else { Ok(false) };
        };
        let is_it = |expected: &str| bool::from(expected.trim().as_bytes().ct_eq(signature.as_bytes()));
        let is_authentic = match expected {
            Some(expected) => is_it(expected),
            None if self.signing.signer.is_some() || self.signing.secret.is_none() => {
                is_it(&self.expected_signature(&self.unsigned(body, headers))?)
            }
            None => self.signing.event_signatures(body).any(|expected| is_it(&expected)),
        };
        if is_authentic {
            return Ok(true);
        }
        Err(Error::event(
            "sign",
            "`X-AIRudder-Sign` does not match the body; pass the body untouched, check `sign_secret` or `signer`, and if only AI Rudder knows how it \
             signs, set `verify_events` to false and keep the URL secret",
        ))
    }

    /// Returns the signature of an event by the signer, or else by `sign_secret`.
    pub(super) fn expected_signature(&self, event: &Unsigned) -> Result<String, Error> {
        if let Some(signature) = self.signing.signer_signature(event) {
            return signature.map_err(|error| self.no_signature(&error));
        }
        match self.signing.signature(event.body.as_deref().unwrap_or_default()) {
            Some(signature) => Ok(signature),
            None => Err(Error::event(
                "no_key",
                "it is signed and the client has neither `sign_secret` nor `signer` to check that with; set one, or set `verify_events` to false and \
                 keep the URL secret",
            )),
        }
    }

    pub(super) fn no_signature(&self, error: &SignError) -> Error {
        let text = self.signing.failure_text(error);
        Error::event("no_key", format!("it is signed and `signer` gives no sign: {text}"))
    }

    pub(super) fn unsigned(&self, body: &[u8], headers: &Headers<'_>) -> Unsigned {
        let own = self.signing.key.as_ref().map(|key| key.expose_secret().to_owned());
        let named = headers.one(SIGNATURE_KEY).ok().flatten().map(str::to_owned);
        Unsigned {
            method: "POST".to_owned(),
            path: String::new(),
            sign_key: own.or(named).unwrap_or_default(),
            body: Some(Bytes::copy_from_slice(body)),
            body_sha256: None,
        }
    }
}

fn unsigned() -> Error {
    Error::event(
        "missing_header",
        "it is not signed, and the client has `sign_secret` or `signer`; pass all headers of the request and let no proxy drop any, or, if AI Rudder \
         does not sign your events, set `require_signature` to false and keep the URL secret",
    )
}
