//! The settings of a client and the options of a call.

use std::collections::HashMap;
use std::sync::Arc;

use airudder::{CallOptions, Error, Signer};
use serde_json::{Map, Value};

use crate::signer::{KotlinSigner, NativeSigner};

/// [`airudder::Settings`] for Kotlin.
#[derive(uniffi::Record)]
#[allow(missing_debug_implementations)] // holds secrets
pub struct Settings {
    #[uniffi(default)]
    pub app_key: Option<String>,
    #[uniffi(default)]
    pub app_secret: Option<String>,
    #[uniffi(default)]
    pub base_url: Option<String>,
    #[uniffi(default)]
    pub allow_http: Option<bool>,
    pub encryption_key: Option<String>,
    #[uniffi(default)]
    pub encryption_key_fallbacks: Vec<String>,
    #[uniffi(default)]
    pub encryption_scheme: Option<String>,
    #[uniffi(default)]
    pub encryption_iv: Option<String>,
    #[uniffi(default)]
    pub sign_key: Option<String>,
    #[uniffi(default)]
    pub sign_secret: Option<String>,
    #[uniffi(default)]
    pub sign_secret_fallbacks: Vec<String>,
    #[uniffi(default)]
    pub signer: Option<Arc<dyn NativeSigner>>,
    #[uniffi(default)]
    pub timeout: Option<f64>,
    #[uniffi(default)]
    pub connect_timeout: Option<f64>,
    #[uniffi(default)]
    pub read_timeout: Option<f64>,
    #[uniffi(default)]
    pub max_retries: Option<u32>,
    #[uniffi(default)]
    pub proxy: Option<String>,
    #[uniffi(default)]
    pub ca_certificate: Option<String>,
    #[uniffi(default)]
    pub routes: HashMap<String, String>,
    #[uniffi(default)]
    pub max_response_bytes: Option<u64>,
    #[uniffi(default)]
    pub max_event_bytes: Option<u64>,
    #[uniffi(default)]
    pub max_event_age: Option<f64>,
    #[uniffi(default)]
    pub verify_events: Option<bool>,
    pub require_signature: Option<bool>,
    pub require_encryption: Option<bool>,
    #[uniffi(default)]
    pub user_agent: Option<String>,
}

impl From<Settings> for airudder::Settings {
    fn from(settings: Settings) -> Self {
        Self {
            app_key: settings.app_key,
            app_secret: settings.app_secret,
            base_url: settings.base_url,
            allow_http: settings.allow_http,
            encryption_key: settings.encryption_key,
            encryption_key_fallbacks: settings.encryption_key_fallbacks,
            encryption_scheme: settings.encryption_scheme,
            encryption_iv: settings.encryption_iv,
            sign_key: settings.sign_key,
            sign_secret: settings.sign_secret,
            sign_secret_fallbacks: settings.sign_secret_fallbacks,
            signer: settings.signer.map(|signer| Arc::new(KotlinSigner(signer)) as Arc<dyn Signer>),
            timeout: settings.timeout,
            connect_timeout: settings.connect_timeout,
            read_timeout: settings.read_timeout,
            max_retries: settings.max_retries,
            proxy: settings.proxy,
            ca_certificate: settings.ca_certificate,
            routes: settings.routes.into_iter().collect(),
            max_response_bytes: settings.max_response_bytes,
            max_event_bytes: settings.max_event_bytes,
            max_event_age: settings.max_event_age,
            verify_events: settings.verify_events,
            require_signature: settings.require_signature,
            require_encryption: settings.require_encryption,
            user_agent: settings.user_agent,
        }
    }
}

/// [`CallOptions`] for Kotlin; objects are JSON text.
#[derive(uniffi::Record)]
#[allow(missing_debug_implementations)] // holds people's data
pub struct Options {
    pub timeout: Option<f64>,
    pub max_retries: Option<u32>,
    pub extra_query: String,
    pub extra_body: String,
    pub extra_headers: HashMap<String, String>,
}

impl TryFrom<Options> for CallOptions {
    type Error = Error;

    fn try_from(options: Options) -> Result<Self, Error> {
        Ok(Self {
            timeout: options.timeout,
            max_retries: options.max_retries,
            extra_query: object(&options.extra_query)?,
            extra_body: object(&options.extra_body)?,
            extra_headers: options.extra_headers.into_iter().collect(),
        })
    }
}

/// Reads the JSON that the Kotlin side wrote.
pub(crate) fn value(json: &str) -> Result<Value, Error> {
    serde_json::from_str(json).map_err(|_| Error::internal("the Kotlin side gave text that is not JSON"))
}

pub(crate) fn object(json: &str) -> Result<Map<String, Value>, Error> {
    match value(json)? {
        Value::Object(map) => Ok(map),
        _ => Err(Error::internal("the Kotlin side gave JSON that is not an object")),
    }
}
