//! The native side of the npm package `airudder`.
//!
//! Values pass as JSON text in both directions: V8 parses JSON faster than native code can build objects field by field. Core and the generated
//! declarations define the texts; this crate passes them on, and every failure as an error.

// napi passes owned values, and only JavaScript calls.
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

/// An answer is many small allocations, for which the system's allocator is slow.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The operations, as JSON.
#[napi]
pub fn operations() -> String {
    airudder::operations_json()
}

/// The kinds of events, as JSON.
#[napi]
pub fn event_kinds() -> String {
    let known = |kind: &EventKind| json!({ "kind": kind.as_str(), "source": kind.source().as_str(), "pages": kind.pages(), "summary": kind.summary() });
    EventKind::ALL.iter().map(known).collect::<Value>().to_string()
}
