//! The operations and kinds of events, with what the contract says of them.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::generated::events;
use crate::output;

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(operations, module)?)?;
    module.add_function(wrap_pyfunction!(event_kinds, module)?)
}

/// A dictionary for each operation.
#[pyfunction]
fn operations(py: Python<'_>) -> PyResult<Py<PyAny>> {
    let known = serde_json::from_str(&airudder::operations_json());
    output::json(py, &known.map_err(|error| PyValueError::new_err(error.to_string()))?)
}

/// Each kind of event: its name, its source, the titles of its pages, its summary, and the name of its class.
#[pyfunction]
fn event_kinds() -> Vec<events::Kind> {
    events::KINDS.to_vec()
}
