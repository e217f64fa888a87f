//! The native side of the npm package `airudder`.
//!
//! Everything crosses as JSON text in both directions: V8 reads and writes JSON faster than objects can be built from here, field by field. What is
//! in the texts is core's business and the generated declarations'; this crate only carries them, and makes sure that whatever goes wrong arrives
//! as an error.

// napi hands over owned values, and who calls is JavaScript.
#![allow(clippy::needless_pass_by_value, clippy::must_use_candidate)]

mod call;
mod events;
mod failure;
#[doc(hidden)]
pub mod inbox;
mod options;
mod pager;
#[doc(hidden)]
pub mod probe;
#[doc(hidden)]
pub mod receiver;
mod signer;
#[doc(hidden)]
pub mod store;
mod upload;

use std::sync::Arc;

use airudder::{Client, EventKind, Signer};
use mimalloc::MiMalloc;
use napi_derive::napi;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::failure::{Outcome, guarded_now};
use crate::inbox::Inbox;
use crate::options::{Settings, read};
use crate::pager::NativePager;
use crate::signer::{Callback, JsSigner};
use crate::upload::FileToUpload;

/// An answer is many small pieces of memory, which the system's allocator hands out, merges and gives back at length.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

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

impl Cancellation {
    fn notify(&self) -> Arc<Notify> {
        Arc::clone(&self.0)
    }
}

/// Makes a client from its settings. The runtime is told to AI Rudder with every request.
#[napi]
pub fn connect(settings: String, runtime: String, signer: Option<Callback>) -> Outcome<NativeClient> {
    guarded_now(|| {
        let settings = airudder::Settings {
            user_agent: Some(runtime),
            signer: signer.map(|callback| Arc::new(JsSigner(callback)) as Arc<dyn Signer>),
            ..read::<Settings>(&settings)?.into()
        };
        Client::new(settings).map(NativeClient)
    })
}

/// What is known of each operation.
#[napi]
pub fn operations() -> String {
    airudder::operations_json()
}

/// What is known of each kind of event.
#[napi]
pub fn event_kinds() -> String {
    let known = |kind: &EventKind| json!({ "kind": kind.as_str(), "source": kind.source().as_str(), "pages": kind.pages(), "summary": kind.summary() });
    EventKind::ALL.iter().map(known).collect::<Value>().to_string()
}

#[napi]
impl NativeClient {
    /// Carries out the operation of this id, or the raw request.
    #[napi]
    #[allow(clippy::too_many_arguments)] // one crossing
    pub fn call(
        &self,
        inbox: &Inbox,
        number: u32,
        operation: String,
        input: Option<String>,
        options: Option<String>,
        cancellation: Option<&Cancellation>,
    ) {
        let client = self.0.clone();
        inbox.tell(number, cancellation, async move {
            call::call(&client, &operation, input.as_deref(), options.as_deref()).await
        });
    }

    /// Carries out an operation that sends a file.
    #[napi]
    #[allow(clippy::too_many_arguments)] // one crossing
    pub fn upload(
        &self,
        inbox: &Inbox,
        number: u32,
        operation: String,
        input: Option<String>,
        options: Option<String>,
        file: FileToUpload,
        cancellation: Option<&Cancellation>,
    ) {
        let client = self.0.clone();
        let file = file.into();
        inbox.tell(number, cancellation, async move {
            call::upload(&client, &operation, input.as_deref(), options.as_deref(), file).await
        });
    }

    /// The pages of a list; nothing is sent before the first is asked for.
    #[napi]
    pub fn pager(&self, operation: String, input: Option<String>, options: Option<String>) -> Outcome<NativePager> {
        guarded_now(|| call::pager(&self.0, &operation, input.as_deref(), options.as_deref()).map(NativePager::new))
    }
}
