//! How a step is called, by names or by types, for the cases and the walks alike.

use airudder::model::to_value;
use airudder::{AnyModel, CallOptions, Case, Client, Input, Operation, RawRequest, Settings};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

use crate::generated;
use crate::outcome::{self, Outcome};
use crate::params::Params;

/// How a suite makes the call of an operation.
#[derive(Clone, Copy, Debug)]
pub enum Way {
    ByName,
    ByType,
}

impl Way {
    pub fn suite(self) -> &'static str {
        match self {
            Self::ByName => "rust-named",
            Self::ByType => "rust",
        }
    }
}

/// Makes the call of a step.
pub async fn call(client: &Client, step: &Value, way: Way) -> Outcome {
    let params = step["params"].as_object().unwrap().clone();
    let options = options(&step["options"]);
    if step["all"] == true {
        let id = step["call"].as_str().unwrap();
        return match way {
            Way::ByName => all_by_name(client, id, params, options).await,
            Way::ByType => generated::all(client, id, &Params(params), options).await,
        };
    }
    match (step["call"].as_str(), way) {
        (None, _) => Outcome::value(Value::Null),
        (Some("raw"), _) => raw(client, params, options).await,
        (Some("events.unwrap"), _) => unwrap(client, &params),
        (Some(id), Way::ByName) => by_name(client, id, params, options).await,
        (Some(id), Way::ByType) => generated::call(client, id, &Params(params), options).await,
    }
}

async fn by_name(client: &Client, id: &str, mut params: Map<String, Value>, options: CallOptions) -> Outcome {
    let operation = operation(id);
    let mut place = |name: &str| params.remove(name).and_then(|place| text(&place));
    if let Some(file) = operation.upload.as_ref().and_then(|upload| place(upload.name)) {
        let request = client.upload(operation, Input::named(params), file).options(options);
        let shown = format!("{request:?}");
        return Outcome::of(request.await, |answer: AnyModel| Outcome::model(answer.as_ref())).and_shown(shown);
    }
    if let Some(path) = place("path") {
        return outcome::file(client.download_file(operation, Input::named(params), path).options(options)).await;
    }
    if let Some(folder) = place("folder") {
        return outcome::folder(client.download_folder(operation, Input::named(params), folder).options(options)).await;
    }
    let request = client.call(operation, Input::named(params)).options(options);
    let shown = format!("{request:?}");
    Outcome::of(request.await, |answer: AnyModel| Outcome::model(answer.as_ref())).and_shown(shown)
}

/// The items of all pages, as a binding collects them.
async fn all_by_name(client: &Client, id: &str, params: Map<String, Value>, options: CallOptions) -> Outcome {
    let operation = operation(id);
    let mut pager = client.pager(operation, Input::named(params), options);
    let shown = format!("{pager:?}");
    let wire = operation.paging.as_ref().unwrap().items;
    let mut items = Vec::new();
    loop {
        match pager.next_page().await {
            Ok(Some(page)) => {
                let field = page.shape().fields.iter().find(|field| field.wire == wire).unwrap();
                let mut page = to_value(page.as_ref(), Case::Snake);
                items.append(page[field.name].as_array_mut().unwrap());
            }
            Ok(None) => return Outcome::value(items).and_shown(shown),
            Err(error) => return Outcome::error(&error).and_shown(shown),
        }
    }
}

fn operation(id: &str) -> &'static Operation {
    airudder::OPERATIONS.iter().find(|operation| operation.id == id).unwrap()
}

async fn raw(client: &Client, mut params: Map<String, Value>, options: CallOptions) -> Outcome {
    let request = RawRequest {
        method: text(&params["method"]).unwrap(),
        path: text(&params["path"]).unwrap(),
        query: params
            .remove("query")
            .map_or_else(Map::new, |query| query.as_object().unwrap().clone()),
        body: params.remove("body"),
        retry: params.get("retry").and_then(text),
    };
    let shown = format!("{request:?}");
    let call = client.raw(request).options(options);
    let shown = format!("{shown} {call:?}");
    Outcome::of(call.await, |answer| Outcome::model(&answer).and_shown(format!("{answer:?}"))).and_shown(shown)
}

fn unwrap(client: &Client, params: &Map<String, Value>) -> Outcome {
    let headers: Vec<(String, String)> = params
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .flat_map(|(name, value)| {
            let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
            values.into_iter().map(|value| (name.clone(), text(&value).unwrap()))
        })
        .collect();
    let body = match params.get("body_base64").and_then(text) {
        Some(base64) => BASE64_STANDARD.decode(base64).unwrap(),
        None => text(&params["body"]).unwrap().into_bytes(),
    };
    let event = client.events().unwrap(&body, &headers, params.get("kind").and_then(Value::as_str));
    Outcome::of(event, |event| Outcome::event(&event))
}

/// The settings of a client, by their names.
pub fn settings(client: &Value) -> Settings {
    let setting = |name: &str| text(&client[name]);
    Settings {
        app_key: setting("app_key"),
        app_secret: setting("app_secret"),
        base_url: setting("base_url"),
        encryption_key: setting("encryption_key"),
        encryption_key_fallbacks: texts(&client["encryption_key_fallbacks"]),
        encryption_scheme: setting("encryption_scheme"),
        encryption_iv: setting("encryption_iv"),
        sign_key: setting("sign_key"),
        sign_secret: setting("sign_secret"),
        sign_secret_fallbacks: texts(&client["sign_secret_fallbacks"]),
        timeout: client["timeout"].as_f64(),
        connect_timeout: client["connect_timeout"].as_f64(),
        read_timeout: client["read_timeout"].as_f64(),
        max_retries: whole(&client["max_retries"]),
        proxy: setting("proxy"),
        ca_certificate: setting("ca_certificate"),
        routes: serde_json::from_value(client.get("routes").cloned().unwrap_or(json!({}))).unwrap(),
        max_response_bytes: client["max_response_bytes"].as_u64(),
        max_event_bytes: client["max_event_bytes"].as_u64(),
        max_event_age: client["max_event_age"].as_f64(),
        verify_events: client["verify_events"].as_bool(),
        require_signature: client["require_signature"].as_bool(),
        require_encryption: client["require_encryption"].as_bool(),
        allow_http: client["allow_http"].as_bool(),
        user_agent: setting("user_agent"),
        ..Settings::default()
    }
}

fn texts(list: &Value) -> Vec<String> {
    serde_json::from_value(list.clone()).unwrap_or_default()
}

fn options(options: &Value) -> CallOptions {
    let fields = |name: &str| options[name].as_object().cloned().unwrap_or_default();
    CallOptions {
        timeout: options["timeout"].as_f64(),
        max_retries: whole(&options["max_retries"]),
        extra_query: fields("extra_query"),
        extra_body: fields("extra_body"),
        extra_headers: fields("extra_headers")
            .iter()
            .map(|(name, value)| (name.clone(), text(value).unwrap()))
            .collect(),
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn whole(value: &Value) -> Option<u32> {
    value.as_u64().map(|number| u32::try_from(number).unwrap())
}
