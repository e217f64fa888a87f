//! From an operation's id and JSON text to core, and back.

use airudder::model::to_json;
use airudder::{AnyModel, CallOptions, Case, Client, Download, Error, FileSource, Input, OPERATIONS, Operation, Pager};
use serde_json::{Map, Value, json};

use crate::options::{Options, Raw, read};

pub async fn call(client: &Client, id: &str, input: &str, options: &str) -> Result<String, Error> {
    let options: CallOptions = read::<Options>(options)?.into();
    if id == "raw" {
        let answer = client.raw(read::<Raw>(input)?.into()).options(options).await?;
        return Ok(to_json(&answer, Case::Camel));
    }
    let operation = known(id)?;
    if operation.answer.is_some() {
        let input = params(client, operation, input);
        let answer = client.call::<AnyModel>(operation, input).options(options).await?;
        return Ok(to_json(&*answer, Case::Camel));
    }
    let mut params: Map<String, Value> = read(input)?;
    let mut target = |name| match params.remove(name) {
        Some(Value::String(path)) => Some(path),
        _ => None,
    };
    if let Some(path) = target("path") {
        let download = client.download_file(operation, Input::named(params), path).options(options).await?;
        return Ok(written(&download).to_string());
    }
    let folder = target("folder").ok_or_else(|| Error::internal("a download without a target"))?;
    let downloads = client
        .download_folder(operation, Input::named(params), folder)
        .options(options)
        .await?;
    Ok(downloads.iter().map(written).collect::<Value>().to_string())
}

pub async fn upload(client: &Client, id: &str, input: &str, options: &str, file: FileSource) -> Result<String, Error> {
    let operation = known(id)?;
    let input = params(client, operation, input);
    let options: CallOptions = read::<Options>(options)?.into();
    let answer = client.upload::<AnyModel>(operation, input, file).options(options).await?;
    Ok(to_json(&*answer, Case::Camel))
}

pub fn pager(client: &Client, id: &str, input: &str, options: &str) -> Result<Pager, Error> {
    let operation = known(id)?;
    let options: CallOptions = read::<Options>(options)?.into();
    Ok(client.pager(operation, params(client, operation, input), options))
}

fn known(id: &str) -> Result<&'static Operation, Error> {
    let known = OPERATIONS.iter().find(|operation| operation.id == id);
    known.copied().ok_or_else(|| Error::internal("core does not know the operation"))
}

fn params(client: &Client, operation: &Operation, json: &str) -> Input {
    if json == "null" {
        Input::none()
    } else {
        client.input_json(operation, json)
    }
}

fn written(download: &Download) -> Value {
    json!({ "path": download.path, "bytes": download.bytes, "contentType": download.content_type })
}
