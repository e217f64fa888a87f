//! Whether an event is AI Rudder's, and of now.

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use secrecy::ExposeSecret as _;
use serde_json::Value;
use subtle::ConstantTimeEq as _;

use super::headers::Headers;
use super::read::Reading;
use super::{Events, SIGN, SIGN_KEY};
use crate::error::Error;
use crate::signing::{SignError, Unsigned};

impl Events {
    /// Checks the sign where there is one, and says whether there was.
    pub(super) fn verify(&self, body: &[u8], headers: &Headers<'_>, expected_sign: Option<&str>) -> Result<bool, Error> {
        if !self.0.verify {
            return Ok(false);
        }
        let Some(sign) = headers.one(SIGN)? else {
            return Ok(false);
        };
        let expected = match expected_sign {
            Some(expected) => expected.to_owned(),
            None => self.expected_sign(&self.unsigned(body, headers))?,
        };
        if bool::from(expected.trim().as_bytes().ct_eq(sign.as_bytes())) {
            return Ok(true);
        }
        Err(Error::event(
            "sign",
            "`X-AIRudder-Sign` does not match the body; pass the body untouched, check `sign_secret` or `signer`, and if only AI Rudder knows how it \
             signs, set `verify_events` to false and keep the URL secret",
        ))
    }

    pub(super) fn expected_sign(&self, event: &Unsigned) -> Result<String, Error> {
        let signing = &self.0.signing;
        match signing.of_event(event) {
            Some(Ok(sign)) => Ok(sign),
            Some(Err(error)) => Err(self.no_sign(&error)),
            None => Err(Error::event(
                "no_key",
                "it is signed and the client has neither `sign_secret` nor `signer` to check that with; set one, or set `verify_events` to false and \
                 keep the URL secret",
            )),
        }
    }

    pub(super) fn no_sign(&self, error: &SignError) -> Error {
        let words = self.0.signing.words_of(error);
        Error::event("no_key", format!("it is signed and `signer` gives no sign: {words}"))
    }

    pub(super) fn unsigned(&self, body: &[u8], headers: &Headers<'_>) -> Unsigned {
        let own = self.0.signing.key.as_ref().map(|key| key.expose_secret().to_owned());
        let named = headers.one(SIGN_KEY).ok().flatten().map(str::to_owned);
        Unsigned {
            method: "POST".to_owned(),
            path: String::new(),
            sign_key: own.or(named).unwrap_or_default(),
            body: Some(Bytes::copy_from_slice(body)),
            body_sha256: None,
        }
    }

    /// An event that says when it was made is refused when that is too long ago.
    pub(super) fn check_age(&self, reading: &Reading<'_>) -> Result<(), Error> {
        let (Some(limit), Some(field)) = (self.0.max_age, reading.kind.and_then(|kind| kind.traits().timestamp)) else {
            return Ok(());
        };
        let Some(made) = reading.fields.get(field).as_ref().and_then(seconds) else {
            return Ok(());
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        if now.saturating_sub(made) <= limit.as_secs() {
            return Ok(());
        }
        Err(Error::event(
            "too_old",
            "it was made longer ago than `max_event_age`, so somebody may be replaying it; raise the setting if AI Rudder's own events come this late",
        ))
    }
}

/// Unix seconds, also as text.
fn seconds(value: &Value) -> Option<u64> {
    let seconds = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())?;
    Some(u64::try_from(seconds).unwrap_or_default())
}
