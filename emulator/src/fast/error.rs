//! Errors of the fast mode.

use std::io;

use thiserror::Error;

/// Why the fast mode cannot begin.
#[derive(Debug, Error)]
pub enum FastError {
    /// The port is taken, or the system has no room.
    #[error("the fast mode cannot listen: {0}")]
    Listen(#[from] io::Error),
    /// The answers or the certificate cannot be made.
    #[error("the fast mode cannot be prepared: {0}")]
    Prepare(String),
}
