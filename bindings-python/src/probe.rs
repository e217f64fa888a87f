//! Access for the package's tests to every row of the error table, and to a panic.

use airudder::{Error, ErrorKind};
use futures_util::FutureExt;
use pyo3::prelude::*;

use crate::errors::exception;
use crate::pending::Pending;

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(_error_codes, module)?)?;
    module.add_function(wrap_pyfunction!(_raise_sample, module)?)?;
    module.add_function(wrap_pyfunction!(_panicking_call, module)?)
}

/// The code of every row of the error table.
#[pyfunction]
fn _error_codes() -> Vec<&'static str> {
    ErrorKind::ALL.iter().map(|kind| kind.code()).collect()
}

/// Raises the error of this code with every attribute set.
#[pyfunction]
fn _raise_sample(py: Python<'_>, code: &str) -> PyResult<()> {
    match ErrorKind::ALL.iter().find(|kind| kind.code() == code) {
        Some(kind) => Err(exception(py, &Error::sample(*kind))),
        None => Ok(()),
    }
}

/// A call in which core panics.
#[pyfunction]
fn _panicking_call() -> Pending {
    // Unlike `panic!`, this prints nothing.
    Pending::new(async { std::panic::resume_unwind(Box::new("on purpose")) }.boxed(), None)
}
