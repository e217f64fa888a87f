//! Sends a form whose file is read from the disk meanwhile.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use http::header::CONTENT_LENGTH;
use tokio::time::{Instant, timeout_at};

use crate::wire::{
    Failure, Form, Transport, TransportBody, TransportError, TransportErrorKind, TransportRequest, TransportResponse, silent, unsent,
};

/// Sends a form and waits for the head of its response.
///
/// A read timeout that begins with the request would end every upload that takes longer. This one begins anew with each chunk that the transport takes.
pub(super) async fn send(
    transport: &dyn Transport,
    form: &Form,
    request: impl FnOnce(TransportBody) -> TransportRequest,
    read_timeout: Duration,
) -> Result<TransportResponse, Failure> {
    let (stream, progress) = form.stream().await.map_err(Failure::harmless)?;
    let stream = stream.map_err(|error| TransportError::new(TransportErrorKind::NotSent, error.message()));
    let mut request = request(TransportBody::Stream(Box::pin(stream)));
    request.headers.insert(CONTENT_LENGTH, form.length().into());
    let mut sending = transport.send(request);
    loop {
        match timeout_at(progress.last() + read_timeout, &mut sending).await {
            Ok(Ok(response)) => return Ok(response),
            // The file could not be read to its end. The announced length did not arrive, so the server cannot have taken it for the whole.
            Ok(Err(error)) => return Err(progress.error().map_or_else(|| unsent(&error), Failure::harmless)),
            Err(_) if progress.last() + read_timeout > Instant::now() => {}
            Err(_) => return Err(Failure::unknown(silent())),
        }
    }
}
