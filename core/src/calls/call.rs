use std::fmt;
use std::sync::Arc;

use super::options::CallOptions;
use super::session::Session;
use crate::model::Input;
use crate::schema::Operation;

/// A call of an operation, before its parameters are checked.
pub(super) struct Call {
    pub(super) session: Arc<Session>,
    pub(super) operation: &'static Operation,
    pub(super) input: Input,
    pub(super) options: CallOptions,
}

impl Call {
    pub(super) fn new(session: &Arc<Session>, operation: &'static Operation, input: Input) -> Self {
        Self {
            session: session.clone(),
            operation,
            input,
            options: CallOptions::default(),
        }
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.operation.id)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
