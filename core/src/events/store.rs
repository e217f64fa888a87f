//! Where a receiver remembers which events were handled.

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;

/// How long a store remembers an event that was handled, unless it is told otherwise: a day, when AI Rudder's last copy comes after minutes.
pub(super) const KEEP: Duration = Duration::from_hours(24);

/// What a store knows of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// Nobody has handled it, and it is the asker's now.
    New,
    /// Somebody is handling it.
    Busy,
    /// It was handled.
    Done,
}

/// Remembers which events were handled, by their [`key`](crate::Event::key). [`MemoryStore`](crate::events::MemoryStore) is one, and `SqliteStore`,
/// with the feature `sqlite`; make your own of the database that your program has anyway.
///
/// What is held has a lease: a process that dies in the middle lets it lapse, so that AI Rudder's next copy is handled.
pub trait Store: Send + Sync + 'static {
    /// Takes an event to handle. What it answers has to be decided in one step: of two who ask at the same moment, only one may hear
    /// [`Begun::New`]. What is held longer than its lease counts as never begun.
    fn begin<'a>(&'a self, key: &'a str, lease: Duration) -> BoxFuture<'a, Result<Begun, StoreError>>;

    /// Holds what was begun for another `lease` from now. Called three times in each.
    fn renew<'a>(&'a self, key: &'a str, lease: Duration) -> BoxFuture<'a, Result<(), StoreError>>;

    /// The event was handled: from now on it is [`Begun::Done`]. Keep that for at least ten minutes, in which AI Rudder may send it again.
    fn finish<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>>;

    /// The event was not handled: from now on it is [`Begun::New`] again.
    fn release<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// Why a store cannot answer. Its text goes to the log of the receiver and no further.
#[derive(Clone, Debug)]
pub struct StoreError(String);

impl StoreError {
    /// With a text for whoever runs the receiver.
    pub fn new(text: impl fmt::Display) -> Self {
        Self(text.to_string())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StoreError {}
