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
//! The calls of the Chatbot API carry a sign in place of a token. They need `sign_key` and `sign_secret` in [`Settings`], or a [`Signer`], for how AI
//! Rudder computes the sign is not known; they are never encrypted.
//!
//! Requests are awaited on a [tokio](https://tokio.rs) runtime.
//!
//! What AI Rudder does not document, the SDK does not claim: every operation and field has a [`Source`], and `routes` in [`Settings`] sets a path
//! right without a new release.
//!
//! The folders: `http` is the one path that every request takes, `model` reads and writes typed objects, `generated` is made from the contract.

mod client;
mod config;
mod download;
mod encryption;
mod error;
pub mod events;
#[doc(hidden)]
pub mod generated;
mod http;
#[doc(hidden)]
pub mod json;
#[doc(hidden)]
pub mod model;
mod operation;
mod options;
mod paging;
mod raw;
mod redact;
mod request;
#[doc(hidden)]
pub mod schema;
mod settings;
mod signing;
mod token;
mod upload;

pub use client::Client;
pub use download::{Download, FileRequest, FolderRequest};
pub use encryption::{Encryption, Iv, Sealed};
pub use error::{Error, ErrorKind};
pub use events::{Event, EventData, EventKind, EventRouter, Events, UnknownEvent};
pub use generated::models::*;
pub use generated::operations::OPERATIONS;
pub use generated::resources::*;
pub use model::Answer;
pub use model::{AnyModel, Case, Extra, Input, JsonText, Language};
pub use operation::{AuthScheme, Downloads, Location, Method, Operation, PageStep, Paging, Retry, Source, Upload, operations_json};
pub use options::CallOptions;
pub use paging::{Pager, Pages};
pub use raw::{RawAnswer, RawCall, RawRequest};
pub use request::Request;
pub use settings::Settings;
pub use signing::{SignError, Signer, Unsigned};
pub use upload::{FileSource, UploadRequest};
