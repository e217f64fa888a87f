//! Receives what AI Rudder posts: authenticates it, decrypts it, detects its kind, and reads it.

mod authenticate;
mod authenticated;
#[cfg(feature = "axum")]
mod axum;
mod coding;
mod decrypt;
mod detect;
mod event;
mod fields;
mod freshness;
mod headers;
mod identity;
mod memory;
mod open;
mod payload;
mod receiver;
mod reply;
mod router;
mod rules;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod testing;
mod text;
pub(crate) mod traits;

pub use crate::generated::events::{EventData, EventKind};
pub use authenticated::Authenticated;
pub use event::Event;
pub use memory::MemoryStore;
pub use open::Events;
pub use receiver::{Delivery, Receiver, Taken};
pub use reply::{Reply, Settled};
pub use router::EventRouter;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;
pub use store::{Begun, Store, StoreError, fence};
pub use text::EventText;
pub use traits::UnknownEvent;

pub(crate) use rules::Rules;
