//! The client as Kotlin sees it.

use std::sync::Arc;

use airudder::{CallOptions, Case, Client, Download, Error, Interruption, JsonText, OPERATIONS, Operation, RawRequest};

use crate::clients::Number;
use crate::failure::{NativeError, guard, run};
use crate::json::{Kotlin, json};
use crate::pager::NativePager;
use crate::progress::{NativeListener, hearing};
use crate::settings::{Options, Settings, object, value};
use crate::signer::NativeSigner;
use crate::upload::FileToUpload;

/// A client with its connections and its token.
#[derive(uniffi::Object)]
#[allow(missing_debug_implementations)] // UniFFI would show it to Kotlin
pub struct NativeClient {
    pub(crate) client: Client,
    pub(crate) signer: Option<Arc<dyn NativeSigner>>,
    pub(crate) number: Number,
}

/// A file that was downloaded.
#[derive(Debug, uniffi::Record)]
pub struct DownloadedFile {
    pub path: String,
    pub bytes: i64,
    pub content_type: Option<String>,
}

impl From<Download> for DownloadedFile {
    fn from(download: Download) -> Self {
        Self {
            path: download.path.to_string_lossy().into_owned(),
            bytes: download.bytes.try_into().unwrap_or(i64::MAX),
            content_type: download.content_type,
        }
    }
}

#[uniffi::export]
#[allow(clippy::needless_pass_by_value)] // `UniFFI` hands over what it made
impl NativeClient {
    #[uniffi::constructor]
    pub fn new(settings: Settings) -> Result<Self, NativeError> {
        guard(|| {
            let signer = settings.signer.clone();
            let client = Client::new(settings.into())?;
            let number = Number::of(&client);
            Ok(Self { client, signer, number })
        })
    }

    /// The number by which direct calls name this client.
    pub fn number(&self) -> i64 {
        self.number.get()
    }

    /// The pages of a list; `params` are JSON text.
    pub fn pager(&self, operation: String, params: String, options: Options) -> Result<NativePager, NativeError> {
        guard(|| {
            let operation = find(&operation)?;
            let (input, options) = (
                self.client.input_json(operation, Case::Camel, &params),
                CallOptions::try_from(options)?,
            );
            Ok(NativePager::new(self.client.pager(operation, input, options)))
        })
    }
}

#[uniffi::export(async_runtime = "tokio")]
impl NativeClient {
    /// Calls an operation; `params` and the answer are JSON text.
    pub async fn call(&self, operation: String, params: String, options: Options) -> Result<String, NativeError> {
        let client = self.client.clone();
        run(async move {
            let operation = find(&operation)?;
            let request = client.call::<JsonText<Kotlin>>(operation, client.input_json(operation, Case::Camel, &params));
            Ok(request.options(CallOptions::try_from(options)?).await?.json)
        })
        .await
    }

    /// Calls an operation that sends a file.
    pub async fn upload(&self, operation: String, params: String, file: FileToUpload, options: Options) -> Result<String, NativeError> {
        let client = self.client.clone();
        run(async move {
            let operation = find(&operation)?;
            let request = client.upload::<JsonText<Kotlin>>(operation, client.input_json(operation, Case::Camel, &params), file);
            Ok(request.options(CallOptions::try_from(options)?).await?.json)
        })
        .await
    }

    pub async fn download_file(
        &self,
        operation: String,
        params: String,
        path: String,
        options: Options,
        listener: Option<Arc<dyn NativeListener>>,
    ) -> Result<DownloadedFile, NativeError> {
        let client = self.client.clone();
        run(async move {
            let operation = find(&operation)?;
            let request = client.download_file(operation, client.input_json(operation, Case::Camel, &params), path);
            let request = request.options(CallOptions::try_from(options)?).on_progress(hearing(listener));
            Ok(request.await?.into())
        })
        .await
    }

    pub async fn download_folder(
        &self,
        operation: String,
        params: String,
        folder: String,
        options: Options,
        listener: Option<Arc<dyn NativeListener>>,
    ) -> Result<Vec<DownloadedFile>, NativeError> {
        let client = self.client.clone();
        run(async move {
            let operation = find(&operation)?;
            let request = client.download_folder(operation, client.input_json(operation, Case::Camel, &params), folder);
            let request = request.options(CallOptions::try_from(options)?).on_progress(hearing(listener));
            let downloads = request.await?;
            Ok(downloads.into_iter().map(DownloadedFile::from).collect())
        })
        .await
    }

    /// Calls any path; `query`, `body` and the answer are JSON text.
    pub async fn raw(
        &self,
        method: String,
        path: String,
        query: String,
        body: Option<String>,
        retry: Option<String>,
        options: Options,
    ) -> Result<String, NativeError> {
        let client = self.client.clone();
        run(async move {
            let body = body.as_deref().map(value).transpose()?;
            let request = RawRequest {
                method,
                path,
                query: object(&query)?,
                body,
                retry,
            };
            let answer = client.raw(request).options(CallOptions::try_from(options)?).await?;
            Ok(json(&answer))
        })
        .await
    }
}

/// The note for a call that was cancelled in flight. `None` if the operation has no effect.
#[uniffi::export]
#[must_use]
pub fn interruption(operation: &str) -> Option<String> {
    find(operation).ok().and_then(|operation| Interruption::of(operation).note())
}

/// The same of a raw call.
#[uniffi::export]
#[must_use]
pub fn raw_interruption(method: String, retry: Option<String>) -> Option<String> {
    let request = RawRequest {
        method,
        retry,
        ..RawRequest::default()
    };
    Interruption::of_raw(&request).note()
}

/// All operations as JSON text.
#[uniffi::export]
#[must_use]
pub fn operations_json() -> String {
    airudder::operations_json()
}

pub(crate) fn find(id: &str) -> Result<&'static Operation, Error> {
    let operation = OPERATIONS.iter().copied().find(|operation| operation.id == id);
    operation.ok_or_else(|| Error::internal(format!("the Kotlin side calls `{id}`, which the native library does not have")))
}
