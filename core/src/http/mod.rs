//! The one path that every request takes: build, encrypt, send, retry, receive, decrypt, open the envelope.

pub(crate) mod body;
pub(crate) mod build;
pub(crate) mod classify;
pub(crate) mod envelope;
pub(crate) mod proof;
pub(crate) mod quoted;
pub(crate) mod receive;
pub(crate) mod retry;
pub(crate) mod send;
pub(crate) mod transport;
pub(crate) mod urls;
