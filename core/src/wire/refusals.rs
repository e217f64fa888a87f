//! The codes that prove a refusal: AI Rudder, or what stands before it, rejected the request without carrying it out. Any other failure leaves open
//! whether the request took effect.

use http::StatusCode;

/// Where a code stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// The HTTP status.
    Status,
    /// The HTTP status, or the envelope of an answer of HTTP 200.
    StatusOrEnvelope,
}
use Place::{Status, StatusOrEnvelope};

/// Each code with the reason why it proves a refusal. The meaning of HTTP's codes is that of RFC 9110 and the RFCs that it names.
///
/// That an envelope's code means the same as HTTP's is documented for the token (401 and 403) and assumed for the others. An envelope's 429 is not
/// documented at all, and it would allow a call to be sent again that makes phones ring: it proves nothing.
///
/// Missing on purpose: 3xx (a 303 answers what was done), 402 (the account's balance may end in the middle of a task), 408, 460 and 499 (a gateway or
/// balancer gave up waiting for the server behind it), 5xx, and all codes of AI Rudder's own, whose list could not be read.
const REFUSALS: [(u16, Place, &str); 20] = [
    (400, StatusOrEnvelope, "the request was rejected as malformed"),
    (401, StatusOrEnvelope, "authentication comes before everything else"),
    (403, StatusOrEnvelope, "authorization comes before the request is carried out"),
    (404, StatusOrEnvelope, "the path, or what the request names, does not exist"),
    (405, StatusOrEnvelope, "the path does not take the method"),
    (406, Status, "no form of the answer is acceptable"),
    (407, Status, "a proxy did not pass the request on"),
    (409, StatusOrEnvelope, "the request contradicts a state, which stays as it is"),
    (410, Status, "what the request names is gone"),
    (411, Status, "the request was not read: its length is missing"),
    (412, Status, "a precondition failed"),
    (413, StatusOrEnvelope, "the request is too large to be read"),
    (414, Status, "the URL is too long to be read"),
    (415, Status, "the format of the body is not supported"),
    (417, Status, "an expectation of the request cannot be met"),
    (421, Status, "the server does not answer for this host"),
    (422, StatusOrEnvelope, "the request was rejected by its content"),
    (425, Status, "the server does not risk handling early data"),
    (429, Status, "the rate limit comes before the request is carried out"),
    (431, Status, "the headers are too large to be read"),
];

/// Whether a response proves that the request was not carried out. `code` is that of its envelope.
pub(super) fn is_refusal(status: StatusCode, code: Option<i64>) -> bool {
    let number = if status.is_success() { code } else { Some(status.as_u16().into()) };
    let stands = |place| place == StatusOrEnvelope || !status.is_success();
    REFUSALS
        .iter()
        .any(|(refusal, place, _)| number == Some(i64::from(*refusal)) && stands(*place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_table_proves_a_refusal() {
        let status = |code| StatusCode::from_u16(code).unwrap_or_default();
        for code in 300..=599 {
            let in_table = REFUSALS.iter().any(|(refusal, ..)| *refusal == code);
            assert_eq!(is_refusal(status(code), None), in_table, "{code}");
            assert_eq!(
                is_refusal(status(code), Some(400)),
                in_table,
                "the envelope of a failed status adds nothing: {code}"
            );
        }
        for code in [408, 429, 460, 499, 500, 303, 40_012] {
            assert!(!is_refusal(StatusCode::OK, Some(code)), "{code}");
        }
        for code in [400, 401, 403, 404, 405, 409, 413, 422] {
            assert!(is_refusal(StatusCode::OK, Some(code)), "{code}");
        }
        assert!(!is_refusal(StatusCode::OK, None));
    }

    #[test]
    fn codes_stand_once_and_in_order() {
        assert!(REFUSALS.is_sorted_by(|(one, ..), (other, ..)| one < other));
    }
}
