//! The pages of a list, one after the other.

use std::sync::Arc;

use airudder::model::to_json;
use airudder::{Case, Pager};
use napi::Env;
use napi::bindgen_prelude::{AsyncBlock, Result};
use napi_derive::napi;
use tokio::sync::Mutex;

use crate::Cancellation;
use crate::failure::{Outcome, stoppable};

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
    pub fn next_page(&self, env: Env, cancellation: Option<&Cancellation>) -> Result<AsyncBlock<Outcome<String>>> {
        let pager = Arc::clone(&self.0);
        stoppable(env, cancellation, async move {
            let page = pager.lock().await.next_page().await?;
            Ok(page.map_or_else(|| "null".to_owned(), |page| to_json(&*page, Case::Camel)))
        })
    }
}
