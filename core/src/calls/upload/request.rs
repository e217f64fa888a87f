//! Calls that upload.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::source::FileSource;
use crate::calls::call::{Call, awaitable};
use crate::calls::options::option_setters;
use crate::calls::prepared::Prepared;
use crate::calls::session::Session;
use crate::error::Error;
use crate::model::{Answer, Input, Model};
use crate::schema::Operation;

/// The upload of a file. Await it to send it. Dropping it or its future cancels it.
///
/// A file on the disk may be large, so its upload has no deadline unless the call itself is given a timeout; it ends when AI Rudder takes no bytes,
/// or says nothing, for longer than the client's `read_timeout`. A file in memory is sent within the client's `timeout` like any call.
#[must_use = "a request is sent when it is awaited"]
pub struct UploadRequest<T> {
    call: Call,
    file: FileSource,
    answer: PhantomData<fn() -> T>,
}

impl<T: Answer> UploadRequest<T> {
    pub(crate) fn new(session: &Arc<Session>, operation: &'static Operation, params: impl Model, file: FileSource) -> Self {
        Self::from_input(session, operation, Input::typed(params), file)
    }

    #[allow(dead_code, reason = "the contract decides whether an upload is nothing but its file")]
    pub(crate) fn without_params(session: &Arc<Session>, operation: &'static Operation, file: FileSource) -> Self {
        Self::from_input(session, operation, Input::none(), file)
    }

    pub(crate) fn from_input(session: &Arc<Session>, operation: &'static Operation, input: Input, file: FileSource) -> Self {
        Self {
            call: Call::new(session, operation, input),
            file,
            answer: PhantomData,
        }
    }

    async fn run(self) -> Result<T, Error> {
        let Self { call, file, .. } = self;
        let operation = call.operation;
        let upload = operation
            .upload
            .as_ref()
            .ok_or_else(|| Error::invalid_request("this operation sends no file").of(operation.id))?;
        let file = file.open(upload).await.map_err(|error| error.of(operation.id))?;
        Prepared::new(call, Some(file))?.answer().await
    }
}

impl<T> UploadRequest<T> {
    option_setters!(call.options);
}

awaitable!(UploadRequest<T> [T] => T);

impl<T> fmt::Debug for UploadRequest<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadRequest")
            .field("call", &self.call)
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}
