//! A signer that is written in Python.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use airudder::{SignError, Signer, Unsigned};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::output;

tokio::task_local! {
    /// The event loop that waits for the current call. A blocking call has none.
    pub static EVENT_LOOP: Arc<Py<PyAny>>;
}

/// A callable that signs. It runs on a thread that may block, which is the only one attached to the interpreter.
#[derive(Clone)]
pub struct Callback(Arc<Mutex<Option<Py<PyAny>>>>);

impl Callback {
    pub fn new(callable: Py<PyAny>) -> Self {
        Self(Arc::new(Mutex::new(Some(callable))))
    }

    fn callable(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        let callable = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        callable.as_ref().map(|callable| callable.clone_ref(py))
    }

    /// A signer is often a method of the object that owns the client: only the garbage collector can free that cycle.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        let Ok(callable) = self.0.try_lock() else { return Ok(()) };
        callable.iter().try_for_each(|callable| visit.call(callable))
    }

    pub fn clear(&self) {
        let callable = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(callable);
    }

    pub fn ask(&self, request: Unsigned, event_loop: Option<&Py<PyAny>>) -> Result<String, SignError> {
        // An interpreter that shuts down runs no more code.
        Python::try_attach(|py| {
            let callable = self.callable(py).ok_or_else(|| SignError::new("it is gone"))?;
            sign(py, &callable, request, event_loop).unwrap_or_else(|error| Err(raised(py, &error)))
        })
        .unwrap_or_else(|| Err(SignError::new("Python is ending")))
    }
}

impl Signer for Callback {
    fn sign<'a>(&'a self, request: &'a Unsigned) -> Pin<Box<dyn Future<Output = Result<String, SignError>> + Send + 'a>> {
        let (callback, request) = (self.clone(), request.clone());
        let event_loop = EVENT_LOOP.try_with(Arc::clone).ok();
        Box::pin(async move {
            let asked = tokio::task::spawn_blocking(move || callback.ask(request, event_loop.as_deref()));
            asked.await.unwrap_or_else(|_| Err(SignError::new("it did not end")))
        })
    }
}

fn sign(py: Python<'_>, callable: &Py<PyAny>, request: Unsigned, event_loop: Option<&Py<PyAny>>) -> PyResult<Result<String, SignError>> {
    let body = request.body.as_deref().map(|body| PyBytes::new(py, body));
    let fields = (request.method, request.path, request.sign_key, body, request.body_sha256);
    let request = output::class(py, intern!(py, "SignRequest"))?.call1(fields)?;
    let mut sign = callable.bind(py).call1((request,))?;
    if sign.hasattr(intern!(py, "__await__"))? {
        let Some(event_loop) = event_loop else {
            // Closed, a coroutine does not warn that it was never awaited.
            sign.call_method0(intern!(py, "close"))?;
            return Ok(Err(SignError::new("it must be awaited, which only AsyncClient does")));
        };
        let outcome = py
            .import(intern!(py, "asyncio"))?
            .call_method1(intern!(py, "run_coroutine_threadsafe"), (sign, event_loop))?;
        sign = outcome.call_method0(intern!(py, "result"))?;
    }
    Ok(sign.extract().map_err(|_: PyErr| SignError::new("it must return text")))
}

/// With the class of the exception only: its text may hold anything.
fn raised(py: Python<'_>, error: &PyErr) -> SignError {
    let name = error.get_type(py).qualname().map(|name| name.to_string());
    SignError::new(format!("it raised {}", name.as_deref().unwrap_or("an exception")))
}
