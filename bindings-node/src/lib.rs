//! The native side of the npm package `airudder`.
//!
//! Everything crosses as JSON text in both directions: V8 reads and writes JSON faster than objects can be built from here, field by field. What is
//! in the texts is core's business and the generated declarations'; this crate only carries them, and makes sure that whatever goes wrong arrives
//! as an error.

// napi hands over owned values, and who calls is JavaScript.
#![allow(clippy::needless_pass_by_value, clippy::must_use_candidate)]

mod call;
mod cancellation;
#[doc(hidden)]
pub mod client;
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
mod text;
mod upload;

use airudder::EventKind;
use mimalloc::MiMalloc;
use napi_derive::napi;
use serde_json::{Value, json};

/// An answer is many small pieces of memory, which the system's allocator hands out, merges and gives back at length.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

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
