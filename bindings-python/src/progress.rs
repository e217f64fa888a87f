//! Listeners of downloads.

use std::sync::{Arc, Mutex, PoisonError};

use airudder::DownloadProgress;
use pyo3::intern;
use pyo3::prelude::*;

use crate::errors::invalid_request;
use crate::output;
use crate::signer::EVENT_LOOP;

/// The argument `on_progress` of a download. A blocking call runs it in the thread that waits, any other in the event loop.
#[derive(Clone)]
pub struct Listener {
    callback: Option<Arc<Py<PyAny>>>,
    /// The first exception of the callback.
    raised: Arc<Mutex<Option<PyErr>>>,
}

impl Listener {
    pub fn new(callback: Option<Bound<'_, PyAny>>) -> PyResult<Self> {
        match callback {
            Some(callback) if !callback.is_callable() => Err(invalid_request(callback.py(), "`on_progress` must be callable.")),
            callback => Ok(Self {
                callback: callback.map(|callback| Arc::new(callback.unbind())),
                raised: Arc::default(),
            }),
        }
    }

    /// The listener for core.
    pub fn hearing(&self) -> impl Fn(&DownloadProgress) + Send + Sync + 'static {
        let Self { callback, raised } = self.clone();
        move |progress| {
            let Some(callback) = &callback else { return };
            Python::attach(|py| {
                if let Err(error) = Self::call(py, callback, progress) {
                    raised.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                }
            });
        }
    }

    fn call(py: Python<'_>, callback: &Py<PyAny>, progress: &DownloadProgress) -> PyResult<()> {
        let DownloadProgress {
            path,
            bytes,
            total_bytes,
            file,
            files,
            ..
        } = progress;
        let progress = output::class(py, intern!(py, "DownloadProgress"))?.call1((path, bytes, total_bytes, file, files))?;
        match EVENT_LOOP.try_with(Arc::clone) {
            Ok(event_loop) => event_loop.call_method1(py, intern!(py, "call_soon_threadsafe"), (callback, progress)),
            Err(_) => callback.call1(py, (progress,)),
        }?;
        Ok(())
    }

    /// Takes the exception of the callback.
    pub fn raised(&self) -> Option<PyErr> {
        self.raised.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
