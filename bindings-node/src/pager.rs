//! The pages of a list, one after the other.

use std::sync::Arc;

use airudder::{JsonText, Pager};
use napi_derive::napi;
use tokio::sync::Mutex;

use crate::call::JavaScript;
use crate::cancellation::Cancellation;
use crate::inbox::Inbox;

/// [`Pager`] for JavaScript.
#[napi]
#[allow(missing_debug_implementations)] // holds people's data
pub struct NativePager(Arc<Mutex<Pager>>);

impl NativePager {
    pub(crate) fn new(pager: Pager) -> Self {
        Self(Arc::new(Mutex::new(pager)))
    }
}

#[napi]
impl NativePager {
    /// The next page; `null` when there are no more.
    #[napi]
    pub fn next_page(&self, inbox: &Inbox, number: u32, cancellation: Option<&Cancellation>) {
        let pager = Arc::clone(&self.0);
        inbox.run(number, cancellation, async move {
            let page = pager.lock().await.next_page_as::<JsonText<JavaScript>>().await?;
            Ok(page.map_or_else(|| "null".to_owned(), |page| page.json))
        });
    }
}
