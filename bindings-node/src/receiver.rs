//! Deliveries of events to handlers in JavaScript.

use std::sync::{Arc, Mutex, PoisonError};

use airudder::events::{Delivery, Receiver, Reply, Settled, Taken};
use airudder::{Case, Error};
use napi::Env;
use napi::bindgen_prelude::{AsyncBlock, AsyncBlockBuilder, Buffer, Either, Result};
use napi_derive::napi;
use serde_json::json;

use crate::client::NativeClient;
use crate::events::{pairs, to_json};
use crate::failure::{Outcome, guarded, guarded_now};
use crate::signer::{Answered, answered_before};
use crate::store::NativeStore;

/// [`Receiver`] for JavaScript. Replies are JSON.
#[napi]
#[allow(missing_debug_implementations)] // a store may be anybody's
pub struct NativeReceiver(Receiver);

/// An event that is being handled.
#[napi]
#[allow(missing_debug_implementations)] // holds people's data
pub struct NativeDelivery {
    receiver: Receiver,
    event: String,
    /// `None` once it is settled.
    delivery: Mutex<Option<Delivery>>,
}

#[napi]
impl NativeClient {
    /// The receiver of this client's events, with a store of handled ones.
    #[napi]
    pub fn receiver(&self, store: &NativeStore) -> NativeReceiver {
        NativeReceiver(self.0.events().receiver(Arc::clone(&store.0)))
    }
}

/// How long the body of an event may take to come, in seconds.
#[napi]
pub fn body_timeout() -> f64 {
    Receiver::BODY_TIMEOUT.as_secs_f64()
}

/// The kind that the last part of a path names.
#[napi]
pub fn kind_of_path(path: String) -> Option<&'static str> {
    Receiver::kind_of_path(&path)
}

#[napi]
impl NativeReceiver {
    /// Opens an event and claims it: a delivery to handle, or a reply.
    #[napi]
    pub fn take(
        &self,
        env: Env,
        body: Buffer,
        headers: String,
        kind: Option<String>,
        signed: Option<Answered>,
    ) -> Result<AsyncBlock<Outcome<Either<NativeDelivery, String>>>> {
        let receiver = self.0.clone();
        let work = async move {
            let headers = pairs(&headers)?;
            let taken = answered_before(signed, receiver.take(&body, &headers, kind.as_deref())).await;
            Ok(match taken {
                Taken::Handle(mut delivery) => {
                    let event = delivery
                        .take_event()
                        .ok_or_else(|| Error::internal("a delivery without an event"))?;
                    Either::A(NativeDelivery {
                        event: to_json(&event.into()),
                        delivery: Mutex::new(Some(delivery)),
                        receiver,
                    })
                }
                Taken::Reply(reply) => Either::B(reply_json(&reply)),
            })
        };
        AsyncBlockBuilder::new(async move { Ok(guarded(work).await) }).build(&env)
    }

    /// The reply to a body that is not bytes.
    #[napi]
    pub fn not_raw(&self, what: String) -> Outcome<String> {
        guarded_now(|| Ok(reply_json(&self.0.not_raw(&what))))
    }
}

#[napi]
impl NativeDelivery {
    /// The event as JSON.
    #[napi]
    pub fn event(&self) -> &str {
        &self.event
    }

    /// A text without what the event says of people.
    #[napi]
    pub fn redacted(&self, text: String) -> Option<String> {
        let delivery = self.delivery.lock().unwrap_or_else(PoisonError::into_inner);
        delivery.as_ref().map(|delivery| delivery.redacted(&text))
    }

    /// Settles the delivery as `handled`, `failed`, or `unhandled`.
    #[napi]
    pub fn settle(&self, env: Env, settled: String) -> Result<AsyncBlock<Outcome<String>>> {
        let delivery = self.delivery.lock().unwrap_or_else(PoisonError::into_inner).take();
        let receiver = self.receiver.clone();
        let work = async move {
            let delivery = delivery.ok_or_else(|| Error::internal("a delivery is settled twice"))?;
            let settled = match &*settled {
                "handled" => Settled::Handled,
                "unhandled" => Settled::Unhandled,
                _ => Settled::Failed,
            };
            Ok(reply_json(&receiver.settle(delivery, settled).await))
        };
        AsyncBlockBuilder::new(async move { Ok(guarded(work).await) }).build(&env)
    }
}

fn reply_json(reply: &Reply) -> String {
    let message = reply.message.as_ref().map(|text| Case::Camel.spell(text));
    json!({ "status": reply.status, "outcome": reply.outcome, "reason": reply.reason, "message": message }).to_string()
}
