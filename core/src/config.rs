//! Settings, checked: every mistake is found when the client is made, and named.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use url::{Host, Url};

use crate::encryption::{Encryption, Iv, key_bytes};
use crate::error::Error;
use crate::events::{Events, Rules};
use crate::generated::operations::OPERATIONS;
use crate::http::urls::Urls;
use crate::model::Case;
use crate::operation::Operation;
use crate::settings::Settings;
use crate::signing::Signing;

const BASE_URL: &str = "https://api.airudder.com";
/// What the client signs in as at the emulator when it is given no credentials.
const EMULATOR: &str = "emulator";
/// The key that the emulator knows calls by that are signed without one.
const EMULATOR_SIGN_KEY: &str = "00000000000000000000000000000000";
const TIMEOUT: f64 = 60.0;
const CONNECT_TIMEOUT: f64 = 10.0;
const READ_TIMEOUT: f64 = 30.0;
const MAX_RETRIES: u32 = 3;
const MAX_RESPONSE_BYTES: u64 = 64 << 20;
const MAX_EVENT_BYTES: u64 = 1 << 20;
/// The longest time that is a timeout and no mistake, in seconds.
pub(crate) const LONGEST_TIMEOUT: f64 = 7.0 * 24.0 * 3600.0;

pub(crate) struct Config {
    pub(crate) app_key: SecretString,
    pub(crate) app_secret: SecretString,
    pub(crate) base_url: Url,
    pub(crate) urls: Urls,
    pub(crate) is_loopback: bool,
    pub(crate) encryption: Option<Encryption>,
    pub(crate) signing: Arc<Signing>,
    pub(crate) events: Events,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) read_timeout: Duration,
    pub(crate) max_retries: u32,
    pub(crate) proxy: Option<String>,
    pub(crate) ca_certificate: Option<String>,
    pub(crate) routes: HashMap<&'static str, String>,
    pub(crate) max_response_bytes: u64,
    pub(crate) user_agent: String,
    pub(crate) names: Case,
}

impl Config {
    pub(crate) fn new(settings: &Settings) -> Result<Self, Error> {
        let base_url = base_url(settings)?;
        let is_loopback = is_loopback(&base_url);
        let (app_key, app_secret) = credentials(settings, is_loopback)?;
        let encryption = encryption(settings)?;
        let signing = Arc::new(signing(settings, is_loopback)?);
        Ok(Self {
            app_key,
            app_secret,
            is_loopback,
            base_url,
            urls: Urls::default(),
            events: events(settings, encryption.clone(), signing.clone())?,
            encryption,
            signing,
            timeout: seconds("timeout", settings.timeout, TIMEOUT)?,
            connect_timeout: seconds("connect_timeout", settings.connect_timeout, CONNECT_TIMEOUT)?,
            read_timeout: seconds("read_timeout", settings.read_timeout, READ_TIMEOUT)?,
            max_retries: settings.max_retries.unwrap_or(MAX_RETRIES),
            proxy: Settings::or_env(settings.proxy.as_ref(), "AIRUDDER_PROXY"),
            ca_certificate: Settings::or_env(settings.ca_certificate.as_ref(), "AIRUDDER_CA_CERTIFICATE"),
            routes: routes(settings)?,
            max_response_bytes: max_response_bytes(settings)?,
            user_agent: user_agent(settings)?,
            names: settings.names,
        })
    }

    /// The path of an operation, and whether the user set it.
    pub(crate) fn path(&self, operation: &Operation) -> (&str, bool) {
        self.routes.get(operation.id).map_or((operation.path, false), |path| (path, true))
    }
}

/// A number of seconds that makes sense as a time limit.
pub(crate) fn seconds(name: &str, setting: Option<f64>, default: f64) -> Result<Duration, Error> {
    let seconds = setting.unwrap_or(default);
    if seconds > 0.0 && seconds <= LONGEST_TIMEOUT {
        return Ok(Duration::from_secs_f64(seconds));
    }
    Err(Error::configuration(format!(
        "`{name}` is {seconds}; it must be a number of seconds, more than 0 and at most {LONGEST_TIMEOUT}"
    )))
}

fn base_url(settings: &Settings) -> Result<Url, Error> {
    let text = Settings::or_env(settings.base_url.as_ref(), "AIRUDDER_BASE_URL").unwrap_or_else(|| BASE_URL.to_owned());
    let wrong = |what: &str| Error::configuration(format!("`base_url` {what}; it must look like {BASE_URL}"));
    let url = Url::parse(&text).map_err(|_| wrong("is no URL"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("starts with neither https:// nor http://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("holds a user name or password, which belong into `app_key` and `app_secret`"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("has a query or fragment"));
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn credentials(settings: &Settings, is_loopback: bool) -> Result<(SecretString, SecretString), Error> {
    let key = Settings::or_env(settings.app_key.as_ref(), "AIRUDDER_APP_KEY");
    let secret = Settings::or_env(settings.app_secret.as_ref(), "AIRUDDER_APP_SECRET");
    if is_loopback && key.is_none() && secret.is_none() {
        return Ok((EMULATOR.into(), EMULATOR.into()));
    }
    let given = |value: Option<String>, name: &str, variable: &str| match value {
        None => Err(Error::configuration(format!("`{name}` is missing; pass it or set {variable}"))),
        Some(value) if value.trim().is_empty() => Err(Error::configuration(format!("`{name}` is empty"))),
        Some(value) => Ok(SecretString::from(value)),
    };
    Ok((
        given(key, "app_key", "AIRUDDER_APP_KEY")?,
        given(secret, "app_secret", "AIRUDDER_APP_SECRET")?,
    ))
}

/// What is missing here is missed by the first call that is signed, for most programs make none.
fn signing(settings: &Settings, is_loopback: bool) -> Result<Signing, Error> {
    let given = |setting: Option<&String>, name: &str, variable: &str, emulator: &str| match Settings::or_env(setting, variable) {
        Some(value) if value.trim().is_empty() => Err(Error::configuration(format!("`{name}` is empty"))),
        None if is_loopback => Ok(Some(emulator.into())),
        value => Ok(value.map(SecretString::from)),
    };
    Ok(Signing {
        key: given(settings.sign_key.as_ref(), "sign_key", "AIRUDDER_SIGN_KEY", EMULATOR_SIGN_KEY)?,
        secret: given(settings.sign_secret.as_ref(), "sign_secret", "AIRUDDER_SIGN_SECRET", EMULATOR)?,
        signer: settings.signer.clone(),
    })
}

fn encryption(settings: &Settings) -> Result<Option<Encryption>, Error> {
    let scheme = Settings::or_env(settings.encryption_scheme.as_ref(), "AIRUDDER_ENCRYPTION_SCHEME");
    let iv = Settings::or_env(settings.encryption_iv.as_ref(), "AIRUDDER_ENCRYPTION_IV");
    let Some(key) = Settings::or_env(settings.encryption_key.as_ref(), "AIRUDDER_ENCRYPTION_KEY") else {
        return if scheme.is_some() || iv.is_some() {
            Err(Error::configuration(
                "`encryption_scheme` or `encryption_iv` is set and `encryption_key` is not",
            ))
        } else {
            Ok(None)
        };
    };
    let key = key_bytes(&key).ok_or_else(|| Error::configuration("`encryption_key` has other than hexadecimal digits after `hex:`"))?;
    match scheme.as_deref().unwrap_or("aes-ecb") {
        "aes-ecb" if iv.is_some() => Err(Error::configuration(
            "`encryption_iv` is set, but aes-ecb has no initialization vector",
        )),
        "aes-ecb" => Encryption::aes_ecb(&key).map(Some),
        "aes-cbc" => Encryption::aes_cbc(&key, initialization_vector(iv.as_deref())?).map(Some),
        _ => Err(Error::configuration("`encryption_scheme` must be aes-ecb or aes-cbc")),
    }
}

fn initialization_vector(setting: Option<&str>) -> Result<Iv, Error> {
    let Some(setting) = setting else {
        return Ok(Iv::Prefixed);
    };
    key_bytes(setting)
        .and_then(|bytes| bytes.try_into().ok())
        .map(Iv::Fixed)
        .ok_or_else(|| Error::configuration("`encryption_iv` must be 16 bytes, as text or as `hex:` and 32 hexadecimal digits"))
}

fn routes(settings: &Settings) -> Result<HashMap<&'static str, String>, Error> {
    let mut routes = HashMap::new();
    for (id, path) in &settings.routes {
        let Some(operation) = OPERATIONS.iter().find(|operation| operation.id == id) else {
            let known: Vec<_> = OPERATIONS.iter().map(|operation| operation.id).collect();
            return Err(Error::configuration(format!(
                "`routes` names `{id}`; the operations are {}",
                known.join(", ")
            )));
        };
        if !path.starts_with('/') || path.contains(['?', '#']) || path.contains(char::is_whitespace) {
            return Err(Error::configuration(format!(
                "`routes` gives `{id}` something that is no path; a path looks like {}",
                operation.path
            )));
        }
        routes.insert(operation.id, path.clone());
    }
    Ok(routes)
}

fn max_response_bytes(settings: &Settings) -> Result<u64, Error> {
    match settings.max_response_bytes.unwrap_or(MAX_RESPONSE_BYTES) {
        0 => Err(Error::configuration("`max_response_bytes` is 0; no answer would fit")),
        bytes => Ok(bytes),
    }
}

fn events(settings: &Settings, encryption: Option<Encryption>, signing: Arc<Signing>) -> Result<Events, Error> {
    let max_bytes = match settings.max_event_bytes.unwrap_or(MAX_EVENT_BYTES) {
        0 => return Err(Error::configuration("`max_event_bytes` is 0; no event would fit")),
        bytes => usize::try_from(bytes).unwrap_or(usize::MAX),
    };
    let max_age = settings
        .max_event_age
        .map(|age| seconds("max_event_age", Some(age), age))
        .transpose()?;
    Ok(Events::new(Rules {
        encryption,
        signing,
        verify: settings.verify_events.unwrap_or(true),
        max_bytes,
        max_age,
        names: settings.names,
    }))
}

fn user_agent(settings: &Settings) -> Result<String, Error> {
    let own = concat!("Airudder-SDK/", env!("CARGO_PKG_VERSION"));
    match &settings.user_agent {
        None => Ok(own.to_owned()),
        Some(text) if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) => Ok(format!("{own} {text}")),
        Some(_) => Err(Error::configuration("`user_agent` may hold printable ASCII characters only")),
    }
}
