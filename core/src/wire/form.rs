//! The form of an upload, whose file stays on the disk until it is sent.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::{BufMut as _, Bytes, BytesMut};
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use super::progress::{CHUNK, Progress};
use crate::error::Error;

/// The file of a form, which exists and can be read.
pub(crate) struct FormFile {
    /// The form's name for it.
    pub(crate) field: &'static str,
    /// The name of the argument, for errors.
    pub(crate) argument: &'static str,
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) content: FormFileContent,
}

impl FormFile {
    /// Whether its bytes stay on the disk until they are sent.
    pub(crate) const fn is_stored(&self) -> bool {
        matches!(self.content, FormFileContent::Stored { .. })
    }
}

pub(crate) enum FormFileContent {
    Bytes(Bytes),
    Stored { path: PathBuf, stamp: Stamp },
}

/// Tells whether a file has changed.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Stamp {
    pub(crate) size: u64,
    modified: Option<SystemTime>,
}

/// Opens the file of an upload. Errors do not show its path.
pub(crate) async fn open_file(path: &Path, argument: &str) -> Result<(File, Stamp), Error> {
    let unreadable = |error: std::io::Error| Error::invalid_request(format!("`{argument}` cannot be read: {}", error.kind()));
    // Before it is opened: opening a pipe blocks until its other end is open.
    let kind = tokio::fs::metadata(path).await.map_err(unreadable)?;
    if !kind.is_file() {
        return Err(Error::invalid_request(format!("`{argument}` is no file")));
    }
    let file = File::open(path).await.map_err(unreadable)?;
    let metadata = file.metadata().await.map_err(unreadable)?;
    let stamp = Stamp {
        size: metadata.len(),
        modified: metadata.modified().ok(),
    };
    Ok((file, stamp))
}

/// A form whose file stays on the disk until its bytes are asked for.
pub(crate) struct Form {
    pub(super) head: Bytes,
    pub(super) path: PathBuf,
    pub(super) stamp: Stamp,
    pub(super) tail: Bytes,
    pub(super) argument: &'static str,
}

impl Form {
    pub(crate) fn length(&self) -> u64 {
        self.head.len() as u64 + self.stamp.size + self.tail.len() as u64
    }

    /// Calls `visit` with all its bytes.
    pub(crate) async fn read(&self, mut visit: impl FnMut(&[u8]) + Send) -> Result<(), Error> {
        let mut reader = Reader::open(self).await?;
        while let Some(chunk) = reader.next().await? {
            visit(&chunk);
        }
        Ok(())
    }

    /// Its bytes as a stream, and the progress of that stream.
    pub(crate) async fn stream(&self) -> Result<(impl Stream<Item = Result<Bytes, Error>> + Send + 'static, Progress), Error> {
        let reader = Reader::open(self).await?;
        let progress = Progress::default();
        let shared = progress.clone();
        let stream = unfold(Some(reader), move |reader| {
            let progress = shared.clone();
            async move {
                let mut reader = reader?;
                let chunk = reader.next().await;
                progress.note(chunk.as_ref().err());
                match chunk {
                    Ok(chunk) => Some((Ok(chunk?), Some(reader))),
                    Err(error) => Some((Err(error), None)),
                }
            }
        });
        Ok((stream, progress))
    }
}

/// Reads a form once.
struct Reader {
    head: Option<Bytes>,
    file: File,
    /// How much of the file is still to come.
    left: u64,
    tail: Option<Bytes>,
    argument: &'static str,
}

impl Reader {
    async fn open(form: &Form) -> Result<Self, Error> {
        let (file, stamp) = open_file(&form.path, form.argument).await?;
        if stamp != form.stamp {
            return Err(changed(form.argument));
        }
        Ok(Self {
            head: Some(form.head.clone()),
            file,
            left: form.stamp.size,
            tail: Some(form.tail.clone()),
            argument: form.argument,
        })
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        if let Some(head) = self.head.take() {
            return Ok(Some(head));
        }
        if self.left > 0 {
            return self.chunk().await.map(Some);
        }
        if self.tail.is_some() && self.read(1).await?.is_some() {
            return Err(changed(self.argument));
        }
        Ok(self.tail.take())
    }

    async fn chunk(&mut self) -> Result<Bytes, Error> {
        let most = usize::try_from(self.left).unwrap_or(CHUNK).min(CHUNK);
        let chunk = self.read(most).await?.ok_or_else(|| changed(self.argument))?;
        self.left -= chunk.len() as u64;
        Ok(chunk)
    }

    /// Some bytes of the file, and none at its end.
    async fn read(&mut self, most: usize) -> Result<Option<Bytes>, Error> {
        let mut chunk = BytesMut::with_capacity(most).limit(most);
        let count = self.file.read_buf(&mut chunk).await;
        let count = count.map_err(|error| Error::invalid_request(format!("`{}` cannot be read: {}", self.argument, error.kind())))?;
        Ok((count > 0).then(|| chunk.into_inner().freeze()))
    }
}

fn changed(argument: &str) -> Error {
    Error::invalid_request(format!("`{argument}` was changed while it was being sent"))
}
