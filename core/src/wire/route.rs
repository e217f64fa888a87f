//! Where a request goes and how it is treated.

use crate::schema::{AuthScheme, Location, Operation, Retry, Source};

/// An operation with its configured path, or a raw call.
pub(crate) struct Route<'a> {
    pub(crate) id: &'a str,
    /// The operation. `None` for a raw call.
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) method: http::Method,
    pub(crate) path: &'a str,
    pub(crate) retry: Retry,
    pub(crate) auth: AuthScheme,
    pub(crate) location: Location,
    pub(crate) constants: &'a [(&'a str, &'a str)],
    /// For a path that is not documented: its source, and the page where it can be looked up.
    pub(crate) unsure: Option<(Source, &'a str)>,
}

impl<'a> Route<'a> {
    /// The route of an operation, whose path `routes` may replace.
    pub(crate) fn of(operation: &'static Operation, replaced: Option<&'a String>) -> Self {
        let is_unsure = operation.source != Source::Documented && replaced.is_none();
        Self {
            id: operation.id,
            operation: Some(operation),
            method: operation.method.into(),
            path: replaced.map_or(operation.path, String::as_str),
            retry: operation.retry,
            auth: operation.auth,
            location: operation.location,
            constants: operation.constants,
            unsure: is_unsure.then_some((operation.source, operation.page)),
        }
    }
}
