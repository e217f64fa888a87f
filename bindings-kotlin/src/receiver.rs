//! Events that are handled once, by handlers in Kotlin.

use std::sync::{Arc, Mutex, PoisonError};

use airudder::events::{Delivery, EventText, Receiver, Reply, Settled, Taken};
use airudder::{Case, Error};

use crate::client::NativeClient;
use crate::events::{Header, OpenedEvent, pairs};
use crate::failure::{NativeError, run};
use crate::store::{KotlinStore, NativeStore, StoreInCore};

/// [`Receiver`] for Kotlin.
#[derive(uniffi::Object)]
#[allow(missing_debug_implementations)] // UniFFI would show it to Kotlin
pub struct NativeReceiver {
    receiver: Receiver,
}

/// [`Taken`] for Kotlin.
#[derive(uniffi::Enum)]
#[allow(missing_debug_implementations)] // holds people's data
pub enum NativeTaken {
    Handle { event: OpenedEvent, delivery: Arc<NativeDelivery> },
    Answer { reply: NativeReply },
}

/// [`Delivery`] for Kotlin, until it is settled.
#[derive(uniffi::Object)]
#[allow(missing_debug_implementations)] // UniFFI would show it to Kotlin
pub struct NativeDelivery(Mutex<Option<Delivery>>);

/// [`Reply`] for Kotlin.
#[derive(Debug, uniffi::Record)]
pub struct NativeReply {
    pub status: i32,
    pub outcome: String,
    pub reason: Option<String>,
    pub message: Option<String>,
}

impl From<Reply> for NativeReply {
    fn from(reply: Reply) -> Self {
        Self {
            status: reply.status.into(),
            outcome: reply.outcome.to_owned(),
            reason: reply.reason.map(str::to_owned),
            message: reply.message.map(|text| Case::Camel.spell(&text).into_owned()),
        }
    }
}

/// [`Settled`] for Kotlin.
#[derive(Debug, uniffi::Enum)]
pub enum NativeSettled {
    Handled,
    Failed,
    Unhandled,
}

#[uniffi::export]
impl NativeClient {
    pub fn receiver(&self, store: &StoreInCore) -> NativeReceiver {
        self.receiver_with(store.0.clone())
    }

    pub fn receiver_with_own_store(&self, store: Arc<dyn NativeStore>) -> NativeReceiver {
        self.receiver_with(Arc::new(KotlinStore(store)))
    }
}

impl NativeClient {
    fn receiver_with(&self, store: Arc<dyn airudder::events::Store>) -> NativeReceiver {
        NativeReceiver {
            receiver: self.client.events().receiver(store),
        }
    }
}

#[uniffi::export]
impl NativeDelivery {
    /// A text without what the event says of people.
    #[allow(clippy::needless_pass_by_value)] // `UniFFI` hands over what it made
    pub fn redacted(&self, text: String) -> Option<String> {
        let delivery = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        delivery.as_ref().map(|delivery| delivery.redacted(&text))
    }
}

#[uniffi::export(async_runtime = "tokio")]
impl NativeReceiver {
    pub async fn take(&self, body: Vec<u8>, headers: Vec<Header>, kind: Option<String>) -> Result<NativeTaken, NativeError> {
        let receiver = self.receiver.clone();
        run(async move {
            let headers = pairs(headers);
            match receiver.take(&body, &headers, kind.as_deref()).await {
                Taken::Reply(reply) => Ok(NativeTaken::Answer { reply: reply.into() }),
                Taken::Handle(mut delivery) => {
                    let event = delivery
                        .take_event()
                        .ok_or_else(|| Error::internal("a delivery without its event"))?;
                    Ok(NativeTaken::Handle {
                        event: EventText::from(event).into(),
                        delivery: Arc::new(NativeDelivery(Mutex::new(Some(delivery)))),
                    })
                }
            }
        })
        .await
    }

    pub async fn settle(&self, delivery: Arc<NativeDelivery>, settled: NativeSettled) -> Result<NativeReply, NativeError> {
        let receiver = self.receiver.clone();
        run(async move {
            let delivery = delivery.0.lock().unwrap_or_else(PoisonError::into_inner).take();
            let delivery = delivery.ok_or_else(|| Error::internal("a delivery that was settled twice"))?;
            let settled = match settled {
                NativeSettled::Handled => Settled::Handled,
                NativeSettled::Failed => Settled::Failed,
                NativeSettled::Unhandled => Settled::Unhandled,
            };
            Ok(receiver.settle(delivery, settled).await.into())
        })
        .await
    }
}

/// How long the body of an event may take to come.
#[uniffi::export]
#[must_use]
pub fn body_timeout_ms() -> i64 {
    i64::try_from(Receiver::BODY_TIMEOUT.as_millis()).unwrap_or(i64::MAX)
}

/// The kind that the last segment of a path names.
#[uniffi::export]
#[must_use]
#[allow(clippy::needless_pass_by_value)] // `UniFFI` hands over what it made
pub fn kind_of_path(path: String) -> Option<String> {
    Receiver::kind_of_path(&path).map(str::to_owned)
}
