//! Stores of handled events.

use std::sync::Arc;
use std::time::Duration;

use airudder::Error;
use airudder::events::{Begun, MemoryStore, SqliteStore, Store, StoreError, fence};
use futures_util::future::BoxFuture;
use napi::Status;
use napi::bindgen_prelude::Promise;
use napi::threadsafe_function::ThreadsafeFunction;
use napi_derive::napi;

use crate::failure::{Outcome, guarded_now};

/// A store, as JavaScript holds it.
#[napi]
#[allow(missing_debug_implementations)] // may be anybody's
pub struct NativeStore(pub(crate) Arc<dyn Store>);

/// Calls a store that is written in JavaScript. It runs on the thread that made it, and does not keep the process alive.
pub type Callback = ThreadsafeFunction<Question, Promise<StoreAnswer>, Question, Status, false, true>;

/// A call of a store.
#[napi(object, object_from_js = false)]
#[derive(Debug)]
pub struct Question {
    /// The name of the method.
    pub operation: String,
    pub key: String,
    pub fence: String,
    /// In seconds.
    pub lease: Option<f64>,
}

/// The answer of a store.
#[napi(object, object_to_js = false)]
#[derive(Debug)]
pub struct StoreAnswer {
    /// `new`, `busy`, or `done`.
    pub begun: Option<String>,
    /// Whether the claim was still the one with the fence.
    pub is_own: Option<bool>,
    pub failure: Option<String>,
}

/// A store in memory that keeps handled events for so many seconds.
#[napi]
pub fn memory_store(keep: Option<f64>) -> Outcome<NativeStore> {
    guarded_now(|| {
        let store = match duration(keep)? {
            Some(keep) => MemoryStore::keeping(keep),
            None => MemoryStore::new(),
        };
        Ok(NativeStore(Arc::new(store)))
    })
}

/// A store in a file.
#[napi]
pub fn sqlite_store(path: String, keep: Option<f64>) -> Outcome<NativeStore> {
    guarded_now(|| {
        let store = match duration(keep)? {
            Some(keep) => SqliteStore::open_keeping(path, keep)?,
            None => SqliteStore::open(path)?,
        };
        Ok(NativeStore(Arc::new(store)))
    })
}

/// A store that is written in JavaScript.
#[napi]
pub fn own_store(callback: Callback) -> NativeStore {
    NativeStore(Arc::new(JsStore(callback)))
}

fn duration(seconds: Option<f64>) -> Result<Option<Duration>, Error> {
    let duration = seconds.map(Duration::try_from_secs_f64).transpose();
    duration.map_err(|_| Error::internal("a time that is none crossed"))
}

/// Stores events through JavaScript.
struct JsStore(Callback);

impl JsStore {
    fn ask<'a>(
        &'a self,
        operation: &str,
        key: &str,
        fence: &str,
        lease: Option<Duration>,
    ) -> BoxFuture<'a, Result<StoreAnswer, StoreError>> {
        let question = Question {
            operation: operation.to_owned(),
            key: key.to_owned(),
            fence: fence.to_owned(),
            lease: lease.map(|lease| lease.as_secs_f64()),
        };
        Box::pin(async move {
            // The JavaScript side answers in any case, so this fails only when its thread ends.
            let ending = |_| StoreError::new("its thread is ending");
            let answer = self.0.call_async(question).await.map_err(ending)?.await.map_err(ending)?;
            match answer.failure {
                Some(failure) => Err(StoreError::new(failure)),
                None => Ok(answer),
            }
        })
    }

    fn ask_own<'a>(
        &'a self,
        operation: &'static str,
        key: &str,
        fence: &str,
        lease: Option<Duration>,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        let answer = self.ask(operation, key, fence, lease);
        Box::pin(async move {
            let is_own = answer.await?.is_own;
            is_own.ok_or_else(|| StoreError::new(format!("`{operation}` must return a boolean")))
        })
    }
}

impl Store for JsStore {
    fn begin<'a>(&'a self, key: &'a str, lease: Duration) -> BoxFuture<'a, Result<Begun, StoreError>> {
        Box::pin(async move {
            let fence = fence()?;
            match self.ask("begin", key, &fence, Some(lease)).await?.begun.as_deref() {
                Some("new") => Ok(Begun::New(fence)),
                Some("busy") => Ok(Begun::Busy),
                Some("done") => Ok(Begun::Done),
                _ => Err(StoreError::new("`begin` must return 'new', 'busy', or 'done'")),
            }
        })
    }

    fn renew<'a>(&'a self, key: &'a str, fence: &'a str, lease: Duration) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.ask_own("renew", key, fence, Some(lease))
    }

    fn finish<'a>(&'a self, key: &'a str, fence: &'a str) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.ask_own("finish", key, fence, None)
    }

    fn release<'a>(&'a self, key: &'a str, fence: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        let answer = self.ask("release", key, fence, None);
        Box::pin(async move { answer.await.map(drop) })
    }
}
