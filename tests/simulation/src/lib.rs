//! The SDK's core in a simulated world: clients and receivers of events, a model of AI Rudder, a network and a clock that fail.
//!
//! A run is decided by its seed. Everything runs in one thread, on tokio's paused clock: an hour passes in the time that its events take. Each run
//! draws which kinds of faults there are, so that some runs have many and some have none.
//!
//! # What must hold
//!
//! 1. No contact is phoned twice by one intended call. The user of the model makes a call again only if its error says that it was surely not applied.
//! 2. An error with `may_have_been_applied = false` is never one of a call that AI Rudder applies, also later.
//! 3. A call that succeeds was applied, and its answer is its own.
//! 4. A call ends by its deadline. Time that the clock jumps over does not count.
//! 5. An event that was acknowledged was handled: its handler had run to success before the answer was sent.
//! 6. At most one handler is recorded as successful for an event.
//! 7. A live process that can reach its store keeps its claim: if no store fails and the clock does not jump, no second handler runs beside its own,
//!    and none starts once the event is recorded. If no process dies either, a handler runs to success once.
//!
//! More than that cannot hold. A process that dies between the success of its handler and the record of it leaves no trace, so the handler
//! runs again; so does one whose claim lapsed while its process was stopped, or whose store was silent for longer than the lease. That is at least once,
//! with a fence.
//!
//! # What is not simulated
//!
//! The bytes of HTTP and TLS, `SQLite`, the disk, and threads: their tests use the real ones. A network that sends a request for a new task twice by
//! itself, after the client sent it once, cannot be seen by any client; only requests that may be repeated are doubled.

mod deliveries;
mod network;
mod process;
mod run;
mod server;
mod store;
mod users;
mod world;

pub use run::run;
pub use world::{FAULTS, Report};
