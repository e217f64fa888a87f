//! Errors on their way to Kotlin, and panics, which become errors.

use std::panic::{AssertUnwindSafe, catch_unwind};

use airudder::{Case, Error, ErrorKind};
use tokio::task::JoinSet;

/// All attributes of an [`Error`]. They cross in a record, for an exception of `UniFFI`'s cannot have a field called `message`.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Failure {
    pub code: String,
    pub message: String,
    pub operation: Option<String>,
    pub status: Option<i32>,
    pub api_code: Option<i64>,
    pub api_message: Option<String>,
    pub request_id: Option<String>,
    pub attempts: i32,
    pub retry_after: Option<f64>,
    pub retryable: bool,
    pub may_have_been_applied: bool,
    pub reason: Option<String>,
}

/// What the exported functions fail with. Kotlin makes the exception of the right class of it.
#[derive(Debug, uniffi::Error)]
pub enum NativeError {
    Failed { failure: Box<Failure> },
}

impl From<Error> for NativeError {
    fn from(error: Error) -> Self {
        let failure = Failure {
            code: error.kind().code().to_owned(),
            message: Case::Camel.spell(&error.message()).into_owned(),
            operation: error.operation().map(str::to_owned),
            status: error.status().map(i32::from),
            api_code: error.api_code(),
            api_message: error.api_message().map(str::to_owned),
            request_id: error.request_id().map(str::to_owned),
            attempts: error.attempts().try_into().unwrap_or(i32::MAX),
            retry_after: error.retry_after().map(|time| time.as_secs_f64()),
            retryable: error.retryable(),
            may_have_been_applied: error.may_have_been_applied(),
            reason: error.reason().map(str::to_owned),
        };
        Self::Failed {
            failure: Box::new(failure),
        }
    }
}

impl std::fmt::Display for NativeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self::Failed { failure } = self;
        f.write_str(&failure.message)
    }
}

/// What a panic becomes; its own text may hold anything.
pub(crate) fn panicked() -> NativeError {
    Error::internal("the native library panicked").into()
}

/// Does `work`, and makes an error of a panic.
pub(crate) fn guard<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, NativeError> {
    catch_unwind(AssertUnwindSafe(work)).map_or_else(|_| Err(panicked()), |outcome| outcome.map_err(NativeError::from))
}

/// Does `work` on the runtime's own thread, so that the JVM is woken once for each call and not at each step of it. Dropping this future, as
/// `UniFFI` does when the coroutine is cancelled, ends the work: a `JoinSet` takes its tasks with it.
pub(crate) async fn run<T: Send + 'static>(work: impl Future<Output = Result<T, Error>> + Send + 'static) -> Result<T, NativeError> {
    let mut task = JoinSet::new();
    task.spawn(work);
    match task.join_next().await {
        Some(Ok(outcome)) => outcome.map_err(NativeError::from),
        Some(Err(_)) | None => Err(panicked()),
    }
}

/// Fails as the row `code` of the error table does, or panics when there is no such row: for the tests, which walk the table from Kotlin.
#[uniffi::export(async_runtime = "tokio")]
pub async fn fail(code: String) -> Result<(), NativeError> {
    run(async move {
        match ErrorKind::ALL.iter().find(|kind| kind.code() == code) {
            Some(kind) => Err(Error::sample(*kind)),
            // Without the panic's usual message on the terminal.
            None => std::panic::resume_unwind(Box::new("no such row")),
        }
    })
    .await
}
