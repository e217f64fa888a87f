//! Streams recordings into files: under a temporary name beside the target, checked against their length, then moved into place in one step.

mod links;
mod save;

use std::fmt;
use std::future::IntoFuture;
use std::path::PathBuf;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::time::{Instant, timeout_at};

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::http::receive::{Answer, Expect};
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

impl Parts {
    /// Asks for the recordings and tells where their bytes are.
    async fn origins(self) -> Result<(Job, Vec<Origin>), Error> {
        let Self {
            client,
            operation,
            input,
            options,
        } = self;
        let call = Prepared::new(&client, operation, input, &options)?;
        let job = Job {
            deadline: options.timeout.map(|_| call.deadline()),
            client,
            operation,
        };
        let origins = job.ask(&call).await?;
        Ok((job, origins))
    }
}

/// A download under way.
struct Job {
    client: Client,
    operation: &'static Operation,
    /// Set when the call itself was given a timeout: then it counts for the whole download.
    deadline: Option<Instant>,
}

impl Job {
    async fn ask(&self, call: &Prepared) -> Result<Vec<Origin>, Error> {
        Ok(match call.send(&self.client, Expect::File).await? {
            Answer::Stream(response) => vec![Origin::Answer(response)],
            Answer::Bytes(bytes) => vec![Origin::Bytes(bytes)],
            Answer::Link(link) => vec![Origin::Link(links::resolve(&self.client, &link))],
            Answer::Envelope(reply) => links::find(reply.data()).into_iter().map(Origin::Link).collect(),
        })
    }

    async fn save(&self, origin: Origin, target: PathBuf) -> Result<Download, Error> {
        let saving = save::save(&self.client, origin, target);
        let outcome = match self.deadline {
            None => saving.await,
            Some(deadline) => timeout_at(deadline, saving).await.unwrap_or_else(|_| {
                Err(Error::new(
                    ErrorKind::Timeout,
                    "the download was not complete before the call's deadline",
                ))
            }),
        };
        outcome.map_err(|error| error.of(self.operation.id).with_attempts(1))
    }

    fn nothing(&self) -> Error {
        Error::new(
            ErrorKind::IncompleteDownload,
            "the answer holds neither a recording nor a link to one",
        )
        .of(self.operation.id)
    }
}

macro_rules! download_request {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[must_use = "a request is sent when it is awaited"]
        pub struct $name {
            parts: Parts,
            target: PathBuf,
            options: CallOptions,
        }

        impl $name {
            pub(crate) fn new(client: &Client, operation: &'static Operation, params: impl Model, target: PathBuf) -> Self {
                Self::from_input(client, operation, Input::typed(params), target)
            }

            pub(crate) fn from_input(client: &Client, operation: &'static Operation, input: Input, target: PathBuf) -> Self {
                let parts = Parts { client: client.clone(), operation, input, options: CallOptions::default() };
                Self { parts, target, options: CallOptions::default() }
            }

            option_setters!();
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

impl IntoFuture for FileRequest {
    type Output = Result<Download, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        async move {
            let parts = Parts {
                options: self.options,
                ..self.parts
            };
            let (job, origins) = parts.origins().await?;
            let [origin] = <[Origin; 1]>::try_from(origins).map_err(|origins| match origins.len() {
                0 => job.nothing(),
                count => Error::new(
                    ErrorKind::IncompleteDownload,
                    format!("the answer links to {count} recordings, which do not fit into one file"),
                )
                .of(job.operation.id),
            })?;
            job.save(origin, self.target).await
        }
        .boxed()
    }
}

impl IntoFuture for FolderRequest {
    type Output = Result<Vec<Download>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        async move {
            let parts = Parts {
                options: self.options,
                ..self.parts
            };
            let (job, origins) = parts.origins().await?;
            if origins.is_empty() {
                return Err(job.nothing());
            }
            tokio::fs::create_dir_all(&self.target)
                .await
                .map_err(|error| save::file_error(&error).of(job.operation.id))?;
            let mut downloads = Vec::with_capacity(origins.len());
            for (index, origin) in origins.into_iter().enumerate() {
                let name = save::file_name(&origin, index);
                downloads.push(job.save(origin, self.target.join(name)).await?);
            }
            Ok(downloads)
        }
        .boxed()
    }
}
