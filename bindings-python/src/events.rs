//! Events: opened at once, in the thread of the caller.

use airudder::{Event, Events};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::errors::{exception, shielded};
use crate::generated::models;
use crate::output;
use crate::signer::Callback;

pub type Headers = Vec<(String, String)>;

/// Opens an event. A signer is asked here, for the thread that it is asked on holds the interpreter already.
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
    let key = event.key().to_owned();
    let data = models::event(py, event.data)?;
    Ok(output::class(py, intern!(py, "Event"))?.call1((event.kind, data, key))?.unbind())
}

/// The exception for a body that is no bytes; `what` says what it is.
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
