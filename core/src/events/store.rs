//! The store in which a receiver remembers handled events.

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;

/// How long a store remembers a handled event by default: a day. AI Rudder's last redelivery comes after minutes.
pub(super) const KEEP: Duration = Duration::from_hours(24);

/// The answer of a store to a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// The event is new, and claimed by the caller now. Holds the claim's fence: an opaque text that no other claim has.
    New(String),
    /// Another claim on it is live.
    Busy,
    /// It was handled.
    Done,
}

/// Remembers which events were handled, by their [`key`](crate::Event::key). [`MemoryStore`](crate::events::MemoryStore) is one, and `SqliteStore`,
/// with the feature `sqlite`; make your own of the database that your program has anyway.
///
/// A claim has a lease: that of a process that dies lapses, so that AI Rudder's next redelivery is handled. A claim also has a fence, which proves whose
/// it is: a process whose lease lapsed must not renew, finish or release the claim of another.
pub trait Store: Send + Sync + 'static {
    /// Claims an event for `lease`. Must be atomic: of two callers at the same moment, only one may get [`Begun::New`]. A claim whose lease lapsed
    /// counts as released. [`fence`] makes fences.
    fn begin<'a>(&'a self, key: &'a str, lease: Duration) -> BoxFuture<'a, Result<Begun, StoreError>>;

    /// Extends a claim to `lease` from now. Called three times within each lease. Returns whether the claim is still the one with this `fence`; if not,
    /// nothing may change.
    fn renew<'a>(&'a self, key: &'a str, fence: &'a str, lease: Duration) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// The event was handled: from now on it is [`Begun::Done`]. Keep that for at least ten minutes, in which AI Rudder may send it again.
    ///
    /// Returns whether the claim was still the one with this `fence`. If not, the handler has run all the same: record the event as handled unless another
    /// claim on it is live, and return `false`. May be called again after an error.
    fn finish<'a>(&'a self, key: &'a str, fence: &'a str) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// The event was not handled: from now on it is new again. Does nothing if the claim is not the one with this `fence`.
    fn release<'a>(&'a self, key: &'a str, fence: &'a str) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// Makes a fence for a claim: 32 hexadecimal digits from the system's random source, so that forked processes make different ones.
pub fn fence() -> Result<String, StoreError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(StoreError::new)?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}

/// Why a store cannot answer. Its text goes to the log of the receiver and no further.
#[derive(Clone, Debug)]
pub struct StoreError(String);

impl StoreError {
    /// Makes an error with a text for the log of the receiver.
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
