//! The plaintext of an event.

use std::borrow::Cow;

use super::headers::Headers;
use super::rules::Rules;
use crate::crypto::{ENCRYPTED, SIGNED};
use crate::error::Error;

impl Rules {
    /// Decrypts a body whose headers say that it is encrypted.
    pub(super) fn decrypt<'a>(&self, body: &'a [u8], headers: &Headers<'_>) -> Result<Cow<'a, [u8]>, Error> {
        if headers.one(ENCRYPTED)? != Some("1") {
            return if self.requires_encryption { Err(clear()) } else { Ok(body.into()) };
        }
        let Some(encryption) = &self.encryption else {
            return Err(Error::event(
                "no_key",
                "it is encrypted and the client has no `encryption_key`; set it to the key agreed with AI Rudder",
            ));
        };
        let Some(signed) = headers.one(SIGNED)? else {
            return Err(Error::event(
                "missing_header",
                "it is encrypted and the header `Signed` is missing; pass all headers of the request, and let no proxy drop any",
            ));
        };
        let decrypted = encryption.decrypt(body, signed).map_err(|_| {
            Error::event(
                "decryption",
                "it cannot be decrypted or its digest does not match; check the encryption key and scheme against those agreed with AI Rudder",
            )
        });
        decrypted.map(Cow::Owned)
    }
}

fn clear() -> Error {
    Error::event(
        "not_encrypted",
        "it came in clear, and the client has `encryption_key`; pass all headers of the request and let no proxy drop any, or, if AI Rudder does not \
         encrypt your events, set `require_encryption` to false and keep the URL secret",
    )
}
