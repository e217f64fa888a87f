//! What all calls of operations have in common before they are checked.

use std::fmt;
use std::sync::Arc;

use super::options::CallOptions;
use super::session::Session;
use crate::model::Input;
use crate::schema::Operation;

/// A call of an operation.
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

/// Without the parameters, which may be people's data.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.operation.id)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// Makes a request awaitable: its method `run` does the work.
macro_rules! awaitable {
    ($request:ty $([$answer:ident])? => $output:ty) => {
        impl$(<$answer: $crate::Answer>)? std::future::IntoFuture for $request {
            type Output = Result<$output, $crate::Error>;
            type IntoFuture = futures_util::future::BoxFuture<'static, Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.run())
            }
        }
    };
}
pub(super) use awaitable;
