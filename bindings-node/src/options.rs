//! The settings of a client and the options of a call. The JavaScript side has checked their names and types.

use std::collections::BTreeMap;

use airudder::{CallOptions, Error, RawRequest};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Reads JSON of the JavaScript side. Errors never quote it: settings hold secrets.
pub(crate) fn read<T: DeserializeOwned>(json: &str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|error| Error::internal(format!("what crossed is malformed at column {}", error.column())))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Settings {
    app_key: Option<String>,
    app_secret: Option<String>,
    base_url: Option<String>,
    allow_http: Option<bool>,
    encryption_key: Option<String>,
    encryption_key_fallbacks: Option<Vec<String>>,
    encryption_scheme: Option<String>,
    encryption_iv: Option<String>,
    sign_key: Option<String>,
    sign_secret: Option<String>,
    sign_secret_fallbacks: Option<Vec<String>>,
    timeout: Option<f64>,
    connect_timeout: Option<f64>,
    read_timeout: Option<f64>,
    max_retries: Option<u32>,
    proxy: Option<String>,
    ca_certificate: Option<String>,
    routes: Option<BTreeMap<String, String>>,
    max_response_bytes: Option<u64>,
    max_event_bytes: Option<u64>,
    max_event_age: Option<f64>,
    verify_events: Option<bool>,
    require_signature: Option<bool>,
    require_encryption: Option<bool>,
}

impl From<Settings> for airudder::Settings {
    fn from(settings: Settings) -> Self {
        Self {
            app_key: settings.app_key,
            app_secret: settings.app_secret,
            base_url: settings.base_url,
            allow_http: settings.allow_http,
            encryption_key: settings.encryption_key,
            encryption_key_fallbacks: settings.encryption_key_fallbacks.unwrap_or_default(),
            encryption_scheme: settings.encryption_scheme,
            encryption_iv: settings.encryption_iv,
            sign_key: settings.sign_key,
            sign_secret: settings.sign_secret,
            sign_secret_fallbacks: settings.sign_secret_fallbacks.unwrap_or_default(),
            timeout: settings.timeout,
            connect_timeout: settings.connect_timeout,
            read_timeout: settings.read_timeout,
            max_retries: settings.max_retries,
            proxy: settings.proxy,
            ca_certificate: settings.ca_certificate,
            routes: settings.routes.unwrap_or_default(),
            max_response_bytes: settings.max_response_bytes,
            max_event_bytes: settings.max_event_bytes,
            max_event_age: settings.max_event_age,
            verify_events: settings.verify_events,
            require_signature: settings.require_signature,
            require_encryption: settings.require_encryption,
            ..Self::default()
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Options {
    timeout: Option<f64>,
    max_retries: Option<u32>,
    extra_query: Option<Map<String, Value>>,
    extra_body: Option<Map<String, Value>>,
    extra_headers: Option<BTreeMap<String, String>>,
}

impl From<Options> for CallOptions {
    fn from(options: Options) -> Self {
        Self {
            timeout: options.timeout,
            max_retries: options.max_retries,
            extra_query: options.extra_query.unwrap_or_default(),
            extra_body: options.extra_body.unwrap_or_default(),
            extra_headers: options.extra_headers.unwrap_or_default(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Raw {
    method: Option<String>,
    path: Option<String>,
    query: Option<Map<String, Value>>,
    body: Option<Value>,
    retry: Option<String>,
}

impl From<Raw> for RawRequest {
    fn from(raw: Raw) -> Self {
        Self {
            method: raw.method.unwrap_or_default(),
            path: raw.path.unwrap_or_default(),
            query: raw.query.unwrap_or_default(),
            body: raw.body,
            retry: raw.retry,
        }
    }
}
