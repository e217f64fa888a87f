//! AI Rudder on your own machine: a server that behaves like the API, for tests that phone nobody.
//!
//! The program `airudder-emulator` runs it by itself; tests in Rust start it inside their own process:
//!
//! ```
//! use airudder_emulator::{Emulator, Settings};
//!
//! # fn main() -> Result<(), airudder_emulator::StartError> {
//! let emulator = Emulator::start(Settings { speed: 60.0, ..Settings::default() })?;
//! println!("use {} as the base URL", emulator.url());
//! # Ok(())
//! # } // Dropped: stopped, and its port is free again.
//! ```

/// Has the README's example compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod api;
pub mod auth;
pub mod chatbot;
pub mod clock;
pub mod contract;
pub mod control;
pub mod crypto;
pub mod didi;
pub mod envelope;
pub mod events;
pub mod families;
pub mod fast;
pub mod faults;
pub mod fields;
pub mod flex_route;
pub mod form;
pub mod inbound;
pub mod journal;
pub mod keyring;
pub mod page;
pub mod plans;
pub mod recordings;
pub mod request;
mod running;
mod server;
pub mod settings;
mod strike;
pub mod tasks;
pub mod workflows;
pub mod world;

pub use crypto::{Encryption, Scheme};
pub use running::{Emulator, StartError};
pub use settings::{Credentials, RecordingsAs, Settings};
