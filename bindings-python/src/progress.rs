//! Listeners of downloads.

use std::sync::{Arc, Mutex, PoisonError};

use airudder::DownloadProgress;
use pyo3::intern;
use pyo3::prelude::*;

use crate::errors::invalid_request;
use crate::output;
use crate::signer::EVENT_LOOP;

/// A callable of Python that hears how far a download is: in the thread that waits, or in the event loop.
#[derive(Clone)]
pub struct Listener {
    callback: Arc<Py<PyAny>>,
    /// What the callable raised.
    raised: Arc<Mutex<Option<PyErr>>>,
}

impl Listener {
    pub fn new(callback: Bound<'_, PyAny>) -> PyResult<Self> {
        if !callback.is_callable() {
            return Err(invalid_request(callback.py(), "`on_progress` must be callable."));
        }
        Ok(Self {
            callback: Arc::new(callback.unbind()),
            raised: Arc::default(),
        })
    }

    pub fn hear(&self, progress: &DownloadProgress) {
        Python::attach(|py| {
            if let Err(error) = self.tell(py, progress) {
                self.raised.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            }
        });
    }

    fn tell(&self, py: Python<'_>, progress: &DownloadProgress) -> PyResult<()> {
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
            Ok(event_loop) => event_loop.call_method1(py, intern!(py, "call_soon_threadsafe"), (&*self.callback, progress)),
            Err(_) => self.callback.call1(py, (progress,)),
        }?;
        Ok(())
    }

    /// What the callable raised.
    pub fn raised(&self) -> Option<PyErr> {
        self.raised.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
