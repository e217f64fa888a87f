//! Errors of core, and panics, as exceptions of Kotlin.

use std::panic::{AssertUnwindSafe, catch_unwind};

use airudder::{Case, Error, ErrorKind};
use tokio::task::JoinSet;

/// All attributes of an [`Error`]. A record, because an exception of `UniFFI` cannot have a field called `message`.
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

/// The error of the exported functions. Kotlin converts it to the exception of its code.
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

/// The error for a panic, without the panic's text, which may quote data.
pub(crate) fn panicked() -> NativeError {
    Error::internal("the native library panicked").into()
}

/// Runs `work`. A panic becomes an error.
pub(crate) fn guard<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, NativeError> {
    catch_unwind(AssertUnwindSafe(work)).map_or_else(|_| Err(panicked()), |outcome| outcome.map_err(NativeError::from))
}

/// Runs `work` as a task of the runtime, so that the JVM is woken once per call instead of at each step. Dropping the future, as `UniFFI` does when the
/// coroutine is cancelled, aborts the task: a `JoinSet` aborts its tasks on drop.
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
