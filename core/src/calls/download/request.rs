//! Calls that download.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::time::{Instant, sleep, timeout_at};

use super::progress::{DownloadProgress, Listener, Reporter};
use super::save::{self, Download, Origin, Saver};
use super::{links, partial};
use crate::calls::call::{Call, awaitable};
use crate::calls::options::option_setters;
use crate::calls::prepared::Prepared;
use crate::calls::session::Session;
use crate::engine::wait;
use crate::error::{Error, ErrorKind};
use crate::model::{Input, Model};
use crate::schema::Operation;
use crate::wire::{Accept, Received, ValueReader};

/// A download in progress.
struct Job {
    call: Prepared,
    max_retries: u32,
    /// The deadline of the whole download, if the call itself was given a timeout.
    deadline: Option<Instant>,
    listener: Listener,
}

impl Job {
    fn new(call: Call, listener: Listener) -> Result<Self, Error> {
        let has_timeout = call.options.timeout.is_some();
        let call = Prepared::new(call, None)?;
        Ok(Self {
            max_retries: call.limits.max_retries,
            deadline: has_timeout.then_some(call.limits.deadline),
            call,
            listener,
        })
    }

    /// Downloads everything that the answer holds or links to. Repeats a call whose answer breaks off, since a download changes nothing.
    async fn run(&self, target: Target<'_>) -> Result<Vec<Download>, Error> {
        let mut retries = 0;
        loop {
            let origins = self.ask().await?;
            target.check(&origins).map_err(|error| error.of(self.call.operation.id))?;
            let is_stream = matches!(origins[..], [Origin::Response(_)]);
            match self.save_all(origins, target).await {
                Err(error) if is_stream && error.retryable() && retries < self.max_retries => {
                    let pause = wait(retries, None);
                    if self.deadline.is_some_and(|deadline| Instant::now() + pause >= deadline) {
                        return Err(error.of(self.call.operation.id).with_attempts(retries + 1));
                    }
                    sleep(pause).await;
                    retries += 1;
                }
                outcome => {
                    return outcome.map_err(|error| {
                        // A link counts its own attempts.
                        let attempts = error.attempts().max(retries + 1);
                        error.of(self.call.operation.id).with_attempts(attempts)
                    });
                }
            }
        }
    }

    async fn ask(&self) -> Result<Vec<Origin>, Error> {
        // Without a timeout of its own, a download may take longer than a call, and what it asks for then is a new call.
        let limits = match self.deadline {
            Some(_) => self.call.limits,
            None => self.call.fresh_limits()?,
        };
        let reader = ValueReader(self.call.session.engine.budget(&limits));
        Ok(match self.call.send(Accept::File, &reader, limits).await? {
            Received::Stream(response) => vec![Origin::Response(response)],
            Received::Bytes(bytes) => vec![Origin::Bytes(bytes)],
            Received::Link(link) => vec![Origin::Link(link)],
            Received::Envelope(response) => {
                let links = links::find(&self.call.data(response)?);
                links.into_iter().map(Origin::Link).collect()
            }
        })
    }

    async fn save_all(&self, origins: Vec<Origin>, target: Target<'_>) -> Result<Vec<Download>, Error> {
        let mut downloads = Vec::with_capacity(origins.len());
        let prefix = save::name_prefix(&self.call.identity());
        let files = origins.len();
        for (index, origin) in origins.into_iter().enumerate() {
            let path = target.path(&prefix, &origin, index);
            let reporter = Reporter::new(&self.listener, &path, index + 1, files);
            downloads.push(self.save(origin, path, reporter).await?);
        }
        Ok(downloads)
    }

    async fn save(&self, origin: Origin, path: PathBuf, mut reporter: Reporter) -> Result<Download, Error> {
        let saver = Saver {
            call: &self.call,
            max_retries: self.max_retries,
            deadline: self.deadline,
        };
        let saving = saver.save(origin, path, &mut reporter);
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

/// The target of downloads.
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

    fn path(self, prefix: &str, origin: &Origin, index: usize) -> PathBuf {
        match self {
            Self::File(path) => path.to_owned(),
            Self::Folder(folder) => folder.join(save::file_name(prefix, origin, index)),
        }
    }
}

macro_rules! download_request {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug)]
        #[must_use = "a request is sent when it is awaited"]
        pub struct $name {
            call: Call,
            target: PathBuf,
            listener: Listener,
        }

        impl $name {
            pub(crate) fn new(session: &Arc<Session>, operation: &'static Operation, params: impl Model, target: PathBuf) -> Self {
                Self::from_input(session, operation, Input::typed(params), target)
            }

            pub(crate) fn from_input(session: &Arc<Session>, operation: &'static Operation, input: Input, target: PathBuf) -> Self {
                Self { call: Call::new(session, operation, input), target, listener: Listener::default() }
            }

            option_setters!(call.options);

            /// Has `listen` called with how far the download is: for each file when it begins, about ten times a second, and when it is complete. It
            /// runs between two chunks, so a slow one slows the download down.
            pub fn on_progress(mut self, listen: impl Fn(&DownloadProgress) + Send + Sync + 'static) -> Self {
                self.listener = Listener::new(listen);
                self
            }
        }
    };
}

download_request! {
    /// A download into one file. Await it to begin.
    ///
    /// The file appears when it is complete, and replaces one of the same name, whose mode it keeps. A link that breaks off is followed again as often
    /// as `max_retries` says, and continues where it broke if its server can say that it is the same file. So does the download of a process that was
    /// killed: until then it leaves `.airudder-*.part` and `.airudder-*.json` beside the target.
    ///
    /// The client's `timeout` ends with the head of the answer,
    /// because a recording may be long. A timeout of the call itself bounds the whole download.
    FileRequest
}

download_request! {
    /// A download into a folder, which is created if it does not exist. Await it to begin.
    ///
    /// The names of the files begin with the id of the task, plan or workflow, such as `<id>-0001-call.wav` and `<id>-recordings.zip`, so that those of
    /// two tasks do not overwrite each other. The number is the place of the link in the answer. In a call for one phone number a hash follows the id.
    /// The same call again replaces its own files.
    FolderRequest
}

impl FileRequest {
    async fn run(self) -> Result<Download, Error> {
        let job = Job::new(self.call, self.listener)?;
        let mut downloads = job.run(Target::File(&self.target)).await?;
        downloads
            .pop()
            .ok_or_else(|| Error::internal("a download without a file").of(job.call.operation.id))
    }
}

impl FolderRequest {
    async fn run(self) -> Result<Vec<Download>, Error> {
        let job = Job::new(self.call, self.listener)?;
        // Before anything is asked for: an answer that has no place to go is wasted.
        tokio::fs::create_dir_all(&self.target)
            .await
            .map_err(|error| partial::file_error(&error).of(job.call.operation.id))?;
        let folder = self.target.clone();
        tokio::task::spawn_blocking(move || partial::sweep(&folder)).await.ok();
        job.run(Target::Folder(&self.target)).await
    }
}

awaitable!(FileRequest => Download);
awaitable!(FolderRequest => Vec<Download>);
