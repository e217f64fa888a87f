//! Hands out each event once, however often it is delivered.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::event::Event;
use super::open::Events;
use super::payload::Payload;
use super::reply::{Reply, Settled};
use super::store::{Begun, Store};
use crate::error::Error;
use crate::generated::events::EventKind;

/// How long an event stays claimed. A live process renews its claim.
const LEASE: Duration = Duration::from_secs(30);
/// A shorter lease would lapse before a busy machine renews it.
const SHORTEST_LEASE: Duration = Duration::from_secs(1);
/// The attempts to record an event as handled after its handler has run.
const TRIES: u32 = 5;
/// The log's text if another claimed an event while its handler ran.
const LOST: &str = "its claim had lapsed and was lost before its handler ended: another process may have handled it, too";

/// Takes deliveries, and hands out each event once, however often it is delivered.
///
/// [`EventRouter`](crate::EventRouter) is the easy way to use one. Runs on a tokio runtime.
#[derive(Clone)]
pub struct Receiver {
    events: Events,
    store: Arc<dyn Store>,
    lease: Duration,
}

/// What to do with a delivery.
#[derive(Debug)]
#[allow(clippy::large_enum_variant)] // lives for one match
pub enum Taken {
    /// Handle its event, then [`settle`](Receiver::settle) it.
    Handle(Delivery),
    /// Answer this; there is nothing to handle.
    Reply(Reply),
}

/// An event to handle, claimed for this process. If it is dropped before it is settled, AI Rudder's next redelivery is handled.
pub struct Delivery {
    event: Option<Event>,
    payload: Payload,
    claim: Claim,
}

/// A claim on an event in the store.
struct Claim {
    key: String,
    fence: String,
    store: Arc<dyn Store>,
    renewal: JoinHandle<()>,
    runtime: Handle,
    is_settled: bool,
}

impl Events {
    /// Returns a receiver. `store` remembers which events were handled.
    #[must_use]
    pub fn receiver(&self, store: Arc<dyn Store>) -> Receiver {
        Receiver {
            events: self.clone(),
            store,
            lease: LEASE,
        }
    }
}

impl Receiver {
    /// The default timeout for reading the body of a delivery: 30 seconds. Bodies are small; a sender of one byte a minute must not hold a connection for
    /// ever.
    pub const BODY_TIMEOUT: Duration = Duration::from_secs(30);

    /// Sets how long an event stays claimed if the process that handles it dies; 30 seconds by default. A live process renews its claims, so the lease
    /// need not be as long as a handler takes.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease.max(SHORTEST_LEASE);
        self
    }

    /// Opens a delivery as [`Events::unwrap`] does, and claims its event. A `signer` may wait for something.
    pub async fn take(&self, body: &[u8], headers: &[(String, String)], kind: Option<&str>) -> Taken {
        match self.events.expected_signature(body, headers).await {
            Ok(expected) => self.take_expecting(body, headers, kind, expected.as_deref()).await,
            Err(error) => Taken::Reply(self.refused(&error)),
        }
    }

    /// The same with a signature that was computed elsewhere; see [`Events::unwrap_expecting`].
    pub async fn take_expecting(
        &self,
        body: &[u8],
        headers: &[(String, String)],
        kind: Option<&str>,
        expected_signature: Option<&str>,
    ) -> Taken {
        match self.events.unwrap_keeping(body, headers, kind, expected_signature) {
            Ok((event, payload)) => self.begin(event, payload).await,
            Err(error) => Taken::Reply(self.refused(&error)),
        }
    }

    async fn begin(&self, event: Event, payload: Payload) -> Taken {
        match self.store.begin(event.key(), self.lease).await {
            Ok(Begun::New(fence)) => Taken::Handle(Delivery {
                claim: Claim::new(event.key().to_owned(), fence, self.store.clone(), self.lease),
                event: Some(event),
                payload,
            }),
            Ok(Begun::Busy) => Taken::Reply(Reply::new(503, "busy")),
            Ok(Begun::Done) => Taken::Reply(Reply::new(200, "duplicate")),
            Err(error) => {
                tracing::error!(target: "airudder::events", %error, "the store of handled events failed; nothing was handled");
                Taken::Reply(Reply::failed(format!("the store failed: {error}")))
            }
        }
    }

    /// Records the outcome of a delivery, and returns what to answer.
    pub async fn settle(&self, delivery: Delivery, settled: Settled) -> Reply {
        let mut claim = delivery.claim;
        claim.is_settled = true;
        claim.renewal.abort();
        match settled {
            Settled::Handled => {
                // A task of its own: a sender that hangs up now must not prevent the event from being recorded as handled.
                let finish = claim.runtime.clone().spawn(async move { claim.finish().await });
                let message = finish.await.unwrap_or_else(|error| {
                    tracing::error!(target: "airudder::events", %error, "a handled event could not be recorded as handled");
                    Some(error.to_string())
                });
                Reply {
                    message,
                    ..Reply::new(200, "handled")
                }
            }
            Settled::Failed => {
                claim.release().await;
                Reply::failed("the handler failed")
            }
            Settled::Unhandled => {
                claim.release().await;
                Reply::new(200, "unhandled")
            }
        }
    }

    /// Returns what to answer to a body that a framework has parsed. `what` says what was given: `a dict`.
    #[doc(hidden)]
    #[must_use]
    pub fn not_raw(&self, what: &str) -> Reply {
        self.refused(&self.events.not_raw(what))
    }

    /// Returns what to answer to an event that is refused.
    #[doc(hidden)]
    #[must_use]
    pub fn refused(&self, error: &Error) -> Reply {
        tracing::warn!(target: "airudder::events", reason = error.reason(), "an event was refused: {error}");
        Reply::refused(error)
    }

    /// Returns the events of this receiver.
    #[must_use]
    pub fn events(&self) -> &Events {
        &self.events
    }

    /// Returns the kind that the last segment of a path names, as in `/events/call.finished`.
    #[must_use]
    pub fn kind_of_path(path: &str) -> Option<&'static str> {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let last = path.trim_end_matches('/').rsplit('/').next()?;
        EventKind::from_name(last).map(EventKind::as_str)
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("events", &self.events).finish_non_exhaustive()
    }
}

impl Delivery {
    /// Returns the event. `None` once it was taken out.
    #[must_use]
    pub fn event(&self) -> Option<&Event> {
        self.event.as_ref()
    }

    /// Takes the event out.
    pub fn take_event(&mut self) -> Option<Event> {
        self.event.take()
    }

    /// Returns the text of a handler's failure for a log: without what the event says of people, and cut to a bounded length.
    #[must_use]
    pub fn redacted(&self, text: &str) -> String {
        self.payload.redacted(text)
    }

    /// Returns the event's key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.claim.key
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery").field("key", &self.claim.key).finish_non_exhaustive()
    }
}

impl Claim {
    fn new(key: String, fence: String, store: Arc<dyn Store>, lease: Duration) -> Self {
        let renewal = tokio::spawn(renew(key.clone(), fence.clone(), store.clone(), lease));
        Self {
            key,
            fence,
            store,
            renewal,
            runtime: Handle::current(),
            is_settled: false,
        }
    }

    /// Its handler has run, so AI Rudder gets a 200 even if the store fails: a redelivery may then be handled twice, but is not asked for. Returns what
    /// to log.
    async fn finish(&self) -> Option<String> {
        for attempt in 1..=TRIES {
            match self.store.finish(&self.key, &self.fence).await {
                Ok(true) => return None,
                Ok(false) => {
                    tracing::warn!(target: "airudder::events", key = %self.key, "{LOST}");
                    return Some(LOST.to_owned());
                }
                Err(error) if attempt == TRIES => {
                    tracing::error!(target: "airudder::events", key = %self.key, %error, "a handled event could not be recorded as handled");
                    return Some(format!("it could not be recorded as handled: {error}"));
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(50) * attempt).await,
            }
        }
        None
    }

    async fn release(&self) {
        if let Err(error) = self.store.release(&self.key, &self.fence).await {
            tracing::warn!(target: "airudder::events", key = %self.key, %error, "an event stays claimed until its lease lapses");
        }
    }
}

async fn renew(key: String, fence: String, store: Arc<dyn Store>, lease: Duration) {
    loop {
        tokio::time::sleep(lease / 3).await;
        match store.renew(&key, &fence, lease).await {
            Ok(true) => {}
            Ok(false) => {
                tracing::warn!(target: "airudder::events", %key, "the claim on an event was lost while its handler runs: it may be handled twice");
                return;
            }
            Err(error) => tracing::warn!(target: "airudder::events", %key, %error, "the claim on an event could not be renewed"),
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.renewal.abort();
        if !self.is_settled {
            let (key, fence) = (std::mem::take(&mut self.key), std::mem::take(&mut self.fence));
            let store = self.store.clone();
            self.runtime.spawn(async move { store.release(&key, &fence).await });
        }
    }
}
