//! Stores of handled events: core's, or one that is written in Kotlin.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use airudder::events::{Begun, MemoryStore, SqliteStore, Store, StoreError, fence};
use tokio::task::spawn_blocking;

use crate::failure::{NativeError, guard};

/// One of core's own stores.
#[derive(uniffi::Object)]
#[allow(missing_debug_implementations)] // UniFFI would show it to Kotlin
pub struct StoreInCore(pub(crate) Arc<dyn Store>);

/// [`Begun`] for Kotlin.
#[derive(Debug, uniffi::Enum)]
pub enum Claim {
    New,
    Busy,
    Done,
}

#[uniffi::export]
impl StoreInCore {
    #[uniffi::constructor]
    #[must_use]
    pub fn memory(keep_ms: u64) -> Self {
        Self(Arc::new(MemoryStore::keeping(Duration::from_millis(keep_ms))))
    }

    #[uniffi::constructor]
    pub fn sqlite(path: String, keep_ms: u64) -> Result<Self, NativeError> {
        guard(|| Ok(Self(Arc::new(SqliteStore::open_keeping(path, Duration::from_millis(keep_ms))?))))
    }
}

/// [`Store`] for Kotlin. It may block: it is called on a thread of its own.
#[uniffi::export(with_foreign)]
pub trait NativeStore: Send + Sync {
    fn begin(&self, key: String, fence: String, lease_ms: u64) -> Result<Claim, StoreFailure>;
    fn renew(&self, key: String, fence: String, lease_ms: u64) -> Result<bool, StoreFailure>;
    fn finish(&self, key: String, fence: String) -> Result<bool, StoreFailure>;
    fn release(&self, key: String, fence: String) -> Result<(), StoreFailure>;
}

/// The exception of a store.
#[derive(Debug, uniffi::Error)]
pub enum StoreFailure {
    /// With the exception's class: its text could hold anything.
    Threw { exception: String },
}

impl std::fmt::Display for StoreFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self::Threw { exception } = self;
        write!(f, "it threw {exception}")
    }
}

impl From<uniffi::UnexpectedUniFFICallbackError> for StoreFailure {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Threw {
            exception: "an exception".to_owned(),
        }
    }
}

/// Stores events through Kotlin.
pub(crate) struct KotlinStore(pub(crate) Arc<dyn NativeStore>);

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

impl KotlinStore {
    fn ask<T: Send + 'static>(&self, question: impl FnOnce(&dyn NativeStore) -> Result<T, StoreFailure> + Send + 'static) -> Answer<'_, T> {
        let store = Arc::clone(&self.0);
        Box::pin(async move {
            match spawn_blocking(move || question(store.as_ref())).await {
                Ok(answer) => answer.map_err(StoreError::new),
                Err(_) => Err(StoreError::new("it could not be called")),
            }
        })
    }
}

fn milliseconds(time: Duration) -> u64 {
    time.as_millis().try_into().unwrap_or(u64::MAX)
}

impl Store for KotlinStore {
    fn begin<'a>(&'a self, key: &'a str, lease: Duration) -> Answer<'a, Begun> {
        let key = key.to_owned();
        Box::pin(async move {
            let fence = fence()?;
            let given = fence.clone();
            let claim = self.ask(move |store| store.begin(key, given, milliseconds(lease)));
            Ok(match claim.await? {
                Claim::New => Begun::New(fence),
                Claim::Busy => Begun::Busy,
                Claim::Done => Begun::Done,
            })
        })
    }

    fn renew<'a>(&'a self, key: &'a str, fence: &'a str, lease: Duration) -> Answer<'a, bool> {
        let (key, fence) = (key.to_owned(), fence.to_owned());
        self.ask(move |store| store.renew(key, fence, milliseconds(lease)))
    }

    fn finish<'a>(&'a self, key: &'a str, fence: &'a str) -> Answer<'a, bool> {
        let (key, fence) = (key.to_owned(), fence.to_owned());
        self.ask(move |store| store.finish(key, fence))
    }

    fn release<'a>(&'a self, key: &'a str, fence: &'a str) -> Answer<'a, ()> {
        let (key, fence) = (key.to_owned(), fence.to_owned());
        self.ask(move |store| store.release(key, fence))
    }
}
