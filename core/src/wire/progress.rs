//! The progress of a body that is being sent.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::stream::{Stream, StreamExt as _, iter};
use tokio::time::Instant;

use crate::error::Error;

/// How much of a body is handed to the transport at a time.
pub(super) const CHUNK: usize = 64 << 10;

/// The progress of a body that is being sent.
#[derive(Clone)]
pub(crate) struct Progress(Arc<Mutex<(Instant, Option<Error>)>>);

impl Default for Progress {
    fn default() -> Self {
        Self(Arc::new(Mutex::new((Instant::now(), None))))
    }
}

impl Progress {
    pub(super) fn note(&self, error: Option<&Error>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (Instant::now(), error.cloned());
    }

    /// When the transport last took bytes.
    pub(crate) fn last(&self) -> Instant {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    /// Why the file could not be read to its end.
    pub(crate) fn error(&self) -> Option<Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }
}

/// A body in memory as a stream of chunks, and the progress of that stream. `None` if it is one chunk or little more: nothing is gained then.
pub(crate) fn in_chunks(body: &Bytes) -> Option<(impl Stream<Item = Bytes> + Send + use<>, Progress)> {
    if body.len() <= 4 * CHUNK {
        return None;
    }
    let progress = Progress::default();
    let (shared, body) = (progress.clone(), body.clone());
    let stream = iter((0..body.len()).step_by(CHUNK)).map(move |start| {
        shared.note(None);
        body.slice(start..body.len().min(start + CHUNK))
    });
    Some((stream, progress))
}
