//! How long and how often a call may try.

use std::time::Duration;

use tokio::time::Instant;

/// How long and how often a call may try.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) deadline: Instant,
    pub(crate) max_retries: u32,
}

impl Limits {
    pub(crate) fn new(timeout: Duration, max_retries: u32) -> Self {
        Self {
            deadline: Instant::now() + timeout,
            max_retries,
        }
    }
}
