//! The store that the receivers share, reached through a process and a network that fail.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use airudder::events::{Begun, MemoryStore, Store, StoreError};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::time::sleep;

use crate::process::Process;
use crate::world::World;

/// Which claims were recorded as handled, by the event's key.
#[derive(Default)]
pub struct Records(Mutex<BTreeMap<String, BTreeSet<String>>>);

impl Records {
    fn add(&self, key: &str, fence: &str) {
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        records.entry(key.to_owned()).or_default().insert(fence.to_owned());
    }

    /// How many claims on an event were recorded.
    pub fn count(&self, key: &str) -> usize {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .map_or(0, BTreeSet::len)
    }
}

/// The shared store, as one process reaches it.
pub struct Reached {
    pub world: Arc<World>,
    pub process: Process,
    pub store: Arc<MemoryStore>,
    pub records: Arc<Records>,
    pub lease: Duration,
}

impl Reached {
    /// One step of the store: it may be slow, fail before or after it took effect, and its process may be dead before or after.
    async fn step<T>(&self, step: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        self.way().await;
        self.process.alive().await;
        let failed = || Err(StoreError::new("the simulated store failed"));
        if self.world.chance("store fails", 0.05) {
            return failed();
        }
        let outcome = step.await;
        self.way().await;
        self.process.alive().await;
        if self.world.chance("store fails", 0.05) {
            return failed();
        }
        outcome
    }

    async fn way(&self) {
        let longest = if self.world.chance("store is slow", 0.05) {
            self.lease * 2
        } else {
            self.lease / 20
        };
        sleep(self.world.up_to(longest)).await;
    }
}

impl Store for Reached {
    fn begin<'a>(&'a self, key: &'a str, lease: Duration) -> BoxFuture<'a, Result<Begun, StoreError>> {
        self.step(self.store.begin(key, lease)).boxed()
    }

    fn renew<'a>(&'a self, key: &'a str, fence: &'a str, lease: Duration) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.step(self.store.renew(key, fence, lease)).boxed()
    }

    fn finish<'a>(&'a self, key: &'a str, fence: &'a str) -> BoxFuture<'a, Result<bool, StoreError>> {
        let finish = async {
            let outcome = self.store.finish(key, fence).await;
            if let Ok(true) = outcome {
                self.records.add(key, fence);
                if self.records.count(key) > 1 {
                    self.world
                        .violated("two handlers are recorded as successful for one event".to_owned());
                }
            }
            outcome
        };
        self.step(finish).boxed()
    }

    fn release<'a>(&'a self, key: &'a str, fence: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        self.step(self.store.release(key, fence)).boxed()
    }
}
