//! Writes the bytes of one download.

use std::path::PathBuf;

use futures_util::StreamExt as _;
use http::StatusCode;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, IF_RANGE, RANGE};
use tokio::time::{Instant, sleep};
use url::Url;

use super::partial::PartialFile;
use super::progress::Reporter;
use super::ranges::{content_range, is_other, text, validator};
use crate::calls::prepared::Prepared;
use crate::crypto::sha256;
use crate::engine::wait;
use crate::error::{Error, ErrorKind};
use crate::wire::{TransportError, TransportResponse, lost};

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

/// Saves the files of one call.
pub(super) struct Saver<'a> {
    pub(super) call: &'a Prepared,
    pub(super) max_retries: u32,
    /// The deadline of the whole download, if it has one.
    pub(super) deadline: Option<Instant>,
}

impl Saver<'_> {
    pub(super) async fn save(&self, origin: Origin, target: PathBuf, reporter: &mut Reporter) -> Result<Download, Error> {
        let link = match &origin {
            Origin::Link(link) => link.as_str(),
            Origin::Response(_) | Origin::Bytes(_) => "",
        };
        let mut file = PartialFile::open(&target, self.source(link)).await?;
        let content_type = match origin {
            Origin::Bytes(bytes) => {
                file.write(&bytes).await?;
                None
            }
            // Nobody knows whether AI Rudder answers ranges, so its own answer is not resumed.
            Origin::Response(response) => {
                file.restart(None, None).await?;
                receive(response, &mut file, None, reporter).await?
            }
            Origin::Link(link) => self.follow(&link, &mut file, reporter).await?,
        };
        let (path, bytes) = file.finish().await?;
        reporter.complete(bytes);
        Ok(Download { path, bytes, content_type })
    }

    /// A hash of the call and its link. The query is left out: it holds the signature of a link, which is another in each answer.
    fn source(&self, link: &str) -> String {
        let link = link.split(['?', '#']).next().unwrap_or_default();
        sha256(format!("{}\n{}\n{link}", self.call.operation.id, self.call.identity().join("\n")).as_bytes())
    }

    /// Follows a link until its file is complete.
    async fn follow(&self, link: &str, file: &mut PartialFile, reporter: &mut Reporter) -> Result<Option<String>, Error> {
        let mut retries = 0;
        loop {
            let error = match self.fetch(link, file, reporter).await {
                Ok(content_type) => return Ok(content_type),
                Err(error) => error.with_attempts(retries + 1),
            };
            // Any other refusal of the link's server is final.
            let may_pass = error.status().is_none_or(|status| status >= 500 || status == 429 || status == 408);
            if !(error.retryable() && may_pass) || retries >= self.max_retries {
                return Err(error);
            }
            let pause = wait(retries, error.retry_after());
            // Without a deadline a download may take any time, but it does not sleep for longer than a call may take.
            let deadline = self
                .deadline
                .map_or_else(|| self.call.fresh_limits().map(|limits| limits.deadline), Ok)?;
            if Instant::now().checked_add(pause).is_none_or(|then| then >= deadline) {
                return Err(error);
            }
            sleep(pause).await;
            retries += 1;
        }
    }

    /// Fetches what the file lacks.
    async fn fetch(&self, link: &str, file: &mut PartialFile, reporter: &mut Reporter) -> Result<Option<String>, Error> {
        let engine = &self.call.session.engine;
        let mut response = engine.follow(link, &rest_of(file)).await?;
        if let Some((validator, length)) = file.resumable() {
            let range = content_range(&response.headers).filter(|_| !is_other(&response.headers, validator));
            match response.status {
                StatusCode::PARTIAL_CONTENT if range == Some((file.bytes, length)) => {
                    return receive(response, file, Some(length), reporter).await;
                }
                // The rest of another file, or no such rest: the whole is asked for.
                StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                    file.restart(None, None).await?;
                    response = engine.follow(link, &HeaderMap::new()).await?;
                }
                _ => {}
            }
        }
        if response.status == StatusCode::PARTIAL_CONTENT {
            let detail = "the link's server sent a part of the file where the whole was asked for";
            return Err(Error::new(ErrorKind::IncompleteDownload, detail).with_status(response.status.as_u16()));
        }
        file.restart(validator(&response.headers), content_length(&response.headers))
            .await?;
        receive(response, file, None, reporter).await
    }
}

/// The headers that ask for what a file lacks.
fn rest_of(file: &PartialFile) -> HeaderMap {
    let range = file.resumable().and_then(|(validator, _)| {
        let range = HeaderValue::from_str(&format!("bytes={}-", file.bytes)).ok()?;
        Some([(RANGE, range), (IF_RANGE, HeaderValue::from_str(validator).ok()?)])
    });
    range.into_iter().flatten().collect()
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    text(headers, &CONTENT_LENGTH)?.parse().ok()
}

/// Writes a body after what the file has. `length` is that of the whole file, if the response itself does not say it.
async fn receive(
    response: TransportResponse,
    file: &mut PartialFile,
    length: Option<u64>,
    reporter: &mut Reporter,
) -> Result<Option<String>, Error> {
    let content_type = text(&response.headers, &CONTENT_TYPE).map(str::to_owned);
    let announced = length.or_else(|| content_length(&response.headers));
    let mut chunks = response.body;
    reporter.begin(file.bytes, announced);
    while let Some(chunk) = chunks.next().await {
        file.write(&chunk.map_err(|error| incomplete(&error))?).await?;
        reporter.advance(file.bytes);
    }
    let Some(announced) = announced.filter(|announced| *announced != file.bytes) else {
        return Ok(content_type);
    };
    let detail = format!("{} of {announced} bytes came", file.bytes);
    if file.bytes > announced {
        // Nothing of it can be trusted.
        file.restart(None, None).await?;
    }
    Err(Error::new(ErrorKind::IncompleteDownload, detail))
}

fn incomplete(error: &TransportError) -> Error {
    let failure = lost(error).error;
    if failure.kind() == ErrorKind::Timeout {
        return failure;
    }
    Error::new(ErrorKind::IncompleteDownload, "the connection ended in the middle of the file")
}

/// The start of the names of a call's files in a folder: the id of the task, plan or workflow.
///
/// Calls with the same id differ in a phone number. A name shows a hash in its place, because names of files are seen in more places than files.
pub(super) fn name_prefix(identity: &[String]) -> String {
    let id = identity.first().map(String::as_str).unwrap_or_default();
    let clean = clean_name(id, 64);
    if clean == id && !id.is_empty() && identity.len() == 1 {
        return clean;
    }
    let hash = sha256(identity.join("\n").as_bytes());
    format!("{clean}-{}", hash.get(..12).unwrap_or_default())
}

/// The name of the file at `index` of a folder: what its link calls it, as far as that is a harmless name.
pub(super) fn file_name(prefix: &str, origin: &Origin, index: usize) -> String {
    let number = index + 1;
    match origin {
        Origin::Link(link) => {
            let path = Url::parse(link).map(|url| url.path().to_owned()).unwrap_or_default();
            let last = path.rsplit('/').next().unwrap_or_default();
            format!("{prefix}-{number:04}-{}", clean_name(last, 100))
        }
        Origin::Response(response) => {
            let kind = text(&response.headers, &CONTENT_TYPE).unwrap_or_default();
            let ending = if kind.contains("zip") {
                "zip"
            } else if kind.contains("wav") {
                "wav"
            } else {
                "bin"
            };
            format!("{prefix}-recordings.{ending}")
        }
        Origin::Bytes(_) => format!("{prefix}-recordings.bin"),
    }
}

fn clean_name(name: &str, most: usize) -> String {
    let is_harmless = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let clean: String = name.chars().filter(is_harmless).take(most).collect();
    clean.trim_start_matches('.').to_owned()
}
