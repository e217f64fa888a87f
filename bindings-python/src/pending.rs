//! Pending calls: a thread or an event loop waits for them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use airudder::{Error, Interruption};
use futures_util::future::BoxFuture;
use pyo3::exceptions::PyRuntimeError;
use pyo3::intern;
use pyo3::prelude::*;
use tokio::task::AbortHandle;
use tokio::time::timeout;

use crate::driver::driver;
use crate::errors::{exception, shielded_call};
use crate::outcome::Outcome;
use crate::process::runtime;
use crate::progress::Listener;
use crate::queue::Queue;
use crate::signer::EVENT_LOOP;

/// How often a waiting thread checks for signals such as Ctrl-C. Python only notes a signal; acting on it takes the interpreter.
const SIGNALS: Duration = Duration::from_millis(50);

pub type Call = BoxFuture<'static, Result<Outcome, Error>>;

/// One call. It is sent once, when it is first waited for.
#[pyclass(frozen, module = "airudder._native")]
pub struct Pending {
    state: Mutex<State>,
    /// The note if it is cancelled. `None` for work that sends no request.
    interruption: Option<Interruption>,
    /// Who hears of a download.
    listener: Option<Listener>,
}

enum State {
    Unsent(Call),
    Started(AbortHandle),
    Taken,
}

impl Pending {
    pub fn new(call: Call, interruption: Option<Interruption>) -> Self {
        Self {
            state: Mutex::new(State::Unsent(call)),
            interruption,
            listener: None,
        }
    }

    /// A download.
    pub fn listened(call: Call, interruption: Interruption, listener: Listener) -> Self {
        Self {
            listener: Some(listener),
            ..Self::new(call, Some(interruption))
        }
    }

    fn replace(&self, state: State) -> State {
        std::mem::replace(&mut *self.state.lock().unwrap_or_else(PoisonError::into_inner), state)
    }

    fn take(&self) -> PyResult<Call> {
        match self.replace(State::Taken) {
            State::Unsent(call) => Ok(call),
            _ => Err(PyRuntimeError::new_err("this call was sent already")),
        }
    }
}

impl Pending {
    /// The exception of a signal handler, with the note.
    fn noted(&self, py: Python<'_>, raised: PyErr) -> PyErr {
        if let Some(note) = self.interruption() {
            // Without the note the exception is still the one that has to be raised.
            raised.value(py).call_method1(intern!(py, "add_note"), (note,)).ok();
        }
        raised
    }
}

#[pymethods]
impl Pending {
    /// Sends the call and waits for its answer. Other threads run meanwhile; a signal whose handler raises ends the call.
    fn wait(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let driver = driver().map_err(|error| exception(py, &error))?;
        // An interrupted call is dropped inside the runtime, which closes its connection.
        let _context = driver.enter();
        let mut call = Box::pin(shielded_call(self.take()?));
        loop {
            let turn = py.detach(|| driver.wait(timeout(SIGNALS, call.as_mut())));
            if let Some(raised) = self.listener.as_ref().and_then(Listener::raised) {
                return Err(raised);
            }
            match turn {
                Ok(Ok(answer)) => return answer.into_python(py),
                Ok(Err(error)) => return Err(exception(py, &error)),
                Err(_) => py.check_signals().map_err(|raised| self.noted(py, raised))?,
            }
        }
    }

    /// Sends the call; its outcome goes to the queue, for the future.
    fn start(&self, py: Python<'_>, queue: &Queue, future: Py<PyAny>) -> PyResult<()> {
        let runtime = runtime().map_err(|error| exception(py, &error))?;
        let call = self.take()?;
        let finished = queue.sender();
        let event_loop = future.call_method0(py, intern!(py, "get_loop"))?;
        let call = EVENT_LOOP.scope(Arc::new(event_loop), shielded_call(call));
        let task = runtime.spawn(async move {
            let outcome = call.await;
            finished.send(future, outcome);
        });
        self.replace(State::Started(task.abort_handle()));
        Ok(())
    }

    /// The note for a cancelled call. None if the operation has no effect.
    fn interruption(&self) -> Option<String> {
        self.interruption.and_then(Interruption::note)
    }

    /// Aborts a call in flight, on the wire too. Does nothing to a completed one.
    fn cancel(&self) {
        if let State::Started(task) = self.replace(State::Taken) {
            task.abort();
        }
    }
}
