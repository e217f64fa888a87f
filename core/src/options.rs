//! What one call may set for itself.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

/// What one call sets for itself, beyond its typed parameters.
#[derive(Clone, Default)]
pub struct CallOptions {
    /// How long this call may take with all its retries, in seconds, in place of the client's `timeout`.
    pub timeout: Option<f64>,
    /// How often it may be repeated, in place of the client's `max_retries`. Never makes a call repeatable that is not.
    pub max_retries: Option<u32>,
    /// Fields to add to the query string; they replace typed ones of the same wire name.
    pub extra_query: Map<String, Value>,
    /// Fields to add to the JSON body; they replace typed ones of the same wire name.
    pub extra_body: Map<String, Value>,
    /// Headers to add; they replace the client's own of the same name.
    pub extra_headers: BTreeMap<String, String>,
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("max_retries", &self.max_retries)
            .field("extra_query", &format_args!("[{} fields]", self.extra_query.len()))
            .field("extra_body", &format_args!("[{} fields]", self.extra_body.len()))
            .field("extra_headers", &format_args!("[{} fields]", self.extra_headers.len()))
            .finish()
    }
}
