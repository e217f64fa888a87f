//! How far a download is.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

/// A listener hears of a file at most this often, beside its beginning and its end.
const INTERVAL: Duration = Duration::from_millis(100);

/// How far a download is: what its listener hears of each file when it begins, about ten times a second, and when it is complete.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadProgress {
    /// Where the file will be.
    pub path: PathBuf,
    /// How many bytes of it are there, with those of a download that it resumes. Fewer than before if it begins anew.
    pub bytes: u64,
    /// How many bytes it will have, if the server said so.
    pub total_bytes: Option<u64>,
    /// Which file of the call it is, from 1.
    pub file: u64,
    /// How many files the call has.
    pub files: u64,
}

type Listen = dyn Fn(&DownloadProgress) + Send + Sync;

/// Who wants to hear of a download.
#[derive(Clone, Default)]
pub(super) struct Listener(Option<Arc<Listen>>);

impl Listener {
    pub(super) fn new(listen: impl Fn(&DownloadProgress) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listen)))
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "set" } else { "not set" })
    }
}

/// Tells the listener of one file.
pub(super) struct Reporter {
    listener: Listener,
    progress: DownloadProgress,
    last: Option<Instant>,
}

impl Reporter {
    /// `file` is the place of the file among the `files` of its call, from 1.
    pub(super) fn new(listener: &Listener, path: &Path, file: usize, files: usize) -> Self {
        Self {
            listener: listener.clone(),
            progress: DownloadProgress {
                path: path.to_owned(),
                bytes: 0,
                total_bytes: None,
                file: file as u64,
                files: files as u64,
            },
            last: None,
        }
    }

    /// The file begins, or goes on from what is there.
    pub(super) fn begin(&mut self, bytes: u64, total_bytes: Option<u64>) {
        self.progress.total_bytes = total_bytes;
        self.tell(bytes);
    }

    /// More bytes are there.
    pub(super) fn advance(&mut self, bytes: u64) {
        if self.listener.0.is_some() && self.last.is_none_or(|last| last.elapsed() >= INTERVAL) {
            self.tell(bytes);
        }
    }

    /// The file is complete.
    pub(super) fn complete(&mut self, bytes: u64) {
        self.progress.total_bytes = Some(bytes);
        self.tell(bytes);
    }

    fn tell(&mut self, bytes: u64) {
        if let Some(listen) = &self.listener.0 {
            self.progress.bytes = bytes;
            self.last = Some(Instant::now());
            listen(&self.progress);
        }
    }
}
