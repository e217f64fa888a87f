//! An event as it goes over the wire.

use std::fmt;

use http::header::{CONTENT_TYPE, USER_AGENT};
use serde_json::Value;
use url::Url;

use crate::auth::{SIGN, SIGN_KEY};
use crate::crypto::{Encryption, IS_ENCRYPTED, SIGNED};
use crate::settings::Sign;

/// What stands in the path of a receiver's URL for the kind, as the URL writes the braces.
const KIND: &str = "%7Bkind%7D";

/// Headers and body of an event. It can be posted again and again: all its copies are the same bytes.
#[derive(Clone)]
pub struct Parcel {
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The event, encrypted or in clear.
    pub body: String,
}

impl fmt::Debug for Parcel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parcel").finish_non_exhaustive()
    }
}

impl Parcel {
    /// Packs an event, encrypted with `encryption` and signed with `sign` if they are given.
    #[must_use]
    pub fn new(event: &Value, encryption: Option<&Encryption>, sign: Option<&Sign>) -> Self {
        let mut headers = vec![
            (CONTENT_TYPE.as_str(), "application/json".to_owned()),
            (USER_AGENT.as_str(), "Airudder".to_owned()),
        ];
        let mut body = event.to_string();
        if let Some(encryption) = encryption {
            let sealed = encryption.seal(body.as_bytes());
            headers.extend([(IS_ENCRYPTED, "1".to_owned()), (SIGNED, sealed.signed)]);
            body = sealed.text;
        }
        if let Some(sign) = sign {
            // Over what is sent, so that the receiver can check it before decrypting.
            headers.extend([(SIGN_KEY, sign.key.clone()), (SIGN, sign.of(body.as_bytes()))]);
        }
        Self { headers, body }
    }
}

/// Whether events of this kind carry the Chatbot API's sign by themselves.
#[must_use]
pub fn is_signed(kind: &str) -> bool {
    kind.starts_with("chatbot.") || kind == "workflow.chatbot_session_ended"
}

/// Where an event of this kind goes: `{kind}` in the path of the receiver's URL stands for it.
#[must_use]
pub fn address(receiver: &Url, kind: &str) -> Url {
    let mut url = receiver.clone();
    if url.path().contains(KIND) {
        url.set_path(&url.path().replace(KIND, kind));
    }
    url
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn a_url_can_have_a_place_for_the_kind() {
        for (receiver, expected) in [
            ("http://127.0.0.1:9/events/{kind}", "http://127.0.0.1:9/events/call.finished"),
            ("http://127.0.0.1:9/{kind}/in?a=1", "http://127.0.0.1:9/call.finished/in?a=1"),
            ("http://127.0.0.1:9/events", "http://127.0.0.1:9/events"),
        ] {
            let receiver = Url::parse(receiver).expect("a URL");
            assert_eq!(address(&receiver, "call.finished").as_str(), expected);
        }
    }

    #[test]
    fn what_it_holds_is_not_shown() {
        let event = serde_json::json!({"callee": "+6281230000001"});
        let shown = format!("{:?}", Parcel::new(&event, None, Some(&Sign::default())));
        assert!(!shown.contains("+62") && !shown.contains("0000"), "{shown}");
    }
}
