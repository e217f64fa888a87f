//! The outcomes of calls, and how each becomes an object of Python.

use airudder::model::AnyModel;
use airudder::{Download, RawAnswer};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::{model, output};

/// A value that becomes an object of Python in the thread that takes it.
pub trait IntoPython: Send {
    fn into_python(self: Box<Self>, py: Python<'_>) -> PyResult<Py<PyAny>>;
}

/// The outcome of a call that succeeded.
pub enum Outcome {
    Model(AnyModel),
    /// A page of a list. `None` behind the last one.
    Page(Option<AnyModel>),
    Raw(RawAnswer),
    File(Download),
    Files(Vec<Download>),
    Other(Box<dyn IntoPython>),
}

impl Outcome {
    pub fn into_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(match self {
            Self::Model(answer) | Self::Page(Some(answer)) => model::object(py, answer)?,
            Self::Page(None) => py.None(),
            Self::Raw(answer) => {
                let data = output::json(py, &answer.data)?;
                let fields = (answer.http_status, answer.code, answer.status, answer.message, data);
                output::class(py, intern!(py, "RawAnswer"))?.call1(fields)?.unbind()
            }
            Self::File(file) => download(py, file)?.unbind(),
            Self::Files(files) => {
                let files = files.into_iter().map(|file| download(py, file)).collect::<PyResult<Vec<_>>>()?;
                PyTuple::new(py, files)?.into_any().unbind()
            }
            Self::Other(other) => other.into_python(py)?,
        })
    }
}

fn download(py: Python<'_>, file: Download) -> PyResult<Bound<'_, PyAny>> {
    output::class(py, intern!(py, "Download"))?.call1((file.path, file.bytes, file.content_type))
}
