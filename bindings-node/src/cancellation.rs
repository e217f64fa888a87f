//! Stops calls.

use std::sync::Arc;

use napi_derive::napi;
use tokio::sync::Notify;

/// Stops one call.
#[napi]
#[derive(Debug, Default)]
pub struct Cancellation(Arc<Notify>);

#[napi]
impl Cancellation {
    #[napi(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Aborts the request. Works before the call has begun, and does nothing after it has completed.
    #[napi]
    pub fn cancel(&self) {
        self.0.notify_one();
    }
}

impl Cancellation {
    pub(crate) fn notify(&self) -> Arc<Notify> {
        Arc::clone(&self.0)
    }
}
