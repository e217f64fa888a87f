//! Sends files: as `multipart/form-data`, from the disk without ever holding a file as a whole.

mod form;
mod source;
#[cfg(test)]
mod tests;

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::header::CONTENT_LENGTH;
use reqwest::{RequestBuilder, Response};
use tokio::time::{Instant, timeout_at};

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::http::classify::{Failure, unsent};
use crate::model::Answer;
use crate::model::{Input, Model};
use crate::operation::Operation;
use crate::options::CallOptions;
use crate::request::{Prepared, option_setters};

pub(crate) use form::{Form, FormWriter};
pub use source::FileSource;
pub(crate) use source::Part;

/// The upload of a file. Await it to send it; dropping it, or the future, sends nothing more.
///
/// A file on the disk may be large, so its upload has no deadline unless the call itself is given a timeout; it ends when AI Rudder takes no bytes,
/// or says nothing, for longer than the client's `read_timeout`. A file in memory is sent within the client's `timeout` like any call.
#[must_use = "a request is sent when it is awaited"]
pub struct UploadRequest<T> {
    client: Client,
    operation: &'static Operation,
    input: Input,
    file: FileSource,
    options: CallOptions,
    answer: PhantomData<fn() -> T>,
}

impl<T: Answer> UploadRequest<T> {
    pub(crate) fn new(client: &Client, operation: &'static Operation, params: impl Model, file: FileSource) -> Self {
        Self::from_input(client, operation, Input::typed(params), file)
    }

    #[allow(dead_code, reason = "the contract decides whether an upload is nothing but its file")]
    pub(crate) fn without_params(client: &Client, operation: &'static Operation, file: FileSource) -> Self {
        Self::from_input(client, operation, Input::none(), file)
    }

    pub(crate) fn from_input(client: &Client, operation: &'static Operation, input: Input, file: FileSource) -> Self {
        Self {
            client: client.clone(),
            operation,
            input,
            file,
            options: CallOptions::default(),
            answer: PhantomData,
        }
    }

    async fn run(self) -> Result<T, Error> {
        let Self {
            client,
            operation,
            input,
            file,
            options,
            ..
        } = self;
        let upload = operation
            .upload
            .as_ref()
            .ok_or_else(|| Error::invalid_request("this operation sends no file").of(operation.id))?;
        let part = file.open(upload).await.map_err(|error| error.of(operation.id))?;
        Prepared::with_file(&client, operation, input, options, part)?.answer(&client).await
    }
}

impl<T> UploadRequest<T> {
    option_setters!(options);
}

impl<T: Answer> IntoFuture for UploadRequest<T> {
    type Output = Result<T, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        self.client.clone().speaking(self.run())
    }
}

impl<T> fmt::Debug for UploadRequest<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadRequest")
            .field("operation", &self.operation.id)
            .field("file", &self.file)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// Sends a form and waits for the head of its answer.
///
/// The HTTP library's own read timeout begins with the request and would end every upload that takes longer; here it begins anew with each piece
/// of the file that is taken.
pub(crate) async fn deliver(request: RequestBuilder, form: &Form, silence: Duration) -> Result<Response, Failure> {
    let (stream, progress) = form.stream().await.map_err(Failure::harmless)?;
    let request = request
        .header(CONTENT_LENGTH, form.length())
        .body(reqwest::Body::wrap_stream(stream));
    let mut sending = std::pin::pin!(request.send());
    loop {
        let end = progress.last() + silence;
        match timeout_at(end, &mut sending).await {
            Ok(Ok(response)) => return Ok(response),
            // The announced length did not come, so the server cannot have taken it for the whole.
            Ok(Err(error)) => return Err(progress.error().map_or_else(|| unsent(&error), Failure::harmless)),
            Err(_) if progress.last() + silence > Instant::now() => {}
            Err(_) => {
                return Err(Failure::unknown(Error::new(
                    ErrorKind::Timeout,
                    "the server was silent for longer than `read_timeout`",
                )));
            }
        }
    }
}
