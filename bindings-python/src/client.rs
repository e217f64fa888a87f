//! The client that the classes of the package call.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use airudder::{CallOptions, Case, Client, Error, Input, Interruption, OPERATIONS, Operation, RawRequest, Settings, Signer};
use futures_util::FutureExt;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyDictMethods};

use crate::errors::{configuration, invalid_request, shielded};
use crate::outcome::Outcome;
use crate::pager::Pager;
use crate::pending::Pending;
use crate::process::PerProcess;
use crate::progress::Listener;
use crate::signer::Callback;
use crate::tokens::PyTokens;
use crate::{events, input, upload};

/// A client of core, made anew in a forked child.
#[pyclass(frozen, name = "Client", module = "airudder._native")]
pub struct NativeClient {
    settings: Settings,
    client: PerProcess<Client>,
    is_closed: AtomicBool,
    signer: Option<Callback>,
}

impl NativeClient {
    pub fn client(&self, py: Python<'_>) -> PyResult<Client> {
        if self.is_closed.load(Ordering::Acquire) {
            return Err(configuration(py, "The client is closed. Make a new one."));
        }
        shielded(py, || self.client.get(|| Client::new(self.settings.clone())))
    }

    pub fn signer(&self) -> Option<Callback> {
        self.signer.clone()
    }
}

#[pymethods]
impl NativeClient {
    /// A client with the settings that are not None.
    #[new]
    fn new(settings: &Bound<'_, PyDict>) -> PyResult<Self> {
        let py = settings.py();
        let version = py.version_info();
        let signer = signer(settings)?;
        let settings = Settings {
            app_key: setting(settings, "app_key", "text")?,
            app_secret: setting(settings, "app_secret", "text")?,
            base_url: setting(settings, "base_url", "text")?,
            allow_http: setting(settings, "allow_http", "True or False")?,
            encryption_key: setting(settings, "encryption_key", "text")?,
            encryption_key_fallbacks: setting(settings, "encryption_key_fallbacks", "a list of text")?.unwrap_or_default(),
            encryption_scheme: setting(settings, "encryption_scheme", "text")?,
            encryption_iv: setting(settings, "encryption_iv", "text")?,
            sign_key: setting(settings, "sign_key", "text")?,
            sign_secret: setting(settings, "sign_secret", "text")?,
            sign_secret_fallbacks: setting(settings, "sign_secret_fallbacks", "a list of text")?.unwrap_or_default(),
            signer: signer.clone().map(|signer| Arc::new(signer) as Arc<dyn Signer>),
            timeout: setting(settings, "timeout", "a number of seconds")?,
            connect_timeout: setting(settings, "connect_timeout", "a number of seconds")?,
            read_timeout: setting(settings, "read_timeout", "a number of seconds")?,
            max_retries: setting(settings, "max_retries", "a whole number from 0")?,
            proxy: setting(settings, "proxy", "text")?,
            ca_certificate: setting(settings, "ca_certificate", "text")?,
            routes: setting(settings, "routes", "a dict of text to text")?.unwrap_or_default(),
            max_response_bytes: setting(settings, "max_response_bytes", "a whole number of bytes")?,
            max_event_bytes: setting(settings, "max_event_bytes", "a whole number of bytes")?,
            max_event_age: setting(settings, "max_event_age", "a number of seconds")?,
            verify_events: setting(settings, "verify_events", "True or False")?,
            require_signature: setting(settings, "require_signature", "True or False")?,
            require_encryption: setting(settings, "require_encryption", "True or False")?,
            user_agent: Some(format!("Python/{}.{}", version.major, version.minor)),
        };
        let client = Self {
            settings,
            client: PerProcess::new(),
            is_closed: AtomicBool::new(false),
            signer,
        };
        // Reports wrong settings here, not at the first call.
        client.client(py)?;
        Ok(client)
    }

    /// A call of an operation.
    fn call(&self, operation: &str, arguments: &Bound<'_, PyDict>, options: Options<'_>) -> PyResult<Pending> {
        let py = arguments.py();
        let (client, operation) = (self.client(py)?, find(py, operation)?);
        let input = input(&client, operation, arguments)?;
        let request = client.call(operation, input).options(call_options(py, options)?);
        let call = request.into_future().map(|answer| answer.map(Outcome::Model));
        Ok(Pending::new(call.boxed(), Some(Interruption::of(operation))))
    }

    /// A call that uploads a file.
    fn upload(&self, operation: &str, arguments: &Bound<'_, PyDict>, file: &Bound<'_, PyAny>, options: Options<'_>) -> PyResult<Pending> {
        let py = arguments.py();
        let (client, operation) = (self.client(py)?, find(py, operation)?);
        let input = input(&client, operation, arguments)?;
        let argument = operation.upload.as_ref().map_or("file", |upload| upload.name);
        let request = client
            .upload(operation, input, upload::source(file, argument)?)
            .options(call_options(py, options)?);
        let call = request.into_future().map(|answer| answer.map(Outcome::Model));
        Ok(Pending::new(call.boxed(), Some(Interruption::of(operation))))
    }

    /// The pages of a list.
    fn pager(&self, operation: &str, arguments: &Bound<'_, PyDict>, options: Options<'_>) -> PyResult<Pager> {
        let py = arguments.py();
        let (client, operation) = (self.client(py)?, find(py, operation)?);
        let input = input(&client, operation, arguments)?;
        Ok(Pager::new(client.pager(operation, input, call_options(py, options)?)))
    }

    /// A download into a file.
    fn download_file(
        &self,
        operation: &str,
        arguments: &Bound<'_, PyDict>,
        path: PathBuf,
        options: Options<'_>,
        on_progress: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Pending> {
        let py = arguments.py();
        let (client, operation) = (self.client(py)?, find(py, operation)?);
        let input = input(&client, operation, arguments)?;
        let listener = Listener::new(on_progress)?;
        let request = client.download_file(operation, input, path).options(call_options(py, options)?);
        let call = request
            .on_progress(listener.hearing())
            .into_future()
            .map(|answer| answer.map(Outcome::File));
        Ok(Pending::listened(call.boxed(), Interruption::of(operation), listener))
    }

    /// Downloads into a folder.
    fn download_folder(
        &self,
        operation: &str,
        arguments: &Bound<'_, PyDict>,
        folder: PathBuf,
        options: Options<'_>,
        on_progress: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Pending> {
        let py = arguments.py();
        let (client, operation) = (self.client(py)?, find(py, operation)?);
        let input = input(&client, operation, arguments)?;
        let listener = Listener::new(on_progress)?;
        let request = client.download_folder(operation, input, folder).options(call_options(py, options)?);
        let call = request
            .on_progress(listener.hearing())
            .into_future()
            .map(|answer| answer.map(Outcome::Files));
        Ok(Pending::listened(call.boxed(), Interruption::of(operation), listener))
    }

    /// A call of any path.
    fn raw(&self, py: Python<'_>, request: RawArguments<'_>, options: Options<'_>) -> PyResult<Pending> {
        let request = RawRequest {
            method: request.method,
            path: request.path,
            query: input::object("query", request.query.as_ref())?,
            body: request.body.map(|body| input::value("body", &body)).transpose()?,
            retry: request.retry,
        };
        let interruption = Interruption::of_raw(&request);
        let request = self.client(py)?.raw(request).options(call_options(py, options)?);
        let call = request.into_future().map(|answer| answer.map(Outcome::Raw));
        Ok(Pending::new(call.boxed(), Some(interruption)))
    }

    /// An event that was received.
    fn unwrap(&self, py: Python<'_>, body: &[u8], headers: &Bound<'_, PyAny>, kind: Option<&str>) -> PyResult<Py<PyAny>> {
        let headers = events::headers(headers)?;
        events::unwrap(py, &self.client(py)?.events(), self.signer.as_ref(), body, &headers, kind)
    }

    /// Raises the error for a body that is not bytes.
    fn not_raw(&self, py: Python<'_>, what: &str) -> PyResult<()> {
        Err(events::not_raw(py, &self.client(py)?.events(), what))
    }

    /// A body as AI Rudder might post it.
    fn sample<'py>(&self, py: Python<'py>, kind: &str) -> PyResult<Bound<'py, PyBytes>> {
        events::sample(py, &self.client(py)?.events(), kind)
    }

    /// The headers of a body that is signed.
    fn sign(&self, py: Python<'_>, body: &[u8]) -> PyResult<events::Headers> {
        events::sign(py, &self.client(py)?.events(), self.signer.as_ref(), body)
    }

    /// A body encrypted, and its headers.
    fn encrypt<'py>(&self, py: Python<'py>, body: &[u8]) -> PyResult<(Bound<'py, PyBytes>, events::Headers)> {
        events::encrypt(py, &self.client(py)?.events(), body)
    }

    fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.signer.iter().try_for_each(|signer| signer.traverse(&visit))
    }

    fn __clear__(&self) {
        self.signer.iter().for_each(Callback::clear);
    }
}

/// The arguments of a raw call, as a dictionary.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct RawArguments<'py> {
    method: String,
    path: String,
    query: Option<Bound<'py, PyAny>>,
    body: Option<Bound<'py, PyAny>>,
    retry: Option<String>,
}

/// The arguments by name. Empty for an operation without parameters.
fn input(client: &Client, operation: &Operation, arguments: &Bound<'_, PyDict>) -> PyResult<Input> {
    if arguments.is_empty() {
        return Ok(Input::none());
    }
    // A custom mapping may change while it is read, which pyo3 turns into a panic.
    shielded(arguments.py(), || {
        Ok(client.input(operation, Case::Snake, PyTokens::new(arguments)))
    })
}

fn find(py: Python<'_>, id: &str) -> PyResult<&'static Operation> {
    let unknown = || Error::internal(format!("there is no operation `{id}`"));
    shielded(py, || {
        OPERATIONS.iter().copied().find(|operation| operation.id == id).ok_or_else(unknown)
    })
}

fn setting<'py, T: for<'a> FromPyObject<'a, 'py>>(settings: &Bound<'py, PyDict>, name: &str, what: &str) -> PyResult<Option<T>> {
    let value = settings.get_item(name)?;
    extracted(value.as_ref()).ok_or_else(|| configuration(settings.py(), &format!("`{name}` must be {what}.")))
}

fn signer(settings: &Bound<'_, PyDict>) -> PyResult<Option<Callback>> {
    let Some(signer) = settings.get_item("signer")?.filter(|signer| !signer.is_none()) else {
        return Ok(None);
    };
    if signer.is_callable() {
        Ok(Some(Callback::new(signer.unbind())))
    } else {
        Err(configuration(
            settings.py(),
            "`signer` must be a callable that takes a SignRequest and returns text.",
        ))
    }
}

/// The options of one call: `timeout`, `max_retries`, `extra_query`, `extra_body`, `extra_headers`.
type Options<'py> = (
    Option<Bound<'py, PyAny>>,
    Option<Bound<'py, PyAny>>,
    Option<Bound<'py, PyAny>>,
    Option<Bound<'py, PyAny>>,
    Option<Bound<'py, PyAny>>,
);

fn call_options(py: Python<'_>, (timeout, max_retries, query, body, headers): Options<'_>) -> PyResult<CallOptions> {
    let wrong = |what: &str| invalid_request(py, what);
    Ok(CallOptions {
        timeout: extracted(timeout.as_ref()).ok_or_else(|| wrong("`timeout` must be a number of seconds."))?,
        max_retries: extracted(max_retries.as_ref()).ok_or_else(|| wrong("`max_retries` must be a whole number from 0."))?,
        extra_query: input::object("extra_query", query.as_ref())?,
        extra_body: input::object("extra_body", body.as_ref())?,
        extra_headers: input::texts("extra_headers", headers.as_ref())?,
    })
}

/// An optional value. `None` if it has another type.
#[allow(clippy::option_option)]
fn extracted<'py, T: for<'a> FromPyObject<'a, 'py>>(value: Option<&Bound<'py, PyAny>>) -> Option<Option<T>> {
    value
        .filter(|value| !value.is_none())
        .map_or(Some(None), |value| value.extract().ok().map(Some))
}
