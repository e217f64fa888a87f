//! The pages of a list, one after the other.

use std::sync::Arc;

use airudder::{JsonText, Pager};
use tokio::sync::Mutex;

use crate::failure::{NativeError, run};
use crate::json::Kotlin;

/// [`Pager`] for Kotlin.
#[derive(uniffi::Object)]
#[allow(missing_debug_implementations)] // UniFFI would show it to Kotlin
pub struct NativePager(Arc<Mutex<Pager>>);

impl NativePager {
    pub(crate) fn new(pager: Pager) -> Self {
        Self(Arc::new(Mutex::new(pager)))
    }
}

#[uniffi::export(async_runtime = "tokio")]
impl NativePager {
    /// The next page as JSON text; none when there are no more.
    pub async fn next_page(&self) -> Result<Option<String>, NativeError> {
        let pager = Arc::clone(&self.0);
        run(async move {
            let page = pager.lock().await.next_page_as::<JsonText<Kotlin>>().await?;
            Ok(page.map(|page| page.json))
        })
        .await
    }
}
