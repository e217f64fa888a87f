//! The runtime of blocking calls.
//!
//! Handing a call to another thread, and its answer back, takes longer than the rest of a small call. So a waiting thread drives the connections itself,
//! those of all waiting threads included. While no thread waits, the driver's background thread drives them, for example to notice that a server
//! closes one.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use airudder::Error;
use tokio::runtime::{Builder, EnterGuard, Runtime};
use tokio::sync::Notify;
use tokio::task::yield_now;

use crate::process::PerProcess;

/// The background thread takes over after this time without a call. Until then a program is likely to make its next one.
const QUIET: Duration = Duration::from_millis(20);

/// The state of the connections is polled before a call if the last poll is older than this, in microseconds.
const FRESH: u64 = 500;

/// A runtime that waiting threads drive.
pub struct Driver {
    runtime: Runtime,
    made: Instant,
    /// The number of threads that wait.
    waiting: AtomicUsize,
    /// The number of waits so far.
    waits: AtomicUsize,
    /// When the last wait ended, in microseconds since `made`.
    last_wait: AtomicU64,
    /// Whether the background thread drives the runtime, or is about to.
    is_in_background: AtomicBool,
    stop_background: Notify,
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
            waits: AtomicUsize::new(0),
            last_wait: AtomicU64::new(0),
            is_in_background: AtomicBool::new(false),
            stop_background: Notify::new(),
        }));
        let background = thread::Builder::new().name("airudder".to_owned());
        background.spawn(|| driver.drive_in_background()).map_err(no_threads)?;
        Ok(driver)
    })
}

impl Driver {
    /// Enters the runtime, so that connections can be dropped.
    pub fn enter(&self) -> EnterGuard<'_> {
        self.runtime.enter()
    }

    /// Waits for `future`, and drives the runtime meanwhile.
    pub fn wait<F: Future>(&self, future: F) -> F::Output {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        self.waits.fetch_add(1, Ordering::SeqCst);
        let _wait = Wait(self);
        let is_in_background = self.is_in_background.load(Ordering::SeqCst);
        if is_in_background {
            self.stop_background.notify_one();
        }
        let is_stale = !is_in_background && self.now().saturating_sub(self.last_wait.load(Ordering::Relaxed)) > FRESH;
        self.runtime.block_on(async {
            if is_stale {
                // The first poll reads events of the sockets, the second lets the connections act on them. A request that is written to a closed
                // connection may or may not have arrived.
                yield_now().await;
                yield_now().await;
            }
            future.await
        })
    }

    fn now(&self) -> u64 {
        u64::try_from(self.made.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Drives the runtime while no thread waits.
    fn drive_in_background(&self) {
        loop {
            let waits = self.waits.load(Ordering::SeqCst);
            thread::sleep(QUIET);
            if self.waits.load(Ordering::SeqCst) != waits {
                continue;
            }
            self.is_in_background.store(true, Ordering::SeqCst);
            // A thread that begins to wait now is either counted here, or sees the flag and sends `stop_background`.
            if self.waiting.load(Ordering::SeqCst) == 0 {
                self.runtime.block_on(self.stop_background.notified());
            }
            self.is_in_background.store(false, Ordering::SeqCst);
        }
    }
}

/// A wait of a thread.
struct Wait<'a>(&'a Driver);

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.0.last_wait.store(self.0.now(), Ordering::Relaxed);
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}
