//! Stores of handled events: in memory, in a file, or in an object of the caller's own.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use airudder::events::{Begun, MemoryStore, SqliteStore, Store, StoreError, fence};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;

use crate::errors::{configuration, exception};
use crate::process::{PerProcess, runtime};
use crate::signer::EVENT_LOOP;

/// The timeout of one operation of an `async` store, in seconds. A loop that takes longer has stopped.
const LONGEST_ANSWER: f64 = 30.0;

/// Remembers handled events in the memory of this process. A forked child begins with none.
#[pyclass(frozen, name = "MemoryStore", module = "airudder")]
pub struct Memory {
    keep: Option<Duration>,
    store: PerProcess<Arc<MemoryStore>>,
}

#[pymethods]
impl Memory {
    #[new]
    #[pyo3(signature = (keep=None))]
    fn new(py: Python<'_>, keep: Option<f64>) -> PyResult<Self> {
        Ok(Self {
            keep: duration(py, keep)?,
            store: PerProcess::new(),
        })
    }
}

/// Remembers handled events in a file, which survives a restart and which several processes can share. A forked child opens it anew.
#[pyclass(frozen, name = "SqliteStore", module = "airudder")]
pub struct Sqlite {
    path: PathBuf,
    keep: Option<Duration>,
    store: PerProcess<Arc<SqliteStore>>,
}

#[pymethods]
impl Sqlite {
    #[new]
    #[pyo3(signature = (path, keep=None))]
    fn new(py: Python<'_>, path: PathBuf, keep: Option<f64>) -> PyResult<Self> {
        let store = Self {
            path,
            keep: duration(py, keep)?,
            store: PerProcess::new(),
        };
        // Reports a file that cannot be opened here, not at the first event.
        store.open().map_err(|error| exception(py, &error))?;
        Ok(store)
    }
}

impl Sqlite {
    fn open(&self) -> Result<Arc<SqliteStore>, airudder::Error> {
        self.store.get(|| {
            let _context = runtime()?.enter();
            let store = match self.keep {
                Some(keep) => SqliteStore::open_keeping(&self.path, keep),
                None => SqliteStore::open(&self.path),
            };
            store.map(Arc::new)
        })
    }
}

fn duration(py: Python<'_>, keep: Option<f64>) -> PyResult<Option<Duration>> {
    let checked = keep.map(Duration::try_from_secs_f64).transpose();
    checked.map_err(|_| configuration(py, "`keep` must be a number of seconds."))
}

/// A store that was given to a router.
pub enum Given {
    Memory(Py<Memory>),
    Sqlite(Py<Sqlite>),
    Own(Own),
}

impl Given {
    pub fn new(store: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(memory) = store.cast::<Memory>() {
            return Ok(Self::Memory(memory.clone().unbind()));
        }
        if let Ok(sqlite) = store.cast::<Sqlite>() {
            return Ok(Self::Sqlite(sqlite.clone().unbind()));
        }
        for name in ["begin", "renew", "finish", "release"] {
            if !store.getattr_opt(name)?.is_some_and(|method| method.is_callable()) {
                return Err(configuration(
                    store.py(),
                    "`store` must be a MemoryStore, a SqliteStore, or an object with the methods begin, renew, finish and release.",
                ));
            }
        }
        Ok(Self::Own(Own::new(store.clone().unbind())))
    }

    pub fn store(&self) -> Result<Arc<dyn Store>, airudder::Error> {
        Ok(match self {
            Self::Memory(memory) => {
                let memory = memory.get();
                memory
                    .store
                    .get(|| Ok(Arc::new(memory.keep.map_or_else(MemoryStore::new, MemoryStore::keeping))))?
            }
            Self::Sqlite(sqlite) => sqlite.get().open()?,
            Self::Own(own) => Arc::new(own.clone()),
        })
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        let Self::Own(own) = self else { return Ok(()) };
        let Ok(object) = own.0.object.try_lock() else { return Ok(()) };
        object.iter().try_for_each(|object| visit.call(object))
    }

    pub fn clear(&self) {
        if let Self::Own(own) = self {
            let object = own.0.object.lock().unwrap_or_else(PoisonError::into_inner).take();
            drop(object);
        }
    }
}

/// An object of the caller's own, whose methods may be `async def` where an event loop receives.
#[derive(Clone)]
pub struct Own(Arc<Object>);

struct Object {
    object: Mutex<Option<Py<PyAny>>>,
    /// The loop that received last. Leases are renewed outside of a loop.
    event_loop: Mutex<Option<Arc<Py<PyAny>>>>,
}

impl Own {
    fn new(object: Py<PyAny>) -> Self {
        Self(Arc::new(Object {
            object: Mutex::new(Some(object)),
            event_loop: Mutex::new(None),
        }))
    }

    /// Calls the object on a thread that may block: it may wait for a network.
    fn ask<T: Send + 'static>(
        &self,
        method: &'static str,
        key: &str,
        fence: &str,
        lease: Option<Duration>,
        read: impl FnOnce(&Bound<'_, PyAny>) -> Result<T, StoreError> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        let (own, key, fence) = (self.clone(), key.to_owned(), fence.to_owned());
        if let Ok(event_loop) = EVENT_LOOP.try_with(Arc::clone) {
            *own.0.event_loop.lock().unwrap_or_else(PoisonError::into_inner) = Some(event_loop);
        }
        let asked = async move {
            let asked = tokio::task::spawn_blocking(move || {
                let answer = Python::try_attach(|py| {
                    let answer = own.call(py, method, &key, &fence, lease);
                    read(&answer.map_err(|error| raised(py, method, &error))?)
                });
                // An interpreter that shuts down runs no more code.
                answer.unwrap_or_else(|| Err(StoreError::new("Python is ending")))
            });
            asked.await.map_err(|_| StoreError::new("it did not end"))?
        };
        asked.boxed()
    }

    /// The object. The lock is released before any code runs that may wait for another thread.
    fn object<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let object = self.0.object.lock().unwrap_or_else(PoisonError::into_inner);
        let object = object.as_ref().map(|object| object.bind(py).clone());
        object.ok_or_else(|| PyRuntimeError::new_err("it is gone"))
    }

    fn call<'py>(&self, py: Python<'py>, method: &str, key: &str, fence: &str, lease: Option<Duration>) -> PyResult<Bound<'py, PyAny>> {
        let object = self.object(py)?;
        let answer = match lease {
            Some(lease) => object.call_method1(method, (key, fence, lease.as_secs_f64()))?,
            None => object.call_method1(method, (key, fence))?,
        };
        if !answer.hasattr(intern!(py, "__await__"))? {
            return Ok(answer);
        }
        let event_loop = self.0.event_loop.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(event_loop) = event_loop else {
            // Closed, a coroutine does not warn that it was never awaited.
            answer.call_method0(intern!(py, "close"))?;
            return Err(PyTypeError::new_err("it must be awaited, which only AsyncClient's router does"));
        };
        py.import(intern!(py, "asyncio"))?
            .call_method1(intern!(py, "run_coroutine_threadsafe"), (answer, event_loop.as_ref()))?
            .call_method1(intern!(py, "result"), (LONGEST_ANSWER,))
    }
}

/// With the class of the exception only: its text may hold anything.
fn raised(py: Python<'_>, method: &str, error: &PyErr) -> StoreError {
    let name = error.get_type(py).qualname().map(|name| name.to_string());
    StoreError::new(format!("`{method}` raised {}", name.as_deref().unwrap_or("an exception")))
}

/// Reads whether a claim was still its owner's. A store that returns nothing would make every claim a lost one.
fn is_own(method: &'static str) -> impl FnOnce(&Bound<'_, PyAny>) -> Result<bool, StoreError> + Send + 'static {
    move |answer| {
        answer
            .extract()
            .map_err(|_| StoreError::new(format!("`{method}` must return a bool")))
    }
}

impl Store for Own {
    fn begin<'a>(&'a self, key: &'a str, lease: Duration) -> BoxFuture<'a, Result<Begun, StoreError>> {
        async move {
            let fence = fence()?;
            let begun = self.ask("begin", key, &fence, Some(lease), |answer| match answer.extract().unwrap_or("") {
                "new" => Ok(None),
                "busy" => Ok(Some(Begun::Busy)),
                "done" => Ok(Some(Begun::Done)),
                _ => Err(StoreError::new("`begin` must return \"new\", \"busy\" or \"done\"")),
            });
            Ok(begun.await?.unwrap_or(Begun::New(fence)))
        }
        .boxed()
    }

    fn renew<'a>(&'a self, key: &'a str, fence: &'a str, lease: Duration) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.ask("renew", key, fence, Some(lease), is_own("renew"))
    }

    fn finish<'a>(&'a self, key: &'a str, fence: &'a str) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.ask("finish", key, fence, None, is_own("finish"))
    }

    fn release<'a>(&'a self, key: &'a str, fence: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        self.ask("release", key, fence, None, |_| Ok(()))
    }
}
