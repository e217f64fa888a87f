//! The native side of the Kotlin package.
//!
//! A handful of functions carries every operation: parameters and answers cross as JSON text, and the types stand in Kotlin, generated from the
//! contract. The records of `UniFFI` could not be that surface: they print people's data, know no tree of exceptions, and have no builders for Java.

mod client;
mod clients;
mod direct;
mod events;
mod failure;
mod in_flight;
mod json;
mod memory;
mod pager;
mod progress;
mod receiver;
mod settings;
mod signer;
mod store;
mod upload;

uniffi::setup_scaffolding!();
