//! Values that belong to one process.
//!
//! A forked child inherits the memory of tokio's runtime and of the connection pool, but none of their threads: a call would wait forever, or write
//! into a connection of the parent. So both are made anew when the process id has changed. Inherited values are neither used nor dropped: dropping
//! takes locks that a thread of the parent may have held during the fork.

use std::process;
use std::sync::{Mutex, PoisonError};

use airudder::Error;
use tokio::runtime::{Builder, Runtime};

/// A value that every process makes for itself.
///
/// Its lock is only taken by a thread that is attached to the interpreter, and released before that thread detaches. `os.fork` runs attached, so no
/// child inherits a locked lock.
pub struct PerProcess<T>(Mutex<Option<Owned<T>>>);

struct Owned<T> {
    process: u32,
    value: Option<T>,
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        if self.process != process::id() {
            std::mem::forget(self.value.take());
        }
    }
}

impl<T: Clone> PerProcess<T> {
    pub const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// This process's value, made by `make` when there is none yet.
    pub fn get(&self, make: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = slot.as_ref().filter(|owned| owned.process == process::id());
        if let Some(value) = own.and_then(|owned| owned.value.clone()) {
            return Ok(value);
        }
        let value = make()?;
        *slot = Some(Owned {
            process: process::id(),
            value: Some(value.clone()),
        });
        Ok(value)
    }
}

/// The runtime on which every client of this process works. It lives as long as the process.
pub fn runtime() -> Result<&'static Runtime, Error> {
    static RUNTIME: PerProcess<&'static Runtime> = PerProcess::new();
    RUNTIME.get(|| {
        let runtime = Builder::new_multi_thread().enable_all().thread_name("airudder").build();
        let runtime = runtime.map_err(|error| Error::internal(format!("the system gives no threads: {error}")))?;
        Ok(Box::leak(Box::new(runtime)))
    })
}
