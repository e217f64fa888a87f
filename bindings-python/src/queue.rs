//! Brings the outcomes of calls to an event loop.
//!
//! Waking a loop costs more than a small call does. So outcomes gather in a queue, and only the first of a batch wakes the loop: by one byte into a
//! socket that it watches, for which nobody needs the interpreter.

use std::sync::{Arc, Mutex, PoisonError};

use airudder::Error;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

use crate::errors;
use crate::pending::Answer;

/// The finished calls of one event loop.
#[pyclass(frozen, module = "airudder._native")]
pub struct Queue {
    finished: Finished,
    bell: Arc<Bell>,
}

/// A future, and its answer or its error.
type Delivery = (Py<PyAny>, Option<Py<PyAny>>, Option<Py<PyAny>>);
type Outcome = (Py<PyAny>, Result<Answer, Error>);
type Finished = Arc<Mutex<Vec<Outcome>>>;

/// Where a call puts its outcome.
pub struct Sender {
    finished: Finished,
    bell: Arc<Bell>,
}

impl Sender {
    pub fn send(self, future: Py<PyAny>, outcome: Result<Answer, Error>) {
        let mut finished = self.finished.lock().unwrap_or_else(PoisonError::into_inner);
        finished.push((future, outcome));
        let is_first = finished.len() == 1;
        drop(finished);
        if is_first {
            self.bell.ring();
        }
    }
}

impl Queue {
    pub fn sender(&self) -> Sender {
        Sender {
            finished: self.finished.clone(),
            bell: self.bell.clone(),
        }
    }
}

#[pymethods]
impl Queue {
    /// A queue that calls `wake` from any thread when outcomes have come, or makes its file descriptor readable when `wake` is None.
    #[new]
    #[pyo3(signature = (wake=None))]
    fn new(wake: Option<Py<PyAny>>) -> PyResult<Self> {
        let bell = wake.map_or_else(Bell::socket, |wake| Ok(Bell::Callback(wake)))?;
        Ok(Self {
            finished: Finished::default(),
            bell: Arc::new(bell),
        })
    }

    /// The file descriptor that is readable when outcomes have come.
    fn fileno(&self) -> PyResult<i32> {
        self.bell.fileno()
    }

    /// The outcomes that have come, each as (future, answer, error).
    fn take(&self, py: Python<'_>) -> Vec<Delivery> {
        self.bell.silence();
        let finished = std::mem::take(&mut *self.finished.lock().unwrap_or_else(PoisonError::into_inner));
        let outcomes = finished.into_iter().map(|(future, outcome)| {
            let answer = match outcome {
                Ok(answer) => answer.into_python(py),
                Err(error) => Err(errors::exception(py, &error)),
            };
            match answer {
                Ok(answer) => (future, Some(answer), None),
                Err(error) => (future, None, Some(error.into_value(py).into_any())),
            }
        });
        outcomes.collect()
    }

    /// An outcome that nobody takes any more holds its task, which holds this queue: only the garbage collector sees that.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        let Ok(finished) = self.finished.try_lock() else { return Ok(()) };
        finished.iter().try_for_each(|(future, _)| visit.call(future))
    }

    fn __clear__(&self) {
        let finished = std::mem::take(&mut *self.finished.lock().unwrap_or_else(PoisonError::into_inner));
        drop(finished);
    }
}

enum Bell {
    #[cfg(unix)]
    Socket {
        heard: std::os::unix::net::UnixStream,
        rung: std::os::unix::net::UnixStream,
    },
    /// For loops that cannot watch a socket, such as Windows' own.
    Callback(Py<PyAny>),
}

#[cfg(unix)]
impl Bell {
    fn socket() -> PyResult<Self> {
        let (heard, rung) = std::os::unix::net::UnixStream::pair()?;
        heard.set_nonblocking(true)?;
        rung.set_nonblocking(true)?;
        Ok(Self::Socket { heard, rung })
    }

    fn fileno(&self) -> PyResult<i32> {
        use std::os::fd::AsRawFd;
        match self {
            Self::Socket { heard, .. } => Ok(heard.as_raw_fd()),
            Self::Callback(_) => Err(unwatchable()),
        }
    }
}

#[cfg(not(unix))]
impl Bell {
    fn socket() -> PyResult<Self> {
        Err(unwatchable())
    }

    fn fileno(&self) -> PyResult<i32> {
        Err(unwatchable())
    }
}

fn unwatchable() -> PyErr {
    pyo3::exceptions::PyNotImplementedError::new_err("this queue has no file descriptor")
}

impl Bell {
    /// Only a bell that is rung already cannot be rung: a byte that does not fit into the socket, a loop that is closed.
    fn ring(&self) {
        match self {
            #[cfg(unix)]
            Self::Socket { rung, .. } => {
                use std::io::Write;
                let _ = (&*rung).write(&[1]);
            }
            Self::Callback(wake) => {
                Python::try_attach(|py| wake.call0(py).map(drop));
            }
        }
    }

    fn silence(&self) {
        match self {
            #[cfg(unix)]
            Self::Socket { heard, .. } => {
                use std::io::Read;
                let mut rings = [0; 64];
                let _ = (&*heard).read(&mut rings);
            }
            Self::Callback(_) => {}
        }
    }
}
