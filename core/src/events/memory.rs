use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use tokio::time::Instant;

use super::store::{Begun, KEEP, Store, StoreError, fence};

/// The most events that are remembered; some hundred bytes each.
const MOST: usize = 100_000;
/// The most lapsed events that are forgotten with one claim, which adds one.
const STEP: usize = 16;
/// The longest time that is added to a clock: longer ones overflow it on some systems.
const LONGEST: Duration = Duration::from_hours(24 * 365 * 10);

/// Remembers handled events in the memory of this process, at most 100,000 of them and each for a day. The oldest are forgotten first.
///
/// After a restart, and in another process, nothing is known: where that matters take `SqliteStore`, or a [`Store`] of your own. Follows tokio's clock.
pub struct MemoryStore {
    events: Mutex<Known>,
    keep: Duration,
}

/// The known events.
#[derive(Default)]
struct Known {
    entries: HashMap<Arc<str>, Entry>,
    /// The keys by the time at which they lapse: of claims, and of handled events.
    claimed: BTreeSet<(Instant, Arc<str>)>,
    done: BTreeSet<(Instant, Arc<str>)>,
}

struct Entry {
    fence: String,
    done: bool,
    until: Instant,
}

impl Known {
    fn remove(&mut self, key: &str) {
        if let Some((key, entry)) = self.entries.remove_entry(key) {
            self.order(entry.done).remove(&(entry.until, key));
        }
    }

    fn insert(&mut self, key: &str, entry: Entry) {
        self.remove(key);
        let key = Arc::<str>::from(key);
        self.order(entry.done).insert((entry.until, key.clone()));
        self.entries.insert(key, entry);
    }

    fn order(&mut self, done: bool) -> &mut BTreeSet<(Instant, Arc<str>)> {
        if done { &mut self.done } else { &mut self.claimed }
    }

    fn has_fence(&self, key: &str, fence: &str) -> bool {
        self.entries.get(key).is_some_and(|entry| entry.fence == fence)
    }

    /// Forgets some lapsed events and, if that is not enough, the oldest handled one: a bounded step for each new event, so that none waits long.
    fn make_room(&mut self, now: Instant) {
        for done in [false, true] {
            for _ in 0..STEP {
                let order = self.order(done);
                if order.first().is_none_or(|(until, _)| *until > now) {
                    break;
                }
                let Some((_, key)) = order.pop_first() else { break };
                self.entries.remove(&key);
            }
        }
        if self.entries.len() >= MOST
            && let Some((_, key)) = self.done.pop_first()
        {
            self.entries.remove(&key);
        }
    }
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

    fn events(&self) -> MutexGuard<'_, Known> {
        // No holder of the lock can panic in the middle of a change.
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, key: &str, lease: Duration) -> Result<Begun, StoreError> {
        let fence = fence()?;
        let now = Instant::now();
        let mut events = self.events();
        if let Some(entry) = events.entries.get(key).filter(|entry| entry.until > now) {
            return Ok(if entry.done { Begun::Done } else { Begun::Busy });
        }
        events.make_room(now);
        let entry = Entry {
            fence: fence.clone(),
            done: false,
            until: now + lease.min(LONGEST),
        };
        events.insert(key, entry);
        Ok(Begun::New(fence))
    }

    fn extend(&self, key: &str, fence: &str, lease: Duration) -> bool {
        let until = Instant::now() + lease.min(LONGEST);
        let mut events = self.events();
        if !events.has_fence(key, fence) || events.entries.get(key).is_some_and(|entry| entry.done) {
            return false;
        }
        let fence = fence.to_owned();
        events.insert(key, Entry { fence, done: false, until });
        true
    }

    fn record(&self, key: &str, fence: &str) -> bool {
        let now = Instant::now();
        let mut events = self.events();
        let is_own = events.has_fence(key, fence);
        let is_known = events.entries.get(key).is_some_and(|entry| entry.until > now);
        if is_own || !is_known {
            let (fence, until) = (fence.to_owned(), now + self.keep.min(LONGEST));
            events.insert(key, Entry { fence, done: true, until });
        }
        is_own
    }
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
        ready(self.take(key, lease)).boxed()
    }

    fn renew<'a>(&'a self, key: &'a str, fence: &'a str, lease: Duration) -> BoxFuture<'a, Result<bool, StoreError>> {
        ready(Ok(self.extend(key, fence, lease))).boxed()
    }

    fn finish<'a>(&'a self, key: &'a str, fence: &'a str) -> BoxFuture<'a, Result<bool, StoreError>> {
        ready(Ok(self.record(key, fence))).boxed()
    }

    fn release<'a>(&'a self, key: &'a str, fence: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        let mut events = self.events();
        if events.entries.get(key).is_some_and(|entry| !entry.done && entry.fence == fence) {
            events.remove(key);
        }
        drop(events);
        ready(Ok(())).boxed()
    }
}
