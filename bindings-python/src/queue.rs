//! Passes the outcomes of calls to an event loop.
//!
//! Waking a loop costs more than a small call does. So outcomes are queued, and only the first of a batch wakes the loop, by one byte to a socket that the
//! loop watches, which needs no interpreter.

use std::sync::{Arc, Mutex, PoisonError};

use airudder::Error;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

use crate::errors;
use crate::outcome::Outcome;

/// The completed calls of one event loop.
#[pyclass(frozen, module = "airudder._native")]
pub struct Queue {
    finished: Finished,
    waker: Arc<Waker>,
}

/// A future, and its answer or its error.
type Delivery = (Py<PyAny>, Option<Py<PyAny>>, Option<Py<PyAny>>);
type Completed = (Py<PyAny>, Result<Outcome, Error>);
type Finished = Arc<Mutex<Vec<Completed>>>;

/// Puts the outcome of a call into the queue.
pub struct Sender {
    finished: Finished,
    waker: Arc<Waker>,
}

impl Sender {
    pub fn send(self, future: Py<PyAny>, outcome: Result<Outcome, Error>) {
        let mut finished = self.finished.lock().unwrap_or_else(PoisonError::into_inner);
        finished.push((future, outcome));
        let is_first = finished.len() == 1;
        drop(finished);
        if is_first {
            self.waker.wake();
        }
    }
}

impl Queue {
    pub fn sender(&self) -> Sender {
        Sender {
            finished: self.finished.clone(),
            waker: self.waker.clone(),
        }
    }
}

#[pymethods]
impl Queue {
    /// A queue that calls `wake` from any thread when it has outcomes, or makes its file descriptor readable when `wake` is None.
    #[new]
    #[pyo3(signature = (wake=None))]
    fn new(wake: Option<Py<PyAny>>) -> PyResult<Self> {
        let waker = wake.map_or_else(Waker::socket, |wake| Ok(Waker::Callback(wake)))?;
        Ok(Self {
            finished: Finished::default(),
            waker: Arc::new(waker),
        })
    }

    /// The file descriptor that is readable when the queue has outcomes.
    fn fileno(&self) -> PyResult<i32> {
        self.waker.fileno()
    }

    /// Takes the outcomes out, each as (future, answer, error).
    fn take(&self, py: Python<'_>) -> Vec<Delivery> {
        self.waker.reset();
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

    /// An outcome refers to its task, which refers to this queue: only the garbage collector can free that cycle.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        let Ok(finished) = self.finished.try_lock() else { return Ok(()) };
        finished.iter().try_for_each(|(future, _)| visit.call(future))
    }

    fn __clear__(&self) {
        let finished = std::mem::take(&mut *self.finished.lock().unwrap_or_else(PoisonError::into_inner));
        drop(finished);
    }
}

enum Waker {
    #[cfg(unix)]
    Socket {
        reader: std::os::unix::net::UnixStream,
        writer: std::os::unix::net::UnixStream,
    },
    /// For loops that cannot watch a socket, such as Windows' own.
    Callback(Py<PyAny>),
}

#[cfg(unix)]
impl Waker {
    fn socket() -> PyResult<Self> {
        let (reader, writer) = std::os::unix::net::UnixStream::pair()?;
        reader.set_nonblocking(true)?;
        writer.set_nonblocking(true)?;
        Ok(Self::Socket { reader, writer })
    }

    fn fileno(&self) -> PyResult<i32> {
        use std::os::fd::AsRawFd;
        match self {
            Self::Socket { reader, .. } => Ok(reader.as_raw_fd()),
            Self::Callback(_) => Err(unwatchable()),
        }
    }
}

#[cfg(not(unix))]
impl Waker {
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

impl Waker {
    /// A failure is harmless: the socket is full, so the loop wakes anyway, or the loop is closed.
    fn wake(&self) {
        match self {
            #[cfg(unix)]
            Self::Socket { writer, .. } => {
                use std::io::Write;
                let _ = (&*writer).write(&[1]);
            }
            Self::Callback(wake) => {
                Python::try_attach(|py| wake.call0(py).map(drop));
            }
        }
    }

    fn reset(&self) {
        match self {
            #[cfg(unix)]
            Self::Socket { reader, .. } => {
                use std::io::Read;
                let mut bytes = [0; 64];
                let _ = (&*reader).read(&mut bytes);
            }
            Self::Callback(_) => {}
        }
    }
}
