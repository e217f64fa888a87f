//! The client: settings become a session, which calls share, and the rules of events.

mod config;
mod settings;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use crate::calls::{CallOptions, FileRequest, FileSource, FolderRequest, Pager, RawCall, RawRequest, Request, Session, UploadRequest};
use crate::error::Error;
use crate::events::Events;
use crate::generated::operations::OPERATIONS;
use crate::json::{JsonTokens, Tokens};
use crate::model::{Answer, Input};
use crate::schema::{Case, Operation};
use crate::wire::Transport;

pub use settings::Settings;

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
    session: Arc<Session>,
    events: Events,
}

impl Client {
    /// Makes a client with the given settings. What they leave open comes from the environment.
    ///
    /// Sends nothing: the token is fetched with the first call.
    #[allow(clippy::needless_pass_by_value)] // callers write the settings out in place
    pub fn new(settings: Settings) -> Result<Self, Error> {
        Self::assemble(&settings, None)
    }

    /// Makes a client that sends its requests with the given transport. The settings of connections (`connect_timeout`, `proxy`, `ca_certificate`)
    /// are not used.
    #[allow(clippy::needless_pass_by_value)] // as in `new`
    pub fn with_transport(settings: Settings, transport: Arc<dyn Transport>) -> Result<Self, Error> {
        Self::assemble(&settings, Some(transport))
    }

    /// Makes a client with the settings of the environment: `AIRUDDER_APP_KEY`, `AIRUDDER_APP_SECRET` and the others that [`Settings`] names.
    pub fn from_env() -> Result<Self, Error> {
        Self::new(Settings::default())
    }

    fn assemble(settings: &Settings, transport: Option<Arc<dyn Transport>>) -> Result<Self, Error> {
        let (session, events) = config::assemble(settings, transport)?;
        Ok(Self {
            session: Arc::new(session),
            events,
        })
    }

    /// What calls share.
    pub(crate) const fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// Reads parameters by their names in `case` from JSON text or the objects of another language. They are checked and written as the wire's JSON
    /// as they are read. A mistake in them is an error of the call.
    pub fn input<T: Tokens>(&self, operation: &Operation, case: Case, source: T) -> Input {
        Input::read(operation.caller_params(), case, source)
    }

    /// Reads parameters by their names in `case` from the JSON text of an object.
    #[must_use]
    pub fn input_json(&self, operation: &Operation, case: Case, json: &str) -> Input {
        self.input(operation, case, JsonTokens::new(json))
    }

    /// Calls any operation with parameters by name. The methods of the families do the same with types.
    pub fn call<T: Answer>(&self, operation: &'static Operation, input: Input) -> Request<T> {
        Request::from_input(&self.session, operation, input)
    }

    /// Downloads an operation's file to `path`.
    pub fn download_file(&self, operation: &'static Operation, input: Input, path: impl Into<PathBuf>) -> FileRequest {
        FileRequest::from_input(&self.session, operation, input, path.into())
    }

    /// Downloads an operation's files into `folder`.
    pub fn download_folder(&self, operation: &'static Operation, input: Input, folder: impl Into<PathBuf>) -> FolderRequest {
        FolderRequest::from_input(&self.session, operation, input, folder.into())
    }

    /// Calls an operation that takes a file.
    pub fn upload<T: Answer>(&self, operation: &'static Operation, input: Input, file: impl Into<FileSource>) -> UploadRequest<T> {
        UploadRequest::from_input(&self.session, operation, input, file.into())
    }

    /// Returns the pages of a list, one after the other. The options hold for each of them.
    #[must_use]
    pub fn pager(&self, operation: &'static Operation, input: Input, options: CallOptions) -> Pager {
        Pager::new(&self.session, operation, input, options)
    }

    /// Calls any path with the client's token or signature, retries, encryption and errors, for what the contract does not have.
    pub fn raw(&self, request: RawRequest) -> RawCall {
        RawCall::new(&self.session, request)
    }

    /// Receives events.
    #[must_use]
    pub fn events(&self) -> Events {
        self.events.clone()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint = &self.session.engine.endpoint;
        f.debug_struct("Client")
            .field("base_url", &endpoint.base_url.as_str())
            .field("encryption", &endpoint.encryption)
            .finish_non_exhaustive()
    }
}

/// All operations as one JSON list, for the bindings: each language shows at run time what is known of an operation.
#[doc(hidden)]
#[must_use]
pub fn operations_json() -> String {
    Value::Array(OPERATIONS.iter().map(|operation| operation.to_value()).collect()).to_string()
}
