//! Handlers by the kind of event.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::event::Event;
use super::open::Events;
use super::receiver::{Delivery, Receiver, Taken};
use super::reply::{Reply, Settled};
use super::store::Store;
use crate::generated::events::EventKind;

/// The failure of a handler.
type Failure = Box<dyn StdError + Send + Sync>;
type Handler = Arc<dyn Fn(Event) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync>;

/// Hands each event to the handler of its kind, and returns what to answer.
///
/// A handler that fails makes AI Rudder send the event again, after a minute and five times at most. One that succeeded is not run again for the same
/// event, also if two deliveries arrive at the same moment. Handlers run to their end, even if the connection of the delivery closes.
///
/// ```
/// use std::sync::Arc;
/// use airudder::{EventKind, Events, events::MemoryStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), airudder::Error> {
/// let client = airudder::Client::new(airudder::Settings {
///     base_url: Some("http://127.0.0.1:8181".into()),
///     ..Default::default()
/// })?;
/// let router = client.events().router(Arc::new(MemoryStore::new())).on(EventKind::CallFinished, |event| async move {
///     println!("{} {:?}", event.kind, event.data);
///     Ok(())
/// });
///
/// let body = Events::sample(EventKind::CallFinished);
/// assert_eq!(router.handle(&body, &[], None).await.outcome, "handled");
/// assert_eq!(router.handle(&body, &[], None).await.outcome, "duplicate");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct EventRouter {
    receiver: Receiver,
    handlers: HashMap<EventKind, Handler>,
    otherwise: Option<Handler>,
}

impl Events {
    /// A router without handlers. `store` remembers which events were handled.
    #[must_use]
    pub fn router(&self, store: Arc<dyn Store>) -> EventRouter {
        EventRouter {
            receiver: self.receiver(store),
            handlers: HashMap::new(),
            otherwise: None,
        }
    }
}

impl EventRouter {
    /// Handles events of this kind. The last handler of a kind counts.
    #[must_use]
    pub fn on<F, R>(mut self, kind: EventKind, handler: F) -> Self
    where
        F: Fn(Event) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        self.handlers.insert(kind, Arc::new(move |event| handler(event).boxed()));
        self
    }

    /// Handles events of all kinds that have no handler of their own, also of unknown ones. Without it they are answered with 200 and forgotten.
    #[must_use]
    pub fn otherwise<F, R>(mut self, handler: F) -> Self
    where
        F: Fn(Event) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        self.otherwise = Some(Arc::new(move |event| handler(event).boxed()));
        self
    }

    #[cfg(feature = "axum")]
    pub(super) fn max_bytes(&self) -> usize {
        self.receiver.events().max_bytes()
    }

    /// Sets how long an event stays claimed if the process that handles it dies; see [`Receiver::lease`].
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.receiver = self.receiver.lease(lease);
        self
    }

    /// Takes a delivery: the raw body of the request, all its headers, and the kind if the URL tells it ([`Receiver::kind_of_path`]).
    pub async fn handle(&self, body: &[u8], headers: &[(String, String)], kind: Option<&str>) -> Reply {
        match self.receiver.take(body, headers, kind).await {
            Taken::Reply(reply) => reply,
            Taken::Handle(delivery) => {
                let work = tokio::spawn(run(self.clone(), delivery));
                // A handler that panics drops the delivery, which releases the claim.
                work.await.unwrap_or_else(|_| Reply::failed("the handler panicked"))
            }
        }
    }
}

async fn run(router: EventRouter, mut delivery: Delivery) -> Reply {
    let event = delivery.take_event();
    let handler = event.and_then(|event| {
        let own = event.data.kind().and_then(|kind| router.handlers.get(&kind));
        own.or(router.otherwise.as_ref()).map(|handler| handler(event))
    });
    let outcome = match handler {
        Some(handling) => Some(handling.await),
        None => None,
    };
    let settled = match outcome {
        None => Settled::Unhandled,
        Some(Ok(())) => Settled::Handled,
        Some(Err(_)) => {
            // Without the failure's text, which may be people's data.
            tracing::error!(target: "airudder::events", key = delivery.key(), "the handler of an event failed; AI Rudder sends it again");
            Settled::Failed
        }
    };
    router.receiver.settle(delivery, settled).await
}

impl fmt::Debug for EventRouter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventRouter")
            .field("kinds", &self.handlers.keys())
            .finish_non_exhaustive()
    }
}
