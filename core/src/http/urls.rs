//! The URLs of operations, parsed once: parsing one takes longer than all else that is done to send a small request.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use url::Url;

use crate::operation::Operation;

/// The URLs of one client, by the operation's id.
#[derive(Default)]
pub(crate) struct Urls(RwLock<HashMap<&'static str, Url>>);

impl Urls {
    pub(crate) fn get(&self, operation: &'static Operation, make: impl FnOnce() -> Url) -> Url {
        if let Some(url) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(operation.id) {
            return url.clone();
        }
        let mut urls = self.0.write().unwrap_or_else(PoisonError::into_inner);
        urls.entry(operation.id).or_insert_with(make).clone()
    }
}
