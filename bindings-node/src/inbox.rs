//! Passes the outcomes of calls to JavaScript.
//!
//! Waking a thread of JavaScript costs more than a small call does. So all calls that complete before the runtime is idle share one wake-up, and an outcome
//! is a pair in an array. A promise of napi would be a thread-safe function for each call.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use airudder::Error;
use napi::bindgen_prelude::{Either3, Either4, Function, Latin1String, spawn};
use napi::threadsafe_function::{ThreadsafeCallContext, ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Result, Status};
use napi_derive::napi;

use crate::cancellation::Cancellation;
use crate::failure::{Failure, Outcome, guarded};
use crate::text::text;

/// The number of a call, or its outcome.
type Entry = Either4<u32, Latin1String, String, Failure>;

/// Calls JavaScript with numbers and outcomes in turn. It does not keep the process alive.
type Waker = ThreadsafeFunction<(), (), Vec<Entry>, Status, false, true>;

/// The completed calls of one thread of JavaScript.
#[napi]
#[allow(missing_debug_implementations)] // holds people's data
#[derive(Clone)]
pub struct Inbox {
    completed: Arc<Mutex<Vec<Entry>>>,
    waker: Arc<Mutex<Waker>>,
}

#[napi]
impl Inbox {
    /// `settle` is called with the numbers and outcomes of calls.
    #[napi(constructor)]
    pub fn new(settle: Function<Vec<Entry>, ()>) -> Result<Self> {
        let completed = Arc::new(Mutex::new(Vec::new()));
        let taken = Arc::clone(&completed);
        let waker = settle
            .build_threadsafe_function::<()>()
            .weak::<true>()
            .build_callback(move |_: ThreadsafeCallContext<()>| Ok(std::mem::take(&mut *lock(&taken))))?;
        Ok(Self {
            completed,
            waker: Arc::new(Mutex::new(waker)),
        })
    }

    /// Keeps the process alive while calls are in flight.
    #[napi]
    #[allow(deprecated)] // what napi names instead does not begin to hold again
    pub fn hold(&self, env: Env) -> Result<()> {
        lock(&self.waker).refer(&env)
    }

    /// Lets the process end.
    #[napi]
    #[allow(deprecated)]
    pub fn release(&self, env: Env) -> Result<()> {
        lock(&self.waker).unref(&env)
    }
}

/// Numbers of calls are smaller. This number added to one marks the progress of that call.
const NUMBERS: u32 = 1 << 30;

/// Reports the progress of a call.
#[allow(missing_debug_implementations)] // of no use
pub struct Listener {
    inbox: Inbox,
    number: u32,
}

impl Listener {
    /// Passes on JSON text.
    pub fn hear(&self, progress: String) {
        lock(&self.inbox.completed).extend([Entry::A(self.number), Entry::C(progress)]);
        lock(&self.inbox.waker).call((), ThreadsafeFunctionCallMode::NonBlocking);
    }
}

impl Inbox {
    /// Runs the work, and passes its outcome on under this number. A cancelled call has an empty outcome, which JavaScript ignores.
    pub(crate) fn run(
        &self,
        number: u32,
        cancellation: Option<&Cancellation>,
        work: impl Future<Output = std::result::Result<String, Error>> + Send + 'static,
    ) {
        let inbox = self.clone();
        let cancelled = cancellation.map(Cancellation::notify);
        let work = guarded(work);
        spawn(async move {
            let outcome = match cancelled {
                None => work.await,
                Some(cancelled) => tokio::select! {
                    biased;
                    () = cancelled.notified() => Outcome::A(String::new()),
                    outcome = work => outcome,
                },
            };
            inbox.put(number, outcome).await;
        });
    }

    /// The listener for the progress of the call of this number.
    pub(crate) fn listener(&self, number: u32) -> Listener {
        Listener {
            inbox: self.clone(),
            number: number.saturating_add(NUMBERS),
        }
    }

    async fn put(&self, number: u32, outcome: Outcome<String>) {
        let is_first = {
            let mut completed = lock(&self.completed);
            let is_first = completed.is_empty();
            completed.extend([Entry::A(number), entry(outcome)]);
            is_first
        };
        if is_first {
            // Lets other answers that have arrived already join the batch.
            tokio::task::yield_now().await;
            lock(&self.waker).call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }
}

fn entry(outcome: Outcome<String>) -> Entry {
    match text(outcome) {
        Either3::A(text) => Entry::B(text),
        Either3::B(text) => Entry::C(text),
        Either3::C(failure) => Entry::D(failure),
    }
}

/// No code can panic half-way through a change of the value.
fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}
