//! A call with a typed answer.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::call::{Call, awaitable};
use super::options::option_setters;
use super::prepared::Prepared;
use super::session::Session;
use crate::error::Error;
use crate::model::{Answer, Input, Model};
use crate::schema::Operation;

/// A call of one operation. Await it to send it. Dropping it or its future cancels it.
///
/// ```no_run
/// # async fn run(client: airudder::Client) -> Result<(), airudder::Error> {
/// let page = client.tasks().list(Default::default()).timeout(5.0).await?;
/// println!("{} tasks", page.tasks.len());
/// # Ok(())
/// # }
/// ```
#[must_use = "a request is sent when it is awaited"]
pub struct Request<T> {
    call: Call,
    answer: PhantomData<fn() -> T>,
}

impl<T: Answer> Request<T> {
    pub(crate) fn new(session: &Arc<Session>, operation: &'static Operation, params: impl Model) -> Self {
        Self::from_input(session, operation, Input::typed(params))
    }

    pub(crate) fn without_params(session: &Arc<Session>, operation: &'static Operation) -> Self {
        Self::from_input(session, operation, Input::none())
    }

    pub(crate) fn from_input(session: &Arc<Session>, operation: &'static Operation, input: Input) -> Self {
        Self {
            call: Call::new(session, operation, input),
            answer: PhantomData,
        }
    }

    async fn run(self) -> Result<T, Error> {
        Prepared::new(self.call, None)?.answer().await
    }
}

awaitable!(Request<T> [T] => T);

impl<T> fmt::Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Request").field(&self.call).finish()
    }
}

impl<T> Request<T> {
    option_setters!(call.options);
}
