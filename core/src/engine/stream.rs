//! Sends one request, and limits how long the server may be silent: before its response, and between two chunks of it.

use std::pin::pin;
use std::time::Duration;

use futures_util::stream::unfold;
use futures_util::{StreamExt as _, TryStreamExt as _};
use http::header::CONTENT_LENGTH;
use tokio::time::{Instant, timeout, timeout_at};

use crate::wire::{
    Failure, Form, Progress, Transport, TransportBody, TransportError, TransportErrorKind, TransportRequest, TransportResponse,
    TransportStream, in_chunks, silent, unsent,
};

/// Sends a request whose body is in memory and waits for the head of its response.
pub(super) async fn send(
    transport: &dyn Transport,
    request: TransportRequest,
    read_timeout: Duration,
) -> Result<TransportResponse, Failure> {
    let mut request = request;
    let progress = match &request.body {
        TransportBody::Bytes(bytes) => in_chunks(bytes).map(|(chunks, progress)| (bytes.len(), chunks, progress)),
        TransportBody::Stream(_) => None,
    };
    let progress = progress.map(|(length, chunks, progress)| {
        request.body = TransportBody::Stream(Box::pin(chunks.map(Ok)));
        request.headers.insert(CONTENT_LENGTH, length.into());
        progress
    });
    match within(transport.send(request), &progress.unwrap_or_default(), read_timeout).await {
        Some(Ok(response)) => Ok(limited(response, read_timeout)),
        Some(Err(error)) => Err(unsent(&error)),
        None => Err(Failure::unknown(silent())),
    }
}

/// Waits for the head of a response for as long as the server may be silent, from the last byte that the transport took. A time that begins with the
/// request would end every upload that takes longer.
async fn within<T>(sending: impl Future<Output = T>, progress: &Progress, read_timeout: Duration) -> Option<T> {
    let mut sending = pin!(sending);
    loop {
        match timeout_at(progress.last() + read_timeout, &mut sending).await {
            Ok(outcome) => return Some(outcome),
            Err(_) if progress.last() + read_timeout > Instant::now() => {}
            Err(_) => return None,
        }
    }
}

/// The same response, whose body fails if no chunk arrives in time.
fn limited(response: TransportResponse, read_timeout: Duration) -> TransportResponse {
    let next = move |body: Option<TransportStream>| async move {
        let mut body = body?;
        match timeout(read_timeout, body.next()).await {
            Ok(chunk) => Some((chunk?, Some(body))),
            Err(_) => Some((Err(TransportError::new(TransportErrorKind::TimedOut, "")), None)),
        }
    };
    TransportResponse {
        body: Box::pin(unfold(Some(response.body), next)),
        ..response
    }
}

/// Sends a form whose file is read from the disk meanwhile, and waits for the head of its response.
pub(super) async fn send_form(
    transport: &dyn Transport,
    form: &Form,
    request: impl FnOnce(TransportBody) -> TransportRequest,
    read_timeout: Duration,
) -> Result<TransportResponse, Failure> {
    let (stream, progress) = form.stream().await.map_err(Failure::harmless)?;
    let stream = stream.map_err(|error| TransportError::new(TransportErrorKind::NotSent, error.message()));
    let mut request = request(TransportBody::Stream(Box::pin(stream)));
    request.headers.insert(CONTENT_LENGTH, form.length().into());
    match within(transport.send(request), &progress, read_timeout).await {
        Some(Ok(response)) => Ok(limited(response, read_timeout)),
        // The file could not be read to its end. The announced length did not arrive, so the server cannot have taken it for the whole.
        Some(Err(error)) => Err(progress.error().map_or_else(|| unsent(&error), Failure::harmless)),
        None => Err(Failure::unknown(silent())),
    }
}
