//! Writes the bytes of one download.

use std::path::{Path, PathBuf};

use futures_util::StreamExt as _;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt as _;
use url::Url;

use crate::engine::Engine;
use crate::error::{Error, ErrorKind};
use crate::wire::{TransportError, TransportResponse, lost};

/// How often a link is asked for again when its bytes break off.
const LINK_TRIES: u32 = 3;

/// A file that was downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Download {
    /// Where it is.
    pub path: PathBuf,
    /// How many bytes it has.
    pub bytes: u64,
    /// What the server said it is, such as `audio/wav`.
    pub content_type: Option<String>,
}

/// The source of a download's bytes.
pub(super) enum Origin {
    Response(TransportResponse),
    Bytes(Vec<u8>),
    Link(String),
}

pub(super) async fn save(engine: &Engine, origin: Origin, target: PathBuf) -> Result<Download, Error> {
    match origin {
        Origin::Bytes(bytes) => {
            let mut file = PartialFile::new(&target)?;
            file.write(&bytes).await?;
            file.finish(target, None).await
        }
        Origin::Response(response) => write(response, target).await,
        Origin::Link(link) => {
            let mut tries = 1;
            loop {
                let outcome = match engine.follow(&link).await {
                    Ok(response) => write(response, target.clone()).await,
                    Err(error) => Err(error),
                };
                match outcome {
                    // A refusal of the link's server is final.
                    Err(error) if error.retryable() && error.status().is_none_or(|status| status >= 500) && tries < LINK_TRIES => {
                        tries += 1;
                    }
                    outcome => return outcome,
                }
            }
        }
    }
}

async fn write(response: TransportResponse, target: PathBuf) -> Result<Download, Error> {
    let header = |name| {
        response
            .headers
            .get(name)
            .and_then(|value: &http::HeaderValue| value.to_str().ok())
            .map(str::to_owned)
    };
    let content_type = header(CONTENT_TYPE);
    let announced: Option<u64> = header(CONTENT_LENGTH).and_then(|length| length.parse().ok());
    let mut file = PartialFile::new(&target)?;
    let mut chunks = response.body;
    while let Some(chunk) = chunks.next().await {
        file.write(&chunk.map_err(|error| incomplete(&error))?).await?;
    }
    if let Some(announced) = announced.filter(|announced| *announced != file.bytes) {
        let detail = format!("{} of {announced} bytes came", file.bytes);
        return Err(Error::new(ErrorKind::IncompleteDownload, detail));
    }
    file.finish(target, content_type).await
}

fn incomplete(error: &TransportError) -> Error {
    let failure = lost(error).error;
    if failure.kind() == ErrorKind::Timeout {
        return failure;
    }
    Error::new(ErrorKind::IncompleteDownload, "the connection ended in the middle of the file")
}

/// A file under its temporary name. Removed if it is dropped before it is finished.
struct PartialFile {
    path: NamedTempFile,
    file: tokio::fs::File,
    bytes: u64,
}

impl PartialFile {
    fn new(target: &Path) -> Result<Self, Error> {
        let folder = target
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or_else(|| Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".airudder-").suffix(".part");
        // A finished recording is a file like any other that the user makes, not a private temporary one.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let path = builder.tempfile_in(folder).map_err(|error| file_error(&error))?;
        let file = path.as_file().try_clone().map_err(|error| file_error(&error))?;
        Ok(Self {
            path,
            file: tokio::fs::File::from_std(file),
            bytes: 0,
        })
    }

    async fn write(&mut self, chunk: &[u8]) -> Result<(), Error> {
        self.file.write_all(chunk).await.map_err(|error| file_error(&error))?;
        self.bytes += chunk.len() as u64;
        Ok(())
    }

    async fn finish(mut self, target: PathBuf, content_type: Option<String>) -> Result<Download, Error> {
        // A full disk may only show now.
        self.file.flush().await.map_err(|error| file_error(&error))?;
        self.file.sync_all().await.map_err(|error| file_error(&error))?;
        self.path.persist(&target).map_err(|error| file_error(&error.error))?;
        Ok(Download {
            path: target,
            bytes: self.bytes,
            content_type,
        })
    }
}

pub(super) fn file_error(error: &std::io::Error) -> Error {
    let detail = match error.kind() {
        std::io::ErrorKind::NotFound => "its folder does not exist; create it, or download to a folder that exists".to_owned(),
        kind => kind.to_string(),
    };
    Error::new(ErrorKind::File, detail)
}

/// A name for the file at `index` of a folder: what its link calls it, as far as that is a harmless name.
pub(super) fn file_name(origin: &Origin, index: usize) -> String {
    let number = index + 1;
    match origin {
        Origin::Link(link) => {
            let path = Url::parse(link).map(|url| url.path().to_owned()).unwrap_or_default();
            let last = path.rsplit('/').next().unwrap_or_default();
            let clean: String = last
                .chars()
                .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
                .take(100)
                .collect();
            format!("{number:04}-{}", clean.trim_start_matches('.'))
        }
        Origin::Response(response) => {
            let kind = response
                .headers
                .get(CONTENT_TYPE)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default();
            let ending = if kind.contains("zip") {
                "zip"
            } else if kind.contains("wav") {
                "wav"
            } else {
                "bin"
            };
            format!("recordings.{ending}")
        }
        Origin::Bytes(_) => "recordings.bin".to_owned(),
    }
}
