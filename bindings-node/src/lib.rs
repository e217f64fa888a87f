//! The native side of the npm package `airudder`.
//!
//! Everything crosses as JSON text in both directions: V8 reads and writes JSON faster than objects can be built from here, field by field. What is
//! in the texts is core's business and the generated declarations'; this crate only carries them, and makes sure that whatever goes wrong arrives
//! as an error.

// napi hands over owned values, and who calls is JavaScript.
#![allow(clippy::needless_pass_by_value, clippy::must_use_candidate)]

mod call;
mod failure;
mod options;
#[doc(hidden)]
pub mod probe;

use std::sync::Arc;

use airudder::Client;
use napi::Env;
use napi::bindgen_prelude::{AsyncBlock, AsyncBlockBuilder, Result};
use napi_derive::napi;
use tokio::sync::Notify;

use crate::failure::{Outcome, guarded, guarded_now};
use crate::options::{Settings, read};

/// A client, as JavaScript holds it.
#[napi(js_name = "NativeClient")]
#[derive(Debug)]
pub struct NativeClient(Client);

/// Stops one call.
#[napi]
#[derive(Debug, Default)]
pub struct Cancellation(Arc<Notify>);

#[napi]
impl Cancellation {
    #[napi(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the request off the wire. It may come before the call has begun and after it has ended.
    #[napi]
    pub fn cancel(&self) {
        self.0.notify_one();
    }
}

/// Makes a client from its settings. The runtime is told to AI Rudder with every request.
#[napi]
pub fn connect(settings: String, runtime: String) -> Outcome<NativeClient> {
    guarded_now(|| {
        let settings = airudder::Settings {
            user_agent: Some(runtime),
            ..read::<Settings>(&settings)?.into()
        };
        Client::new(settings).map(NativeClient)
    })
}

#[napi]
impl NativeClient {
    /// Carries out the operation of this id, or the raw request. A call that was cancelled ends with an answer that nobody reads.
    #[napi]
    pub fn call(
        &self,
        env: Env,
        operation: String,
        input: String,
        options: String,
        cancellation: Option<&Cancellation>,
    ) -> Result<AsyncBlock<Outcome<String>>> {
        let client = self.0.clone();
        let cancelled = cancellation.map(|cancellation| Arc::clone(&cancellation.0));
        let work = guarded(async move { call::call(&client, &operation, &input, &options).await });
        AsyncBlockBuilder::new(async move {
            let Some(cancelled) = cancelled else { return Ok(work.await) };
            tokio::select! {
                biased;
                () = cancelled.notified() => Ok(Outcome::A(String::new())),
                outcome = work => Ok(outcome),
            }
        })
        .build(&env)
    }

    /// Reads an event from the body and the headers of a request, given as pairs of name and value.
    #[napi]
    pub fn unwrap(&self, body: &[u8], headers: String, kind: Option<String>) -> Outcome<String> {
        guarded_now(|| call::unwrap(&self.0, body, &headers, kind.as_deref()))
    }
}
