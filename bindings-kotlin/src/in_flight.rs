//! Calls in flight, and completed ones.
//!
//! The thread that fetches completed calls also drives the network. A separate thread for the network would have to wake it for each answer.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use airudder::Error;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use tokio::task::{AbortHandle, yield_now};

use crate::failure::{NativeError, panicked};

/// The outcome of a call: JSON text, or a failure.
pub(crate) type Outcome = Result<String, NativeError>;

/// All direct calls of this process.
pub(crate) struct InFlight {
    runtime: Runtime,
    calls: Mutex<Calls>,
    waker: Notify,
}

#[derive(Default)]
struct Calls {
    started: HashMap<i64, AbortHandle>,
    finished: VecDeque<(i64, Outcome)>,
}

/// `None` if the system lacks the resources to wait for the network.
pub(crate) fn in_flight() -> Option<&'static InFlight> {
    static IN_FLIGHT: OnceLock<Option<InFlight>> = OnceLock::new();
    let in_flight = IN_FLIGHT.get_or_init(|| {
        Some(InFlight {
            runtime: Builder::new_current_thread().enable_all().build().ok()?,
            calls: Mutex::default(),
            waker: Notify::new(),
        })
    });
    in_flight.as_ref()
}

impl InFlight {
    pub(crate) fn start(&'static self, number: i64, work: impl Future<Output = Result<String, Error>> + Send + 'static) {
        // Locked until the call is noted: it may complete before that.
        let mut calls = self.calls();
        let task = self.runtime.spawn(async move {
            let mut call = Call {
                in_flight: self,
                number,
                is_open: true,
            };
            let outcome = work.await;
            call.is_open = false;
            self.finish(number, outcome.map_err(NativeError::from));
        });
        calls.started.insert(number, task.abort_handle());
    }

    /// Aborts a call. Its outcome is dropped.
    pub(crate) fn cancel(&self, number: i64) {
        let call = self.calls().started.remove(&number);
        if let Some(call) = call {
            call.abort();
        }
    }

    /// Drives the network until a call completes.
    pub(crate) fn wait(&self) {
        self.runtime.block_on(async {
            while self.calls().finished.is_empty() {
                self.waker.notified().await;
            }
            // Other calls that complete without waiting join the batch.
            yield_now().await;
        });
    }

    /// Passes completed calls to `take` until it returns false.
    pub(crate) fn take_each(&self, mut take: impl FnMut(i64, &Outcome) -> bool) {
        let mut calls = self.calls();
        while let Some((number, outcome)) = calls.finished.front() {
            if !take(*number, outcome) {
                break;
            }
            calls.finished.pop_front();
        }
    }

    fn finish(&self, number: i64, outcome: Outcome) {
        let mut calls = self.calls();
        if calls.started.remove(&number).is_some() {
            calls.finished.push_back((number, outcome));
            self.waker.notify_one();
        }
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Completes the call if its work panics.
struct Call {
    in_flight: &'static InFlight,
    number: i64,
    is_open: bool,
}

impl Drop for Call {
    fn drop(&mut self) {
        if self.is_open {
            self.in_flight.finish(self.number, Err(panicked()));
        }
    }
}
