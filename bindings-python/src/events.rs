//! Events: opened at once, in the thread of the caller.

use airudder::{Event, Events};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyString};

use crate::errors::{exception, shielded};
use crate::generated::models;
use crate::signer::Callback;

pub type Headers = Vec<(String, String)>;

/// Headers as a web framework has them. Fast path: a dictionary of texts. Everything else is converted by the Python package.
pub fn headers(given: &Bound<'_, PyAny>) -> PyResult<Headers> {
    static PAIRS_OF: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    if let Some(headers) = given.cast_exact::<PyDict>().ok().and_then(texts) {
        return Ok(headers);
    }
    let py = given.py();
    PAIRS_OF.import(py, "airudder._events", "pairs_of")?.call1((given,))?.extract()
}

/// The entries of a dictionary, if all are texts that can leave Python.
fn texts(dict: &Bound<'_, PyDict>) -> Option<Headers> {
    let text = |value: Bound<'_, PyAny>| Some(value.cast_exact::<PyString>().ok()?.to_str().ok()?.to_owned());
    dict.iter().map(|(name, value)| text(name).zip(text(value))).collect()
}

/// Opens an event. The signer is called here: this thread is attached to the interpreter already.
pub fn unwrap(
    py: Python<'_>,
    events: &Events,
    signer: Option<&Callback>,
    body: &[u8],
    headers: &Headers,
    kind: Option<&str>,
) -> PyResult<Py<PyAny>> {
    let opened = shielded(py, || {
        let asked = signer.zip(events.to_sign(body, headers));
        let sign = asked.map(|(signer, unsigned)| signer.ask(unsigned, None)).transpose();
        let sign = sign.map_err(|error| events.signer_failed(&error.to_string()))?;
        events.unwrap_expecting(body, headers, kind, sign.as_deref())
    })?;
    event(py, opened)
}

/// An event as an object of its class.
pub fn event(py: Python<'_>, event: Event) -> PyResult<Py<PyAny>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let key = event.key().to_owned();
    let data = models::event(py, event.data)?;
    let class = CLASS.import(py, "airudder.results", "Event")?;
    Ok(class.call1((event.kind, data, key, event.authenticated.as_str()))?.unbind())
}

/// The exception for a body that is not bytes; `what` is its type.
pub fn not_raw(py: Python<'_>, events: &Events, what: &str) -> PyErr {
    exception(py, &events.not_raw(what))
}

/// A body as AI Rudder might post it.
pub fn sample<'py>(py: Python<'py>, events: &Events, kind: &str) -> PyResult<Bound<'py, PyBytes>> {
    Ok(PyBytes::new(py, &shielded(py, || events.sample_of(kind))?))
}

/// The headers of a body that is signed.
pub fn sign(py: Python<'_>, events: &Events, signer: Option<&Callback>, body: &[u8]) -> PyResult<Headers> {
    shielded(py, || match signer.zip(events.to_sign_for_test(body)) {
        Some((signer, unsigned)) => {
            let sign = signer
                .ask(unsigned, None)
                .map_err(|error| events.signer_failed(&error.to_string()))?;
            Ok(events.signed_headers(sign))
        }
        None => events.sign(body),
    })
}

/// A body encrypted, and its headers.
pub fn encrypt<'py>(py: Python<'py>, events: &Events, body: &[u8]) -> PyResult<(Bound<'py, PyBytes>, Headers)> {
    let (body, headers) = shielded(py, || events.encrypt(body))?;
    Ok((PyBytes::new(py, &body), headers))
}
