//! Answers on their way to JavaScript.
//!
//! To wake its thread costs more than an answer does. So whatever has ended by the time when the runtime finds nothing else to do crosses together,
//! and an answer is a pair in an array instead of a thread-safe function of its own, as each promise of napi's is.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use airudder::Error;
use napi::bindgen_prelude::{Either3, Either4, Function, Latin1String, spawn};
use napi::threadsafe_function::{ThreadsafeCallContext, ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Result, Status};
use napi_derive::napi;

use crate::cancellation::Cancellation;
use crate::failure::{Failure, Outcome, guarded};
use crate::text::text;

/// The number of a call, or what it ended with.
type Piece = Either4<u32, Latin1String, String, Failure>;

/// Calls JavaScript with numbers and ends by turns. By itself it keeps no process alive.
type Wake = ThreadsafeFunction<(), (), Vec<Piece>, Status, false, true>;

/// What JavaScript is told of the calls that it has begun, in one of its threads.
#[napi]
#[allow(missing_debug_implementations)] // holds people's data
#[derive(Clone)]
pub struct Inbox {
    ended: Arc<Mutex<Vec<Piece>>>,
    wake: Arc<Mutex<Wake>>,
}

#[napi]
impl Inbox {
    /// `settle` is called with the numbers and the ends of calls.
    #[napi(constructor)]
    pub fn new(settle: Function<Vec<Piece>, ()>) -> Result<Self> {
        let ended = Arc::new(Mutex::new(Vec::new()));
        let taken = Arc::clone(&ended);
        let wake = settle
            .build_threadsafe_function::<()>()
            .weak::<true>()
            .build_callback(move |_: ThreadsafeCallContext<()>| Ok(std::mem::take(&mut *lock(&taken))))?;
        Ok(Self {
            ended,
            wake: Arc::new(Mutex::new(wake)),
        })
    }

    /// Keeps the process alive, for there are calls whose end somebody waits for.
    #[napi]
    #[allow(deprecated)] // what napi names instead does not begin to hold again
    pub fn hold(&self, env: Env) -> Result<()> {
        lock(&self.wake).refer(&env)
    }

    /// Lets the process end.
    #[napi]
    #[allow(deprecated)]
    pub fn release(&self, env: Env) -> Result<()> {
        lock(&self.wake).unref(&env)
    }
}

impl Inbox {
    /// Does the work, and tells its end under this number. A cancellation ends it with an answer that nobody reads.
    pub(crate) fn tell(
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

    async fn put(&self, number: u32, outcome: Outcome<String>) {
        let is_first = {
            let mut ended = lock(&self.ended);
            let is_first = ended.is_empty();
            ended.extend([Piece::A(number), piece(outcome)]);
            is_first
        };
        if is_first {
            // Until what came from the network together has been read.
            tokio::task::yield_now().await;
            lock(&self.wake).call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }
}

fn piece(outcome: Outcome<String>) -> Piece {
    match text(outcome) {
        Either3::A(text) => Piece::B(text),
        Either3::B(text) => Piece::C(text),
        Either3::C(failure) => Piece::D(failure),
    }
}

/// Nothing that holds a lock can panic half-way through a change.
fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}
