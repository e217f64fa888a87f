//! Calls operations by id, with JSON text in and out.

use airudder::model::to_json_of;
use airudder::{
    CallOptions, Case, Client, Download, DownloadProgress, Error, FileSource, Input, Interruption, JsonText, Language, OPERATIONS,
    Operation, Pager, RawRequest,
};
use serde_json::{Map, Value, json};

use crate::inbox::Listener;
use crate::options::{Options, Raw, read};

/// The names of answers as JavaScript has them.
#[derive(Debug)]
pub struct JavaScript;

impl Language for JavaScript {
    const CASE: Case = Case::Camel;
}

pub async fn call(
    client: &Client,
    id: &str,
    input: Option<&str>,
    options: Option<&str>,
    listener: Option<Listener>,
) -> Result<String, Error> {
    let options: CallOptions = call_options(options)?;
    if id == "raw" {
        let answer = client.raw(read::<Raw>(input.unwrap_or(NOTHING))?.into()).options(options).await?;
        return Ok(to_json_of::<JavaScript>(&answer));
    }
    let operation = known(id)?;
    if operation.answer.is_some() {
        let input = params(client, operation, input);
        let answer = client.call::<JsonText<JavaScript>>(operation, input).options(options).await?;
        return Ok(answer.json);
    }
    let mut params: Map<String, Value> = read(input.unwrap_or(NOTHING))?;
    let mut target = |name| match params.remove(name) {
        Some(Value::String(path)) => Some(path),
        _ => None,
    };
    let input = |params| client.input_json(operation, Case::Camel, &Value::Object(params).to_string());
    let listen = move |progress: &DownloadProgress| {
        if let Some(listener) = &listener {
            listener.hear(progress_json(progress).to_string());
        }
    };
    if let Some(path) = target("path") {
        let request = client.download_file(operation, input(params), path).options(options);
        return Ok(written(&request.on_progress(listen).await?).to_string());
    }
    let folder = target("folder").ok_or_else(|| Error::internal("a download without a target"))?;
    let request = client.download_folder(operation, input(params), folder).options(options);
    let downloads = request.on_progress(listen).await?;
    Ok(downloads.iter().map(written).collect::<Value>().to_string())
}

pub async fn upload(client: &Client, id: &str, input: Option<&str>, options: Option<&str>, file: FileSource) -> Result<String, Error> {
    let operation = known(id)?;
    let input = params(client, operation, input);
    let options: CallOptions = call_options(options)?;
    let answer = client.upload::<JsonText<JavaScript>>(operation, input, file);
    Ok(answer.options(options).await?.json)
}

pub fn pager(client: &Client, id: &str, input: Option<&str>, options: Option<&str>) -> Result<Pager, Error> {
    let operation = known(id)?;
    let options: CallOptions = call_options(options)?;
    Ok(client.pager(operation, params(client, operation, input), options))
}

/// Whether a call that is cancelled in flight may have been applied.
pub fn may_have_effect(id: &str, input: Option<&str>) -> bool {
    if id != "raw" {
        return known(id).is_ok_and(|operation| Interruption::of(operation).note().is_some());
    }
    let request = read::<Raw>(input.unwrap_or(NOTHING)).map(RawRequest::from);
    request.is_ok_and(|request| Interruption::of_raw(&request).note().is_some())
}

fn known(id: &str) -> Result<&'static Operation, Error> {
    let known = OPERATIONS.iter().find(|operation| operation.id == id);
    known.copied().ok_or_else(|| Error::internal("core does not know the operation"))
}

/// The JSON of absent parameters.
const NOTHING: &str = "null";

fn params(client: &Client, operation: &Operation, json: Option<&str>) -> Input {
    json.map_or_else(Input::none, |json| client.input_json(operation, Case::Camel, json))
}

fn call_options(json: Option<&str>) -> Result<CallOptions, Error> {
    match json {
        Some(json) => Ok(read::<Options>(json)?.into()),
        None => Ok(CallOptions::default()),
    }
}

fn progress_json(progress: &DownloadProgress) -> Value {
    let mut json = json!({ "path": progress.path, "bytes": progress.bytes, "file": progress.file, "files": progress.files });
    if let Some(total) = progress.total_bytes {
        json["totalBytes"] = total.into();
    }
    json
}

fn written(download: &Download) -> Value {
    json!({ "path": download.path, "bytes": download.bytes, "contentType": download.content_type })
}
