//! The runtime of calls that a thread waits for.
//!
//! Handing a call to another thread, and its answer back, takes longer than the rest of a small call. So whoever waits does the work: the
//! connections of the calls move on in the waiting thread, and of several threads that wait one moves on those of all. What has to go on while
//! nobody waits, such as noticing that the server ends a connection, a thread of the driver's own sees to.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use airudder::Error;
use tokio::runtime::{Builder, EnterGuard, Runtime};
use tokio::sync::Notify;
use tokio::task::yield_now;

use crate::process::PerProcess;

/// How long nobody must have waited before the driver's own thread takes over. Until then a program is likely to make its next call.
const QUIET: Duration = Duration::from_millis(20);

/// How old what is known of the connections may be when a call begins, in microseconds.
const FRESH: u64 = 500;

/// Lets waiting threads do the work of a runtime.
pub struct Driver {
    runtime: Runtime,
    made: Instant,
    /// How many threads wait.
    waiting: AtomicUsize,
    /// How many have ever waited.
    turns: AtomicUsize,
    /// When the last one stopped to wait, in microseconds.
    left: AtomicU64,
    /// Whether the driver's own thread works, or is about to.
    is_minded: AtomicBool,
    leave: Notify,
}

/// The driver of this process. It lives as long as the process.
pub fn driver() -> Result<&'static Driver, Error> {
    static DRIVER: PerProcess<&'static Driver> = PerProcess::new();
    DRIVER.get(|| {
        let no_threads = |error| Error::internal(format!("the system gives no threads: {error}"));
        let driver: &'static Driver = Box::leak(Box::new(Driver {
            runtime: Builder::new_current_thread().enable_all().build().map_err(no_threads)?,
            made: Instant::now(),
            waiting: AtomicUsize::new(0),
            turns: AtomicUsize::new(0),
            left: AtomicU64::new(0),
            is_minded: AtomicBool::new(false),
            leave: Notify::new(),
        }));
        let minder = thread::Builder::new().name("airudder".to_owned());
        minder.spawn(|| driver.mind()).map_err(no_threads)?;
        Ok(driver)
    })
}

impl Driver {
    /// What is dropped meanwhile finds the runtime that it belongs to.
    pub fn enter(&self) -> EnterGuard<'_> {
        self.runtime.enter()
    }

    /// Waits, and works meanwhile.
    pub fn wait<F: Future>(&self, future: F) -> F::Output {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        self.turns.fetch_add(1, Ordering::SeqCst);
        let _turn = Turn(self);
        let is_minded = self.is_minded.load(Ordering::SeqCst);
        if is_minded {
            self.leave.notify_one();
        }
        let is_stale = !is_minded && self.now().saturating_sub(self.left.load(Ordering::Relaxed)) > FRESH;
        self.runtime.block_on(async {
            if is_stale {
                // First the news of the connections is read, then what works on them acts on it. A request that is written to a connection which
                // has ended may or may not have arrived.
                yield_now().await;
                yield_now().await;
            }
            future.await
        })
    }

    fn now(&self) -> u64 {
        u64::try_from(self.made.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Works while nobody waits.
    fn mind(&self) {
        loop {
            let turns = self.turns.load(Ordering::SeqCst);
            thread::sleep(QUIET);
            if self.turns.load(Ordering::SeqCst) != turns {
                continue;
            }
            self.is_minded.store(true, Ordering::SeqCst);
            // Whoever begins to wait either is seen here, or sees that somebody is to leave.
            if self.waiting.load(Ordering::SeqCst) == 0 {
                self.runtime.block_on(self.leave.notified());
            }
            self.is_minded.store(false, Ordering::SeqCst);
        }
    }
}

/// A thread that waits.
struct Turn<'a>(&'a Driver);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.left.store(self.0.now(), Ordering::Relaxed);
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}
