//! The API that a client calls: its address, its paths, its encryption.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use http::HeaderValue;
use url::Url;

use super::route::Route;
use crate::crypto::Encryption;
use crate::schema::Operation;

pub(crate) struct Endpoint {
    pub(crate) base_url: Url,
    pub(crate) user_agent: HeaderValue,
    pub(crate) encryption: Option<Encryption>,
    /// Paths in place of the contract's, by operation id.
    routes: HashMap<&'static str, String>,
    /// Parsed URLs by operation id. Parsing one takes longer than all other work on a small request.
    urls: RwLock<HashMap<&'static str, Url>>,
}

impl Endpoint {
    pub(crate) fn new(
        base_url: Url,
        user_agent: HeaderValue,
        encryption: Option<Encryption>,
        routes: HashMap<&'static str, String>,
    ) -> Self {
        Self {
            base_url,
            user_agent,
            encryption,
            routes,
            urls: RwLock::default(),
        }
    }

    pub(crate) fn route(&self, operation: &'static Operation) -> Route<'_> {
        Route::of(operation, self.routes.get(operation.id))
    }

    pub(crate) fn url(&self, route: &Route<'_>) -> Url {
        let Some(operation) = route.operation else {
            return self.join(route.path);
        };
        if let Some(url) = self.urls.read().unwrap_or_else(PoisonError::into_inner).get(operation.id) {
            return url.clone();
        }
        let mut urls = self.urls.write().unwrap_or_else(PoisonError::into_inner);
        urls.entry(operation.id).or_insert_with(|| self.join(route.path)).clone()
    }

    /// Appends a path to the base URL, which may have a path of its own behind a gateway.
    fn join(&self, path: &str) -> Url {
        let mut url = self.base_url.clone();
        let path = format!("{}{path}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url
    }
}
