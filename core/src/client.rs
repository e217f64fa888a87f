use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, TryFutureExt as _};

use crate::config::Config;
use crate::download::{FileRequest, FolderRequest};
use crate::error::Error;
use crate::events::Events;
use crate::http::transport::Transport;
use crate::json::JsonTokens;
use crate::model::Answer;
use crate::model::Input;
use crate::operation::Operation;
use crate::options::CallOptions;
use crate::paging::Pager;
use crate::raw::{RawCall, RawRequest};
use crate::request::Request;
use crate::settings::Settings;
use crate::token::Tokens;
use crate::upload::{FileSource, UploadRequest};

/// A client of AI Rudder's API. Cheap to clone and safe to share: clones use the same token and connections.
///
/// ```no_run
/// # async fn run() -> Result<(), airudder::Error> {
/// let client = airudder::Client::from_env()?;
/// for robot in client.tasks().robots().await?.robots {
///     println!("{robot:?}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) config: Config,
    pub(crate) transport: Transport,
    pub(crate) tokens: Tokens,
}

impl Client {
    /// A client with the given settings; what they leave open comes from the environment.
    ///
    /// Sends nothing: the token is fetched with the first call.
    #[allow(clippy::needless_pass_by_value)] // callers write the settings out in place
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let config = Config::new(&settings).map_err(|error| error.in_names(settings.names))?;
        let transport = Transport::new(&config).map_err(|error| error.in_names(settings.names))?;
        Ok(Self {
            inner: Arc::new(Inner {
                config,
                transport,
                tokens: Tokens::default(),
            }),
        })
    }

    /// A client with the settings of the environment: `AIRUDDER_APP_KEY`, `AIRUDDER_APP_SECRET` and the others that [`Settings`] names.
    pub fn from_env() -> Result<Self, Error> {
        Self::new(Settings::default())
    }

    /// Parameters by their names in the client's [`Case`](crate::Case), from anything that serde can read: JSON text, or the objects of another
    /// language. They are checked and made JSON of the wire as they are read; what is wrong with them is said when the call is awaited.
    pub fn input<T: crate::json::Tokens>(&self, operation: &Operation, source: T) -> Input {
        Input::read(operation.caller_params(), self.inner.config.names, source)
    }

    /// Parameters as a JSON object in text, by their names in the client's [`Case`](crate::Case).
    #[must_use]
    pub fn input_json(&self, operation: &Operation, json: &str) -> Input {
        self.input(operation, JsonTokens::new(json))
    }

    /// Calls any operation with parameters by name. The typed methods of the families do the same with types.
    pub fn call<T: Answer>(&self, operation: &'static Operation, input: Input) -> Request<T> {
        Request::from_input(self, operation, input)
    }

    /// Downloads what an operation gives into the file at `path`.
    pub fn download_file(&self, operation: &'static Operation, input: Input, path: impl Into<PathBuf>) -> FileRequest {
        FileRequest::from_input(self, operation, input, path.into())
    }

    /// Downloads what an operation gives into files in `folder`.
    pub fn download_folder(&self, operation: &'static Operation, input: Input, folder: impl Into<PathBuf>) -> FolderRequest {
        FolderRequest::from_input(self, operation, input, folder.into())
    }

    /// Sends a file with an operation that takes one.
    pub fn upload<T: Answer>(&self, operation: &'static Operation, input: Input, file: impl Into<FileSource>) -> UploadRequest<T> {
        UploadRequest::from_input(self, operation, input, file.into())
    }

    /// The pages of a list, one after the other. The options hold for each of them.
    #[must_use]
    pub fn pager(&self, operation: &'static Operation, input: Input, options: CallOptions) -> Pager {
        Pager::new(self, operation, input, options)
    }

    /// Calls any path with the client's token or sign, retries, encryption and errors: for what the contract does not have.
    pub fn raw(&self, request: RawRequest) -> RawCall {
        RawCall::new(self, request)
    }

    /// A call whose errors spell names as the user's language does.
    pub(crate) fn speaking<T>(self, call: impl Future<Output = Result<T, Error>> + Send + 'static) -> BoxFuture<'static, Result<T, Error>> {
        let names = self.inner.config.names;
        // Not an `async` block: it would hold room for the call twice, and a call is some kilobytes that would be copied twice.
        call.map_err(move |error| error.in_names(names)).boxed()
    }

    /// Receives events.
    #[must_use]
    pub fn events(&self) -> Events {
        self.inner.config.events.clone()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let config = &self.inner.config;
        f.debug_struct("Client")
            .field("base_url", &config.base_url.as_str())
            .field("encryption", &config.encryption)
            .finish_non_exhaustive()
    }
}
