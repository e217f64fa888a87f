//! Calls that are cancelled in flight.

use super::raw::{RawRequest, retry_of};
use crate::error::ErrorKind;
use crate::schema::{Operation, Retry};

/// A call that was cancelled in flight, by its caller, a signal or an outer timeout. Its response is lost, so it is unknown whether AI Rudder applied it.
#[derive(Clone, Copy, Debug)]
pub struct Interruption {
    id: &'static str,
    retry: Retry,
}

impl Interruption {
    /// Of a call of an operation.
    #[must_use]
    pub const fn of(operation: &'static Operation) -> Self {
        Self {
            id: operation.id,
            retry: operation.retry,
        }
    }

    /// Of a raw call. The `retry` of an invalid one does not matter: it fails before it is sent.
    #[must_use]
    pub fn of_raw(request: &RawRequest) -> Self {
        Self {
            id: RawRequest::ID,
            retry: retry_of(&request.method, request.retry.as_deref()).unwrap_or(Retry::Once),
        }
    }

    /// The note for the exception. `None` if the operation has no effect.
    #[must_use]
    pub fn note(self) -> Option<String> {
        let advice = if self.retry.may_repeat() {
            "It is safe to make the call again."
        } else {
            ErrorKind::Timeout.advice()
        };
        self.retry.has_effect().then(|| {
            let id = self.id;
            format!("{id}: The call was cancelled in flight. It may have been applied all the same. {advice}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::operations::OPERATIONS;

    #[test]
    fn only_calls_with_an_effect_have_a_note() {
        for operation in OPERATIONS {
            let note = Interruption::of(operation).note();
            assert_eq!(note.is_some(), operation.retry != Retry::Read, "{}", operation.id);
            let says_safe = note.is_some_and(|note| note.contains("safe to make the call again"));
            assert_eq!(says_safe, operation.retry == Retry::Repeatable, "{}", operation.id);
        }
    }

    #[test]
    fn raw_calls_go_by_their_method_and_retry() {
        for (method, retry, has_note) in [
            ("GET", None, false),
            ("get", None, false),
            ("POST", None, true),
            ("POST", Some("read"), false),
            ("GET", Some("once"), true),
            ("POST", Some("never"), true),
        ] {
            let request = RawRequest {
                method: method.into(),
                retry: retry.map(str::to_owned),
                ..RawRequest::default()
            };
            assert_eq!(Interruption::of_raw(&request).note().is_some(), has_note, "{method} {retry:?}");
        }
    }
}
