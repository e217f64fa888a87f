//! Errors of core, and panics, for JavaScript.

use std::cell::RefCell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};

use airudder::{Case, Error};
use futures_util::FutureExt as _;
use napi::bindgen_prelude::Either;
use napi_derive::{module_init, napi};
use serde_json::json;

/// The outcome of a call. A failure is a value here, of which JavaScript makes an `Error`: napi's own has neither our class nor the stack of the caller.
pub type Outcome<T> = Either<T, Failure>;

/// The attributes of an error, as JSON.
#[napi(object)]
#[derive(Debug)]
pub struct Failure {
    pub error: String,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let mut known = json!({
            "code": error.kind().code(),
            "message": Case::Camel.spell(&error.message()),
            "operation": error.operation(),
            "status": error.status(),
            "apiCode": error.api_code(),
            "apiMessage": error.api_message(),
            "requestId": error.request_id(),
            "attempts": error.attempts(),
            "retryAfter": error.retry_after().map(|wait| wait.as_secs_f64()),
            "retryable": error.retryable(),
            "mayHaveBeenApplied": error.may_have_been_applied(),
            "reason": error.reason(),
        });
        if let Some(attributes) = known.as_object_mut() {
            attributes.retain(|_, value| !value.is_null());
        }
        Self { error: known.to_string() }
    }
}

fn outcome<T>(result: std::thread::Result<Result<T, Error>>) -> Outcome<T> {
    let result = result.unwrap_or_else(|_| {
        let place = PANICKED_AT.take().unwrap_or_else(|| "a place unknown".to_owned());
        Err(Error::internal(format!("it panicked at {place}")))
    });
    result.map_or_else(|error| Either::B(Failure::from(&error)), Either::A)
}

/// Runs the work. A panic becomes a failure.
pub fn guarded_now<T>(work: impl FnOnce() -> Result<T, Error>) -> Outcome<T> {
    outcome(catch_unwind(AssertUnwindSafe(work)))
}

/// Awaits the work. A panic becomes a failure.
pub async fn guarded<T>(work: impl Future<Output = Result<T, Error>>) -> Outcome<T> {
    outcome(AssertUnwindSafe(work).catch_unwind().await)
}

thread_local! {
    static PANICKED_AT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Notes where a panic happened, without its text, which may quote a request. This library has a panic hook of its own: other native modules
/// in the process keep theirs.
#[module_init]
fn note_panics() {
    set_hook(Box::new(|panic: &PanicHookInfo<'_>| {
        let place = panic.location().map(ToString::to_string);
        eprintln!("airudder: a defect at {}", place.as_deref().unwrap_or("a place unknown"));
        PANICKED_AT.set(place);
    }));
}
