//! Paged lists.

use std::process;
use std::sync::Arc;

use airudder::Pager as Core;
use futures_util::FutureExt;
use pyo3::prelude::*;
use tokio::sync::Mutex;

use crate::errors::invalid_request;
use crate::outcome::Outcome;
use crate::pending::Pending;

/// The pages of a list. It works only in the process that made it, as do its connections.
#[pyclass(frozen, module = "airudder._native")]
pub struct Pager {
    pager: Arc<Mutex<Core>>,
    process: u32,
}

impl Pager {
    pub fn new(pager: Core) -> Self {
        Self {
            pager: Arc::new(Mutex::new(pager)),
            process: process::id(),
        }
    }
}

#[pymethods]
impl Pager {
    /// The call for the next page; its answer is None when there is none.
    fn next(&self, py: Python<'_>) -> PyResult<Pending> {
        if self.process != process::id() {
            return Err(invalid_request(
                py,
                "The list was begun in another process. Begin it anew in this one.",
            ));
        }
        let pager = self.pager.clone();
        let page = async move { pager.lock().await.next_page().await.map(Outcome::Page) };
        Ok(Pending::new(page.boxed(), None))
    }
}
