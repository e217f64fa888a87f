//! Errors of core, and panics, as exceptions of `airudder.errors`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use airudder::Error;
use futures_util::FutureExt;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::IntoPyDict;

/// The exception for an error of core: the class that the error table names, with every attribute.
pub fn exception(py: Python<'_>, error: &Error) -> PyErr {
    instance(py, error).map_or_else(|failure| failure, PyErr::from_value)
}

/// The exception as an object that is not raised yet.
pub fn instance<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let attributes = [
        (intern!(py, "operation"), error.operation().into_pyobject(py)?),
        (intern!(py, "status"), error.status().into_pyobject(py)?),
        (intern!(py, "api_code"), error.api_code().into_pyobject(py)?),
        (intern!(py, "api_message"), error.api_message().into_pyobject(py)?),
        (intern!(py, "request_id"), error.request_id().into_pyobject(py)?),
        (intern!(py, "attempts"), error.attempts().into_pyobject(py)?.into_any()),
        (
            intern!(py, "retry_after"),
            error.retry_after().map(|time| time.as_secs_f64()).into_pyobject(py)?,
        ),
        (intern!(py, "retryable"), error.retryable().into_pyobject(py)?.to_owned().into_any()),
        (
            intern!(py, "may_have_been_applied"),
            error.may_have_been_applied().into_pyobject(py)?.to_owned().into_any(),
        ),
        (intern!(py, "reason"), error.reason().into_pyobject(py)?),
    ];
    class(py, error.kind().class())?.call((error.message(),), Some(&attributes.into_py_dict(py)?))
}

/// `airudder.errors.InvalidRequestError` for an argument that cannot be passed to core.
pub fn invalid_request(py: Python<'_>, message: &str) -> PyErr {
    raise(py, "InvalidRequestError", message)
}

/// `airudder.errors.ConfigurationError` for a setting that cannot be passed to core.
pub fn configuration(py: Python<'_>, message: &str) -> PyErr {
    raise(py, "ConfigurationError", message)
}

fn raise(py: Python<'_>, name: &str, message: &str) -> PyErr {
    class(py, name)
        .and_then(|class| {
            let nothing_was_sent = [(intern!(py, "may_have_been_applied"), false)].into_py_dict(py)?;
            class.call((message,), Some(&nothing_was_sent))
        })
        .map_or_else(|failure| failure, PyErr::from_value)
}

fn class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import(intern!(py, "airudder.errors"))?.getattr(name)
}

/// Runs code of core. A panic becomes an error: pyo3's `PanicException` is not an `Exception`, so programs would not catch it.
pub fn shielded<T>(py: Python<'_>, work: impl FnOnce() -> Result<T, Error>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(panicked()))
        .map_err(|error| exception(py, &error))
}

/// Awaits a call of core. A panic becomes an error.
pub async fn shielded_call<T>(call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    AssertUnwindSafe(call).catch_unwind().await.unwrap_or_else(|_| Err(panicked()))
}

/// Without the text of the panic, which may quote data. Rust has printed it already.
fn panicked() -> Error {
    Error::internal("a panic")
}
