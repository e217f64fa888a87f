//! Settings, checked, and the session that is made of them. Every mistake in the settings is found here, and named.

use std::collections::HashMap;
use std::sync::Arc;

use http::HeaderValue;
use secrecy::SecretString;
use url::{Host, Url};

use super::settings::Settings;
use crate::auth::{Credentials, Signed, Tokens};
use crate::calls::{Session, seconds};
use crate::crypto::{Encryption, Iv, SigningKeys, key_bytes};
use crate::engine::Engine;
use crate::error::Error;
use crate::events::{Events, Rules};
use crate::generated::operations::OPERATIONS;
use crate::wire::{Endpoint, Network, NetworkTransport, Transport};

const BASE_URL: &str = "https://api.airudder.com";
/// The credentials for the emulator, if none are given.
const EMULATOR: &str = "emulator";
/// The key of signed calls for the emulator, if none is given.
const EMULATOR_SIGN_KEY: &str = "00000000000000000000000000000000";
/// Client code in production gives a new task 150 s and any other answer 120 s, as the platform recommends (reported). A shorter time ends calls that
/// AI Rudder carries out, and leaves the caller with an error that says maybe. Connecting changes nothing and is repeated, so its time is short.
const TIMEOUT: f64 = 150.0;
const CONNECT_TIMEOUT: f64 = 10.0;
const READ_TIMEOUT: f64 = 120.0;
const MAX_RETRIES: u32 = 3;
const MAX_RESPONSE_BYTES: u64 = 64 << 20;
const MAX_EVENT_BYTES: u64 = 1 << 20;

/// Makes the session and the events of a client. Without a transport, connections of this machine are used.
pub(super) fn assemble(settings: &Settings, transport: Option<Arc<dyn Transport>>) -> Result<(Session, Events), Error> {
    let base_url = base_url(settings)?;
    let is_loopback = is_loopback(&base_url);
    let credentials = Arc::new(credentials(settings, is_loopback)?);
    let encryption = encryption(settings)?;
    let keys = Arc::new(signing_keys(settings, is_loopback)?);
    let events = events(settings, encryption.clone(), keys.clone())?;
    let timeout = seconds("timeout", settings.timeout.unwrap_or(TIMEOUT))?;
    let max_retries = settings.max_retries.unwrap_or(MAX_RETRIES);
    let network = Network {
        connect_timeout: seconds("connect_timeout", settings.connect_timeout.unwrap_or(CONNECT_TIMEOUT))?,
        proxy: Settings::or_env(settings.proxy.as_ref(), "AIRUDDER_PROXY"),
        ca_certificate: Settings::or_env(settings.ca_certificate.as_ref(), "AIRUDDER_CA_CERTIFICATE"),
        is_loopback,
    };
    let own_secrets = [
        Some(&credentials.app_secret),
        Some(&credentials.app_key),
        keys.secret.as_ref(),
        keys.key.as_ref(),
    ];
    let engine = Arc::new(Engine {
        endpoint: Endpoint::new(base_url, user_agent(settings)?, encryption, routes(settings)?),
        secrets: own_secrets.into_iter().flatten().chain(&keys.fallbacks).cloned().collect(),
        max_response_bytes: max_response_bytes(settings)?,
        read_timeout: seconds("read_timeout", settings.read_timeout.unwrap_or(READ_TIMEOUT))?,
        transport: match transport {
            Some(transport) => transport,
            None => Arc::new(NetworkTransport::new(&network)?),
        },
    });
    let session = Session {
        tokens: Tokens::new(engine.clone(), credentials.clone(), timeout),
        signed: Signed { keys, timeout },
        engine,
        credentials,
        timeout,
        max_retries,
    };
    Ok((session, events))
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
    if url.scheme() == "http" && !is_loopback(&url) && !allows_http(settings) {
        return Err(Error::configuration(
            "`base_url` starts with http://, so keys, tokens and people's numbers would travel in clear; use https://, or set `allow_http` if \
             nobody else is on the way",
        ));
    }
    Ok(url)
}

fn allows_http(settings: &Settings) -> bool {
    let from_env = || Settings::or_env(None, "AIRUDDER_ALLOW_HTTP").is_some_and(|value| matches!(&*value, "1" | "true"));
    settings.allow_http.unwrap_or_else(from_env)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn credentials(settings: &Settings, is_loopback: bool) -> Result<Credentials, Error> {
    let key = Settings::secret_or_env(settings.app_key.as_ref(), "AIRUDDER_APP_KEY");
    let secret = Settings::secret_or_env(settings.app_secret.as_ref(), "AIRUDDER_APP_SECRET");
    if is_loopback && key.is_none() && secret.is_none() {
        return Ok(Credentials {
            app_key: EMULATOR.into(),
            app_secret: EMULATOR.into(),
        });
    }
    let given = |value: Option<String>, name: &str, variable: &str| match value {
        None => Err(Error::configuration(format!("`{name}` is missing; pass it or set {variable}"))),
        Some(value) if value.trim().is_empty() => Err(Error::configuration(format!("`{name}` is empty"))),
        Some(value) => Ok(SecretString::from(value)),
    };
    Ok(Credentials {
        app_key: given(key, "app_key", "AIRUDDER_APP_KEY")?,
        app_secret: given(secret, "app_secret", "AIRUDDER_APP_SECRET")?,
    })
}

/// A missing key is an error of the first signed call: most programs make none.
fn signing_keys(settings: &Settings, is_loopback: bool) -> Result<SigningKeys, Error> {
    let given = |setting: Option<&String>, name: &str, variable: &str, emulator: &str| match Settings::secret_or_env(setting, variable) {
        Some(value) if value.trim().is_empty() => Err(Error::configuration(format!("`{name}` is empty"))),
        None if is_loopback => Ok(Some(emulator.into())),
        value => Ok(value.map(SecretString::from)),
    };
    Ok(SigningKeys {
        key: given(settings.sign_key.as_ref(), "sign_key", "AIRUDDER_SIGN_KEY", EMULATOR_SIGN_KEY)?,
        secret: given(settings.sign_secret.as_ref(), "sign_secret", "AIRUDDER_SIGN_SECRET", EMULATOR)?,
        fallbacks: sign_secret_fallbacks(settings)?,
        signer: settings.signer.clone(),
    })
}

fn sign_secret_fallbacks(settings: &Settings) -> Result<Vec<SecretString>, Error> {
    let secrets = Settings::list_or_env(&settings.sign_secret_fallbacks, "AIRUDDER_SIGN_SECRET_FALLBACKS");
    if secrets.iter().any(String::is_empty) {
        return Err(Error::configuration("`sign_secret_fallbacks` has an empty secret"));
    }
    if !secrets.is_empty() && Settings::or_env(settings.sign_secret.as_ref(), "AIRUDDER_SIGN_SECRET").is_none() {
        return Err(Error::configuration("`sign_secret_fallbacks` is set and `sign_secret` is not"));
    }
    Ok(secrets.into_iter().map(SecretString::from).collect())
}

fn encryption(settings: &Settings) -> Result<Option<Encryption>, Error> {
    let scheme = Settings::or_env(settings.encryption_scheme.as_ref(), "AIRUDDER_ENCRYPTION_SCHEME");
    let iv = Settings::or_env(settings.encryption_iv.as_ref(), "AIRUDDER_ENCRYPTION_IV");
    let fallbacks = Settings::list_or_env(&settings.encryption_key_fallbacks, "AIRUDDER_ENCRYPTION_KEY_FALLBACKS");
    let Some(key) = Settings::secret_or_env(settings.encryption_key.as_ref(), "AIRUDDER_ENCRYPTION_KEY") else {
        return if scheme.is_some() || iv.is_some() || !fallbacks.is_empty() {
            Err(Error::configuration(
                "`encryption_scheme`, `encryption_iv` or `encryption_key_fallbacks` is set and `encryption_key` is not",
            ))
        } else {
            Ok(None)
        };
    };
    let of_key = |key: &str| {
        let key = key_bytes(key).ok_or_else(|| Error::configuration("`encryption_key` has other than hexadecimal digits after `hex:`"))?;
        match scheme.as_deref().unwrap_or("aes-ecb") {
            "aes-ecb" if iv.is_some() => Err(Error::configuration(
                "`encryption_iv` is set, but aes-ecb has no initialization vector",
            )),
            "aes-ecb" => Encryption::aes_ecb(&key),
            "aes-cbc" => Encryption::aes_cbc(&key, initialization_vector(iv.as_deref())?),
            _ => Err(Error::configuration("`encryption_scheme` must be aes-ecb or aes-cbc")),
        }
    };
    let encryption = of_key(&key)?;
    let fallbacks = fallbacks.iter().map(|key| of_key(key)).collect::<Result<Vec<_>, _>>().map_err(|_| {
        Error::configuration(
            "`encryption_key_fallbacks` has a key that cannot be used; aes-ecb takes keys of 16 bytes, aes-cbc of 16, 24 or 32, as text or as `hex:` \
             and hexadecimal digits",
        )
    })?;
    Ok(Some(encryption.with_fallbacks(fallbacks)))
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

fn events(settings: &Settings, encryption: Option<Encryption>, signing: Arc<SigningKeys>) -> Result<Events, Error> {
    let max_bytes = match settings.max_event_bytes.unwrap_or(MAX_EVENT_BYTES) {
        0 => return Err(Error::configuration("`max_event_bytes` is 0; no event would fit")),
        bytes => usize::try_from(bytes).unwrap_or(usize::MAX),
    };
    let max_age = settings.max_event_age.map(|age| seconds("max_event_age", age)).transpose()?;
    let verify = settings.verify_events.unwrap_or(true);
    // The secret for the emulator is nobody's.
    let is_signing = signing.signer.is_some() || Settings::or_env(settings.sign_secret.as_ref(), "AIRUDDER_SIGN_SECRET").is_some();
    if settings.require_signature == Some(true) && !verify {
        return Err(Error::configuration(
            "`require_signature` is true and `verify_events` is false; drop one of them",
        ));
    }
    if settings.require_encryption == Some(true) && encryption.is_none() {
        return Err(Error::configuration("`require_encryption` is true and `encryption_key` is not set"));
    }
    Ok(Events::new(Rules {
        signing,
        verify,
        requires_signature: settings.require_signature.unwrap_or(verify && is_signing),
        requires_encryption: settings.require_encryption.unwrap_or(encryption.is_some()),
        encryption,
        max_bytes,
        max_age,
    }))
}

fn user_agent(settings: &Settings) -> Result<HeaderValue, Error> {
    let own = concat!("Airudder-SDK/", env!("CARGO_PKG_VERSION"));
    let text = settings.user_agent.as_ref().map(|text| format!("{own} {text}"));
    let wrong = || Error::configuration("`user_agent` may hold printable ASCII characters only");
    match text {
        None => Ok(HeaderValue::from_static(own)),
        Some(text) if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) => HeaderValue::try_from(text).map_err(|_| wrong()),
        Some(_) => Err(wrong()),
    }
}
