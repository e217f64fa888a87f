//! The conformance cases and the server that plays them. `README.md` beside this crate describes the format and how a suite runs it.

pub mod body;
pub mod cases;
pub mod cipher;
pub mod compare;
pub mod control;
pub mod form;
pub mod http;
pub mod names;
pub mod play;
pub mod suite;
pub mod walk;
