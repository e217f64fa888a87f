//! The SDK for AI Rudder, the voice-robot platform that phones people.
//!
//! ```no_run
//! use airudder::{Client, CollectionContact, CreateTask};
//!
//! # async fn run() -> Result<(), airudder::Error> {
//! let client = Client::from_env()?; // AIRUDDER_APP_KEY, AIRUDDER_APP_SECRET
//! let contacts = vec![CollectionContact::new("+6281230001111").debtor("Budi")];
//! let task = client
//!     .tasks()
//!     .create(CreateTask::new("November", "2026-11-23 09:00:00", "2026-11-23 18:00:00", "1001", contacts))
//!     .await?;
//! for call in client.tasks().detail(task.task_id).await?.calls {
//!     println!("{:?} talked for {:?} s", call.status(), call.talk_duration());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Client`] has one method for each family of the API: [`Client::tasks`], [`Client::workflows`], [`Client::chatbot`] and others. A list that comes
//! in pages has a second method whose name ends with `_all` and that goes through all of them: [`Tasks::list_all`].
//!
//! A request that makes phones ring is never sent twice on a guess: when it is not known whether it was carried out,
//! [`Error::may_have_been_applied`] says so.
//!
//! Dropping the future of a request in flight, as `select!`, `tokio::time::timeout` or `abort` do, loses that error: the request may have been applied.
//! Prefer the `timeout` of the call.
//!
//! The calls of the Chatbot API carry a signature in place of a token. They need `sign_key` and `sign_secret` in [`Settings`], or a [`Signer`],
//! because how AI Rudder computes the signature is not known; they are never encrypted.
//!
//! Requests are awaited on a [tokio](https://tokio.rs) runtime.
//!
//! What AI Rudder does not document, the SDK does not claim: every operation and field has a [`Source`], and `routes` in [`Settings`] sets a path
//! right without a new release.
//!
//! The modules, each of which uses the ones above it and none below: `error` and `redact`; `schema`, the contract as data; `json`, the one reader;
//! `model`, typed objects; `crypto`; `wire`, requests and responses; `engine`, the one path of every request; `auth`; `calls`; `events`; `client`.
//! `generated` is made from the contract.

#![forbid(unsafe_code)]

mod auth;
mod calls;
mod client;
mod crypto;
mod engine;
mod error;
pub mod events;
#[doc(hidden)]
pub mod generated;
#[doc(hidden)]
pub mod json;
#[doc(hidden)]
pub mod model;
mod redact;
#[doc(hidden)]
pub mod schema;
mod wire;

#[doc(hidden)]
pub use calls::Interruption;
pub use calls::{
    CallOptions, Download, DownloadProgress, FileRequest, FileSource, FolderRequest, Pager, Pages, RawAnswer, RawCall, RawRequest, Request,
    UploadRequest,
};
pub use client::{Client, Settings, operations_json};
pub use crypto::{Encrypted, Encryption, Iv, SignError, Signer, Unsigned};
pub use error::{Error, ErrorKind};
pub use events::{Authenticated, Event, EventData, EventKind, EventRouter, Events, UnknownEvent};
pub use generated::models::*;
pub use generated::operations::OPERATIONS;
pub use generated::resources::*;
pub use model::{Answer, AnyModel, Extra, Input, JsonText, Language};
pub use schema::{AuthScheme, Case, Downloads, Location, Method, Operation, PageStep, Paging, Retry, Source, Upload};
pub use wire::{Transport, TransportBody, TransportError, TransportErrorKind, TransportRequest, TransportResponse, TransportStream};
