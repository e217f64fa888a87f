//! Deliveries of events to handlers in Python. Core decides which events are duplicates, and what is replied.

use std::process;
use std::sync::{Mutex, PoisonError};

use airudder::events::{Delivery as CoreDelivery, Receiver as CoreReceiver, Reply, Settled, Taken};
use futures_util::FutureExt;
use pyo3::exceptions::PyRuntimeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;

use crate::client::NativeClient;
use crate::errors::shielded;
use crate::events::{self, Headers};
use crate::outcome::{IntoPython, Outcome};
use crate::output;
use crate::pending::Pending;
use crate::process::{PerProcess, runtime};
use crate::store::Given;

/// Takes events for a router.
#[pyclass(frozen, module = "airudder._native")]
pub struct Receiver {
    client: Py<NativeClient>,
    store: Given,
    core: PerProcess<CoreReceiver>,
}

impl Receiver {
    fn core(&self, py: Python<'_>) -> PyResult<CoreReceiver> {
        let events = self.client.get().client(py)?.events();
        shielded(py, || self.core.get(|| Ok(events.receiver(self.store.store()?))))
    }
}

#[pymethods]
impl Receiver {
    #[new]
    fn new(client: Py<NativeClient>, store: &Bound<'_, PyAny>) -> PyResult<Self> {
        let receiver = Self {
            client,
            store: Given::new(store)?,
            core: PerProcess::new(),
        };
        receiver.core(store.py())?;
        Ok(receiver)
    }

    /// Opens an event and claims it: a delivery to handle, or a reply.
    fn take(&self, py: Python<'_>, body: Vec<u8>, headers: Headers, kind: Option<String>) -> PyResult<Pending> {
        let receiver = self.core(py)?;
        let take = async move {
            Ok(match receiver.take(&body, &headers, kind.as_deref()).await {
                Taken::Handle(delivery) => Outcome::Other(Box::new(Claimed { delivery, receiver })),
                Taken::Reply(reply) => Outcome::Other(Box::new(reply)),
            })
        };
        Ok(Pending::new(take.boxed(), None))
    }

    /// The reply to a body that is not bytes.
    fn not_raw(&self, py: Python<'_>, what: &str) -> PyResult<Py<PyAny>> {
        reply(py, self.core(py)?.not_raw(what))
    }

    /// How long a body may take to come, in seconds.
    #[classattr]
    const BODY_TIMEOUT: f64 = CoreReceiver::BODY_TIMEOUT.as_secs_f64();

    /// One byte more than an event may have: a body need not be read further.
    fn enough_bytes(&self, py: Python<'_>) -> PyResult<usize> {
        Ok(self.core(py)?.events().max_bytes().saturating_add(1))
    }

    /// A store of the caller's own may hold the router that holds this.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.client)?;
        self.store.traverse(&visit)
    }

    fn __clear__(&self) {
        self.store.clear();
    }
}

/// The kind that the last segment of a path names.
#[pyfunction]
pub fn kind_of_path(path: &str) -> Option<&'static str> {
    CoreReceiver::kind_of_path(path)
}

/// A delivery that is no object of Python yet.
pub struct Claimed {
    delivery: CoreDelivery,
    receiver: CoreReceiver,
}

impl IntoPython for Claimed {
    fn into_python(mut self: Box<Self>, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let event = self.delivery.take_event();
        let event = event.ok_or_else(|| PyRuntimeError::new_err("a delivery without an event"))?;
        let delivery = Delivery {
            event: events::event(py, event)?,
            claim: Mutex::new(Some(Claim {
                process: process::id(),
                claimed: Some(*self),
            })),
        };
        Ok(Py::new(py, delivery)?.into_any())
    }
}

/// An event that is being handled. Dropped without being settled, it is released, and a redelivery is handled.
#[pyclass(frozen, module = "airudder._native")]
pub struct Delivery {
    #[pyo3(get)]
    event: Py<PyAny>,
    claim: Mutex<Option<Claim>>,
}

/// The claim of a delivery, in the process that made it. A forked child inherits the claims of its parent, and must not release them.
struct Claim {
    process: u32,
    claimed: Option<Claimed>,
}

impl Drop for Claim {
    fn drop(&mut self) {
        if self.process != process::id() {
            std::mem::forget(self.claimed.take());
        }
    }
}

#[pymethods]
impl Delivery {
    /// Settles the delivery as `handled`, `failed` or `unhandled`. Cancelling the call does not undo that.
    fn settle(&self, settled: &str) -> PyResult<Pending> {
        let settled = match settled {
            "handled" => Settled::Handled,
            "unhandled" => Settled::Unhandled,
            _ => Settled::Failed,
        };
        let claim = self.claim.lock().unwrap_or_else(PoisonError::into_inner).take();
        let claimed = claim.and_then(|mut claim| claim.claimed.take());
        let Claimed { delivery, receiver } = claimed.ok_or_else(|| PyRuntimeError::new_err("this delivery was settled already"))?;
        let settle = async move {
            let settling = runtime()?.spawn(async move { receiver.settle(delivery, settled).await });
            let reply = settling.await;
            reply
                .map(|reply| Outcome::Other(Box::new(reply)))
                .map_err(|_| airudder::Error::internal("a panic"))
        };
        Ok(Pending::new(settle.boxed(), None))
    }

    /// A text without what the event says of people.
    fn redacted(&self, text: &str) -> Option<String> {
        let claim = self.claim.lock().unwrap_or_else(PoisonError::into_inner);
        let claimed = claim.as_ref().and_then(|claim| claim.claimed.as_ref());
        claimed.map(|claimed| claimed.delivery.redacted(text))
    }

    /// Releases the claim, so that a redelivery is handled.
    fn release(&self) {
        let claim = self.claim.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(claim);
    }
}

impl IntoPython for Reply {
    fn into_python(self: Box<Self>, py: Python<'_>) -> PyResult<Py<PyAny>> {
        reply(py, *self)
    }
}

/// A reply as an object of its class, and the text for the log.
fn reply(py: Python<'_>, reply: Reply) -> PyResult<Py<PyAny>> {
    let fields = (reply.status, reply.outcome, reply.reason, reply.message);
    Ok(output::class(py, intern!(py, "Reply"))?.call1(fields)?.unbind())
}
