//! The client as Kotlin sees it.

use std::collections::HashMap;

use airudder::{AnyModel, CallOptions, Client, Download, Error, EventData, OPERATIONS, Operation, RawRequest};

use crate::failure::{NativeError, guard, run};
use crate::json::json;
use crate::pager::NativePager;
use crate::settings::{Options, Settings, object, value};
use crate::upload::FileToUpload;

/// A client, and with it its connections and its token.
#[derive(uniffi::Object)]
#[allow(missing_debug_implementations)] // UniFFI would show it to Kotlin
pub struct NativeClient(Client);

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

/// An event that was opened.
#[derive(uniffi::Record)]
#[allow(missing_debug_implementations)] // holds people's data
pub struct OpenedEvent {
    pub kind: String,
    /// JSON text.
    pub data: String,
}

#[uniffi::export]
#[allow(clippy::needless_pass_by_value)] // `UniFFI` hands over what it made
impl NativeClient {
    #[uniffi::constructor]
    pub fn new(settings: Settings) -> Result<Self, NativeError> {
        guard(|| Client::new(settings.into()).map(Self))
    }

    /// The pages of a list; `params` are JSON text.
    pub fn pager(&self, operation: String, params: String, options: Options) -> Result<NativePager, NativeError> {
        guard(|| {
            let operation = find(&operation)?;
            let input = self.0.input_json(operation, &params);
            Ok(NativePager::new(self.0.pager(operation, input, CallOptions::try_from(options)?)))
        })
    }

    pub fn unwrap(&self, body: Vec<u8>, headers: HashMap<String, String>, kind: Option<String>) -> Result<OpenedEvent, NativeError> {
        guard(|| {
            let headers: Vec<_> = headers.into_iter().collect();
            let event = self.0.events().unwrap(&body, &headers, kind.as_deref())?;
            let data = match (event.data.model(), &event.data) {
                (Some(model), _) => json(model)?,
                (None, EventData::Unknown(unknown)) => unknown.data.to_string(),
                (None, _) => return Err(Error::internal("an event without data")),
            };
            Ok(OpenedEvent { kind: event.kind, data })
        })
    }
}

#[uniffi::export(async_runtime = "tokio")]
impl NativeClient {
    /// Calls an operation; `params` and the answer are JSON text.
    pub async fn call(&self, operation: String, params: String, options: Options) -> Result<String, NativeError> {
        let client = self.0.clone();
        run(async move {
            let operation = find(&operation)?;
            let request = client.call::<AnyModel>(operation, client.input_json(operation, &params));
            let answer = request.options(CallOptions::try_from(options)?).await?;
            json(answer.as_ref())
        })
        .await
    }

    /// Calls an operation that sends a file.
    pub async fn upload(&self, operation: String, params: String, file: FileToUpload, options: Options) -> Result<String, NativeError> {
        let client = self.0.clone();
        run(async move {
            let operation = find(&operation)?;
            let request = client.upload::<AnyModel>(operation, client.input_json(operation, &params), file);
            let answer = request.options(CallOptions::try_from(options)?).await?;
            json(answer.as_ref())
        })
        .await
    }

    pub async fn download_file(
        &self,
        operation: String,
        params: String,
        path: String,
        options: Options,
    ) -> Result<DownloadedFile, NativeError> {
        let client = self.0.clone();
        run(async move {
            let operation = find(&operation)?;
            let request = client.download_file(operation, client.input_json(operation, &params), path);
            Ok(request.options(CallOptions::try_from(options)?).await?.into())
        })
        .await
    }

    pub async fn download_folder(
        &self,
        operation: String,
        params: String,
        folder: String,
        options: Options,
    ) -> Result<Vec<DownloadedFile>, NativeError> {
        let client = self.0.clone();
        run(async move {
            let operation = find(&operation)?;
            let request = client.download_folder(operation, client.input_json(operation, &params), folder);
            let downloads = request.options(CallOptions::try_from(options)?).await?;
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
        let client = self.0.clone();
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
            json(&answer)
        })
        .await
    }
}

/// All operations as JSON text.
#[uniffi::export]
#[must_use]
pub fn operations_json() -> String {
    airudder::operations_json()
}

fn find(id: &str) -> Result<&'static Operation, Error> {
    let operation = OPERATIONS.iter().copied().find(|operation| operation.id == id);
    operation.ok_or_else(|| Error::internal(format!("the Kotlin side calls `{id}`, which the native library does not have")))
}
