//! Handlers by the kind of event.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt;
use std::panic::AssertUnwindSafe;
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
/// Is told of a failure, with the event that was handled.
type ErrorHandler = Arc<dyn Fn(Failure, Event) -> BoxFuture<'static, ()> + Send + Sync>;
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
    on_error: Option<ErrorHandler>,
    #[cfg_attr(not(feature = "axum"), allow(dead_code))]
    pub(super) body_timeout: Duration,
}

impl Events {
    /// A router without handlers. `store` remembers which events were handled.
    #[must_use]
    pub fn router(&self, store: Arc<dyn Store>) -> EventRouter {
        EventRouter {
            receiver: self.receiver(store),
            handlers: HashMap::new(),
            otherwise: None,
            on_error: None,
            body_timeout: Receiver::BODY_TIMEOUT,
        }
    }
}

impl EventRouter {
    /// Sets how long the body of a delivery may take to arrive, where the SDK reads it; [`Receiver::BODY_TIMEOUT`] by default. One that takes longer is
    /// answered with 408.
    #[must_use]
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        self.body_timeout = timeout;
        self
    }

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

    /// Calls this when a handler fails or panics, with its error and its event, before AI Rudder is asked to send the event again. The log has the error
    /// without what the event says of people; here it is whole.
    #[must_use]
    pub fn on_error<F, R>(mut self, callback: F) -> Self
    where
        F: Fn(Failure, Event) -> R + Send + Sync + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        self.on_error = Some(Arc::new(move |error, event| callback(error, event).boxed()));
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
                // Cut off only when the runtime shuts down, which drops the delivery and releases the claim.
                work.await.unwrap_or_else(|_| Reply::failed("the handler was cut off"))
            }
        }
    }
}

async fn run(router: EventRouter, mut delivery: Delivery) -> Reply {
    let event = delivery.take_event();
    // A handler takes its event with it.
    let kept = router.on_error.as_ref().and(event.clone());
    let handling = event.and_then(|event| {
        let own = event.data.kind().and_then(|kind| router.handlers.get(&kind));
        own.or(router.otherwise.as_ref()).cloned().map(|handler| (handler, event))
    });
    let settled = match handling {
        None => Settled::Unhandled,
        Some((handler, event)) => match outcome(&handler, event).await {
            Ok(()) => Settled::Handled,
            Err(error) => {
                failed(&router, &delivery, error, kept).await;
                Settled::Failed
            }
        },
    };
    router.receiver.settle(delivery, settled).await
}

/// Runs a handler. A panic is a failure as any other.
async fn outcome(handler: &Handler, event: Event) -> Result<(), Failure> {
    let handling = AssertUnwindSafe(async { handler(event).await });
    handling.catch_unwind().await.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        Err(format!("it panicked: {text}").into())
    })
}

/// Logs a failure and passes it on.
async fn failed(router: &EventRouter, delivery: &Delivery, error: Failure, event: Option<Event>) {
    let error_text = chain(error.as_ref(), delivery);
    tracing::error!(target: "airudder::events", key = delivery.key(), error = error_text, "the handler of an event failed; AI Rudder sends it again");
    if let (Some(on_error), Some(event)) = (&router.on_error, event)
        && AssertUnwindSafe(async { on_error(error, event).await })
            .catch_unwind()
            .await
            .is_err()
    {
        tracing::error!(target: "airudder::events", key = delivery.key(), "`on_error` panicked");
    }
}

/// The texts of an error and of its sources, each redacted on its own.
fn chain(error: &(dyn StdError + 'static), delivery: &Delivery) -> String {
    let mut text = delivery.redacted(&error.to_string());
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {}", delivery.redacted(&error.to_string()));
        source = error.source();
    }
    text
}

impl fmt::Debug for EventRouter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventRouter")
            .field("kinds", &self.handlers.keys())
            .finish_non_exhaustive()
    }
}
