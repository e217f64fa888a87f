//! Access for the package's tests to every kind of failure. The public surface does not reach it.

use airudder::{Error, ErrorKind};
use napi_derive::napi;

use crate::failure::{Outcome, guarded_now};
use crate::inbox::Inbox;

/// The codes of the error table.
#[napi]
pub fn probe_codes() -> Vec<&'static str> {
    ErrorKind::ALL.iter().map(|kind| kind.code()).collect()
}

/// Fails with a sample of this kind, or panics with the text if there is no such kind.
#[napi]
pub fn probe_failure(inbox: &Inbox, number: u32, code: String) {
    inbox.run(number, None, async move { fail(&code) });
}

/// The same, without waiting.
#[napi]
pub fn probe_failure_now(code: String) -> Outcome<String> {
    guarded_now(|| fail(&code))
}

#[allow(clippy::panic)] // it is there to panic
fn fail(code: &str) -> std::result::Result<String, Error> {
    match ErrorKind::ALL.iter().find(|kind| kind.code() == code) {
        Some(kind) => Err(Error::sample(*kind)),
        None => panic!("{code}"),
    }
}
