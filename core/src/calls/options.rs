//! The options of one call.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use crate::wire::Extras;

/// The options of one call, beyond its typed parameters.
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

impl CallOptions {
    pub(crate) fn extras(&self) -> Extras<'_> {
        Extras {
            query: &self.extra_query,
            body: &self.extra_body,
            headers: &self.extra_headers,
        }
    }
}

/// Setters that every kind of call has.
macro_rules! option_setters {
    ($($options:ident).+) => {
        /// Sets all options of this call at once.
        pub fn options(mut self, options: $crate::CallOptions) -> Self {
            self.$($options).+ = options;
            self
        }

        /// How long this call may take with all its retries, in seconds.
        pub fn timeout(mut self, seconds: f64) -> Self {
            self.$($options).+.timeout = Some(seconds);
            self
        }

        /// How often this call may be repeated, if it may be at all.
        pub fn max_retries(mut self, retries: u32) -> Self {
            self.$($options).+.max_retries = Some(retries);
            self
        }

        /// Adds a field to the query string.
        pub fn extra_query(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
            self.$($options).+.extra_query.insert(name.into(), value.into());
            self
        }

        /// Adds a field to the JSON body.
        pub fn extra_body(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
            self.$($options).+.extra_body.insert(name.into(), value.into());
            self
        }

        /// Adds a header.
        pub fn extra_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
            self.$($options).+.extra_headers.insert(name.into(), value.into());
            self
        }
    };
}
pub(crate) use option_setters;

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
