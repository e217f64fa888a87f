//! Walks: every operation of a family called against a running server, step by step, with what earlier answers gave.
//!
//! A suite only makes the calls. What comes next, what it may say and how often it is tried stands here, once for all languages.

mod expect;
mod file;
mod progress;
mod server;
mod table;

pub use file::Walks;
pub use progress::Progress;
pub use table::Table;
