//! Calls that are underway, and those that have finished.
//!
//! The thread that fetches what has finished is the one that drives the network meanwhile: a thread of its own for that would have to wake the other
//! one for each answer.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use airudder::Error;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use tokio::task::{AbortHandle, yield_now};

use crate::failure::{NativeError, panicked};

/// What became of a call: JSON text, or a failure.
pub(crate) type Outcome = Result<String, NativeError>;

/// All calls of this process that came by the short way.
pub(crate) struct Underway {
    runtime: Runtime,
    calls: Mutex<Calls>,
    bell: Notify,
}

#[derive(Default)]
struct Calls {
    started: HashMap<i64, AbortHandle>,
    finished: VecDeque<(i64, Outcome)>,
}

/// None when the system has nothing left to wait for the network with.
pub(crate) fn underway() -> Option<&'static Underway> {
    static UNDERWAY: OnceLock<Option<Underway>> = OnceLock::new();
    let underway = UNDERWAY.get_or_init(|| {
        Some(Underway {
            runtime: Builder::new_current_thread().enable_all().build().ok()?,
            calls: Mutex::default(),
            bell: Notify::new(),
        })
    });
    underway.as_ref()
}

impl Underway {
    pub(crate) fn start(&'static self, number: i64, work: impl Future<Output = Result<String, Error>> + Send + 'static) {
        // Held until the call is noted, for it may be at its end before that.
        let mut calls = self.calls();
        let task = self.runtime.spawn(async move {
            let mut call = Call {
                underway: self,
                number,
                is_open: true,
            };
            let outcome = work.await;
            call.is_open = false;
            self.finish(number, outcome.map_err(NativeError::from));
        });
        calls.started.insert(number, task.abort_handle());
    }

    /// Ends a call, whose outcome nobody waits for any more.
    pub(crate) fn cancel(&self, number: i64) {
        let call = self.calls().started.remove(&number);
        if let Some(call) = call {
            call.abort();
        }
    }

    /// Drives the network until calls have finished.
    pub(crate) fn wait(&self) {
        self.runtime.block_on(async {
            while self.calls().finished.is_empty() {
                self.bell.notified().await;
            }
            // Whatever else can be finished without waiting comes along.
            yield_now().await;
        });
    }

    /// Gives each finished call to `take` until it wants no more.
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
            self.bell.notify_one();
        }
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that also ends when its work panics.
struct Call {
    underway: &'static Underway,
    number: i64,
    is_open: bool,
}

impl Drop for Call {
    fn drop(&mut self) {
        if self.is_open {
            self.underway.finish(self.number, Err(panicked()));
        }
    }
}
