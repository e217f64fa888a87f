use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};

use super::store::{Begun, KEEP, Store, StoreError};

/// The most events that are remembered; some hundred bytes each.
const MOST: usize = 100_000;

/// Remembers handled events in the memory of this process, at most 100,000 of them and each for a day. The oldest are forgotten first.
///
/// After a restart, and in another process, nothing is known: where that matters take `SqliteStore`, or a [`Store`] of your own.
pub struct MemoryStore {
    events: Mutex<HashMap<String, Entry>>,
    keep: Duration,
}

#[derive(Clone, Copy)]
struct Entry {
    done: bool,
    until: Instant,
}

impl MemoryStore {
    /// Makes a store that remembers handled events for a day.
    #[must_use]
    pub fn new() -> Self {
        Self::keeping(KEEP)
    }

    /// Makes a store that remembers handled events for `keep`. AI Rudder's last redelivery comes about five minutes after the first.
    #[must_use]
    pub fn keeping(keep: Duration) -> Self {
        Self {
            events: Mutex::default(),
            keep,
        }
    }

    fn events(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        // No holder of the lock can panic in the middle of a change.
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, key: &str, lease: Duration) -> Begun {
        let now = Instant::now();
        let mut events = self.events();
        if let Some(entry) = events.get(key).filter(|entry| entry.until > now) {
            return if entry.done { Begun::Done } else { Begun::Busy };
        }
        if events.len() >= MOST {
            make_room(&mut events, now);
        }
        let until = now + lease;
        events.insert(key.to_owned(), Entry { done: false, until });
        Begun::New
    }
}

/// Forgets what lapsed and, if that is not enough, the older half of the handled events: half, so that this is not done for every event.
fn make_room(events: &mut HashMap<String, Entry>, now: Instant) {
    events.retain(|_, entry| entry.until > now);
    if events.len() < MOST {
        return;
    }
    let mut ends: Vec<_> = events.values().filter(|entry| entry.done).map(|entry| entry.until).collect();
    if ends.is_empty() {
        return;
    }
    let middle = ends.len() / 2;
    let (_, middle, _) = ends.select_nth_unstable(middle);
    let middle = *middle;
    events.retain(|_, entry| !entry.done || entry.until > middle);
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryStore").field("keep", &self.keep).finish_non_exhaustive()
    }
}

impl Store for MemoryStore {
    fn begin<'a>(&'a self, key: &'a str, lease: Duration) -> BoxFuture<'a, Result<Begun, StoreError>> {
        ready(Ok(self.take(key, lease))).boxed()
    }

    fn renew<'a>(&'a self, key: &'a str, lease: Duration) -> BoxFuture<'a, Result<(), StoreError>> {
        if let Some(entry) = self.events().get_mut(key).filter(|entry| !entry.done) {
            entry.until = Instant::now() + lease;
        }
        ready(Ok(())).boxed()
    }

    fn finish<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        let until = Instant::now() + self.keep;
        self.events().insert(key.to_owned(), Entry { done: true, until });
        ready(Ok(())).boxed()
    }

    fn release<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        let mut events = self.events();
        if events.get(key).is_some_and(|entry| !entry.done) {
            events.remove(key);
        }
        drop(events);
        ready(Ok(())).boxed()
    }
}
