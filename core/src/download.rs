//! Streams recordings into files: under a temporary name beside the target, checked against their length, then moved into place in one step.

mod links;
mod save;

use std::fmt;
use std::future::IntoFuture;
use std::path::{Path, PathBuf};

use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep, timeout_at};

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::http::receive::{Answer, Expect};
use crate::http::retry;
use crate::model::{Input, Model};
use crate::operation::Operation;
use crate::options::CallOptions;
use crate::request::{Prepared, option_setters};

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

/// Where the bytes of a download come from.
enum Origin {
    Answer(reqwest::Response),
    Bytes(Vec<u8>),
    Link(String),
}

struct Parts {
    client: Client,
    operation: &'static Operation,
    input: Input,
    options: CallOptions,
}

/// A download under way.
struct Job {
    client: Client,
    operation: &'static Operation,
    call: Prepared,
    max_retries: u32,
    /// Set when the call itself was given a timeout: then it counts for the whole download.
    deadline: Option<Instant>,
}

impl Job {
    fn new(parts: Parts) -> Result<Self, Error> {
        let Parts {
            client,
            operation,
            input,
            options,
        } = parts;
        let max_retries = options.max_retries.unwrap_or(client.inner.config.max_retries);
        let has_timeout = options.timeout.is_some();
        let call = Prepared::new(&client, operation, input, options)?;
        Ok(Self {
            deadline: has_timeout.then(|| call.limits().deadline),
            client,
            operation,
            call,
            max_retries,
        })
    }

    /// Downloads everything that the answer holds or links to. An answer that breaks off is asked for again: reading changes nothing.
    async fn run(&self, target: Target<'_>) -> Result<Vec<Download>, Error> {
        let mut retries = 0;
        loop {
            let origins = self.ask().await?;
            target.check(&origins).map_err(|error| error.of(self.operation.id))?;
            let is_stream = matches!(origins[..], [Origin::Answer(_)]);
            match self.save_all(origins, target).await {
                Err(error) if is_stream && error.retryable() && retries < self.max_retries => {
                    let wait = retry::wait(retries, None);
                    if self.deadline.is_some_and(|deadline| Instant::now() + wait >= deadline) {
                        return Err(error.of(self.operation.id).with_attempts(retries + 1));
                    }
                    sleep(wait).await;
                    retries += 1;
                }
                outcome => return outcome.map_err(|error| error.of(self.operation.id).with_attempts(retries + 1)),
            }
        }
    }

    async fn ask(&self) -> Result<Vec<Origin>, Error> {
        // Without a timeout of its own, a download may take longer than a call, and what it asks for then is a new call.
        let limits = match self.deadline {
            Some(_) => self.call.limits(),
            None => self.call.fresh_limits(&self.client)?,
        };
        Ok(match self.call.send(&self.client, Expect::File, limits).await? {
            Answer::Stream(response) => vec![Origin::Answer(response)],
            Answer::Bytes(bytes) => vec![Origin::Bytes(bytes)],
            Answer::Link(link) => vec![Origin::Link(links::resolve(&self.client, &link))],
            Answer::Envelope(reply) => links::find(reply.data()).into_iter().map(Origin::Link).collect(),
        })
    }

    async fn save_all(&self, origins: Vec<Origin>, target: Target<'_>) -> Result<Vec<Download>, Error> {
        let mut downloads = Vec::with_capacity(origins.len());
        for (index, origin) in origins.into_iter().enumerate() {
            let path = target.path(&origin, index);
            downloads.push(self.save(origin, path).await?);
        }
        Ok(downloads)
    }

    async fn save(&self, origin: Origin, path: PathBuf) -> Result<Download, Error> {
        let saving = save::save(&self.client, origin, path);
        match self.deadline {
            None => saving.await,
            Some(deadline) => timeout_at(deadline, saving).await.unwrap_or_else(|_| {
                Err(Error::new(
                    ErrorKind::Timeout,
                    "the download was not complete before the call's deadline",
                ))
            }),
        }
    }
}

/// Where downloads go.
#[derive(Clone, Copy)]
enum Target<'a> {
    File(&'a Path),
    Folder(&'a Path),
}

impl Target<'_> {
    fn check(self, origins: &[Origin]) -> Result<(), Error> {
        let incomplete = |detail: String| Error::new(ErrorKind::IncompleteDownload, detail);
        match (self, origins.len()) {
            (_, 0) => Err(incomplete("the answer holds neither a recording nor a link to one".to_owned())),
            (Self::File(_), 2..) => Err(incomplete(format!(
                "the answer links to {} recordings, which do not fit into one file",
                origins.len()
            ))),
            _ => Ok(()),
        }
    }

    fn path(self, origin: &Origin, index: usize) -> PathBuf {
        match self {
            Self::File(path) => path.to_owned(),
            Self::Folder(folder) => folder.join(save::file_name(origin, index)),
        }
    }
}

macro_rules! download_request {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[must_use = "a request is sent when it is awaited"]
        pub struct $name {
            parts: Parts,
            target: PathBuf,
        }

        impl $name {
            pub(crate) fn new(client: &Client, operation: &'static Operation, params: impl Model, target: PathBuf) -> Self {
                Self::from_input(client, operation, Input::typed(params), target)
            }

            pub(crate) fn from_input(client: &Client, operation: &'static Operation, input: Input, target: PathBuf) -> Self {
                let parts = Parts { client: client.clone(), operation, input, options: CallOptions::default() };
                Self { parts, target }
            }

            option_setters!(parts.options);
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("operation", &self.parts.operation.id)
                    .field("target", &self.target)
                    .finish_non_exhaustive()
            }
        }
    };
}

download_request! {
    /// A download into one file. Await it to begin.
    ///
    /// The file appears when it is complete, and replaces one of the same name. The call's deadline ends with the head of the answer, for a
    /// recording may be long; give the call its own timeout to bound the whole download.
    FileRequest
}

download_request! {
    /// A download into a folder, which is made when it is not there. Await it to begin.
    FolderRequest
}

impl FileRequest {
    async fn run(self) -> Result<Download, Error> {
        let job = Job::new(self.parts)?;
        let mut downloads = job.run(Target::File(&self.target)).await?;
        downloads
            .pop()
            .ok_or_else(|| Error::internal("a download without a file").of(job.operation.id))
    }
}

impl FolderRequest {
    async fn run(self) -> Result<Vec<Download>, Error> {
        let job = Job::new(self.parts)?;
        // Before anything is asked for: an answer that has no place to go is wasted.
        tokio::fs::create_dir_all(&self.target)
            .await
            .map_err(|error| save::file_error(&error).of(job.operation.id))?;
        job.run(Target::Folder(&self.target)).await
    }
}

impl IntoFuture for FileRequest {
    type Output = Result<Download, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        self.parts.client.clone().speaking(self.run())
    }
}

impl IntoFuture for FolderRequest {
    type Output = Result<Vec<Download>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        self.parts.client.clone().speaking(self.run())
    }
}
