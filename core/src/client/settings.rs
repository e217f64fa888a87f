//! The settings of a client: arguments first, then the environment, then the defaults.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::crypto::Signer;

/// The settings of a [`Client`](crate::Client). A setting that is `None` comes from its environment variable, if there is one,
/// and else has the default. Empty environment variables count as unset.
///
/// ```
/// let client = airudder::Client::new(airudder::Settings {
///     app_key: Some("my key".into()),
///     app_secret: Some("my secret".into()),
///     timeout: Some(20.0),
///     ..airudder::Settings::default()
/// })?;
/// # Ok::<(), airudder::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Settings {
    /// The app key that AI Rudder gave you. Spaces and newlines at the end of keys and secrets are ignored, as files and copied text have them.
    /// `AIRUDDER_APP_KEY`.
    pub app_key: Option<String>,
    /// The app secret that AI Rudder gave you. `AIRUDDER_APP_SECRET`.
    pub app_secret: Option<String>,
    /// Where the API is; `https://api.airudder.com` by default. `AIRUDDER_BASE_URL`. On a loopback address, where the emulator lives, key and
    /// secret may both be left out.
    pub base_url: Option<String>,
    /// Whether `base_url` may begin with `http://` although it is not on this machine; `false` by default, because keys, tokens and people's numbers
    /// would travel in clear. `AIRUDDER_ALLOW_HTTP`, which is `1` or `true`.
    pub allow_http: Option<bool>,
    /// The key to encrypt payloads with: text, or `hex:` and hexadecimal digits. Without it nothing is encrypted. Signed calls never are: AI Rudder
    /// documents the encryption for the others only. `AIRUDDER_ENCRYPTION_KEY`.
    pub encryption_key: Option<String>,
    /// Keys that messages of AI Rudder may still, or already, be encrypted with, the newest first; tried in this order after `encryption_key`. Replace a
    /// key without losing an event: give the new key here, tell AI Rudder, make it `encryption_key` with the old one here, and drop the old one
    /// when no redelivery can use it any more. `AIRUDDER_ENCRYPTION_KEY_FALLBACKS`, separated by commas.
    pub encryption_key_fallbacks: Vec<String>,
    /// `aes-ecb` (16-byte key, the default) or `aes-cbc` (16, 24 or 32 bytes). `AIRUDDER_ENCRYPTION_SCHEME`.
    pub encryption_scheme: Option<String>,
    /// The fixed initialization vector of `aes-cbc`, 16 bytes like the key; without it each message starts with its own.
    /// `AIRUDDER_ENCRYPTION_IV`.
    pub encryption_iv: Option<String>,
    /// The key that signed calls name, 32 hexadecimal digits: all calls of the Chatbot API are signed. Only they need it. `AIRUDDER_SIGN_KEY`. On a
    /// loopback address it may be left out.
    pub sign_key: Option<String>,
    /// The secret that signed calls are signed with: HMAC-SHA256 over the body, in hexadecimal digits. AI Rudder's own algorithm is not known,
    /// this one is assumed; `signer` replaces it. `AIRUDDER_SIGN_SECRET`. On a loopback address it may be left out.
    pub sign_secret: Option<String>,
    /// Secrets that events may still, or already, be signed with, the newest first; tried in this order after `sign_secret`. Calls are signed with
    /// `sign_secret` only. `AIRUDDER_SIGN_SECRET_FALLBACKS`, separated by commas.
    pub sign_secret_fallbacks: Vec<String>,
    /// Signs the calls in place of `sign_secret`: a closure from [`Unsigned`](crate::Unsigned) to the signature, or any [`Signer`].
    pub signer: Option<Arc<dyn Signer>>,
    /// How long a whole call may take, with all its retries, in seconds; 150 by default. A download counts to the head of its answer, and the upload
    /// of a file on the disk has no such limit, unless the call itself is given a timeout.
    pub timeout: Option<f64>,
    /// How long connecting may take, in seconds; 10 by default.
    pub connect_timeout: Option<f64>,
    /// How long the server may be silent, in seconds; 120 by default.
    pub read_timeout: Option<f64>,
    /// How often a call that may be repeated is repeated; 3 by default.
    pub max_retries: Option<u32>,
    /// A proxy for all connections, `http://`, `https://` or `socks5://`. `AIRUDDER_PROXY`, then the system's own setting.
    pub proxy: Option<String>,
    /// A certificate authority to trust beside the public ones: PEM text, or the path of a PEM file. `AIRUDDER_CA_CERTIFICATE`.
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR` are trusted, too.
    pub ca_certificate: Option<String>,
    /// Paths to use in place of the contract's, by operation id: `{"tasks.call_by_id": "/service/cloud/callinfo"}`.
    pub routes: BTreeMap<String, String>,
    /// The largest answer to take, in bytes; 64 MiB by default. Downloads to files have no limit.
    pub max_response_bytes: Option<u64>,
    /// The largest event to take, in bytes as it comes over the wire; 1 MiB by default.
    pub max_event_bytes: Option<u64>,
    /// How old an event may be that says when it was made, in seconds; without it, of any age. An event that AI Rudder sends again is the same one
    /// with the same time, up to 5 minutes later. Only some kinds say a time: most of the Chatbot API.
    pub max_event_age: Option<f64>,
    /// Whether the signature of events is checked; `true` by default. How AI Rudder computes it is assumed: over the body as it is sent, as for requests.
    /// With `false`, every event is taken as authentic: keep the URL secret then.
    pub verify_events: Option<bool>,
    /// Whether an event without a signature is refused; by default, if `sign_secret` or `signer` is set and `verify_events` is not `false`. AI Rudder
    /// documents the signature for a few kinds only: set it to `false` if yours come without one, and keep the URL secret then.
    pub require_signature: Option<bool>,
    /// Whether an event that is not encrypted is refused; by default, if `encryption_key` is set. That AI Rudder encrypts events is assumed: set it to
    /// `false` if yours come in clear, and keep the URL secret then.
    pub require_encryption: Option<bool>,
    /// What to add to the `User-Agent`.
    pub user_agent: Option<String>,
}

impl Settings {
    /// A setting, or what the environment says of it.
    pub(crate) fn or_env(argument: Option<&String>, variable: &str) -> Option<String> {
        argument
            .cloned()
            .or_else(|| std::env::var(variable).ok().filter(|value| !value.is_empty()))
    }
}

impl Settings {
    /// A key or secret, without the newline of the file that it was read from.
    pub(crate) fn secret_or_env(argument: Option<&String>, variable: &str) -> Option<String> {
        Self::or_env(argument, variable).map(|secret| secret.trim_end().to_owned())
    }

    /// The same for several.
    pub(crate) fn list_or_env(argument: &[String], variable: &str) -> Vec<String> {
        let trimmed = |secret: &str| secret.trim_end().to_owned();
        if !argument.is_empty() {
            return argument.iter().map(|secret| trimmed(secret)).collect();
        }
        let from_env = Self::or_env(None, variable).unwrap_or_default();
        from_env.split(',').map(trimmed).filter(|secret| !secret.is_empty()).collect()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden = |setting: &Option<String>| setting.as_ref().map(|_| "[redacted]");
        f.debug_struct("Settings")
            .field("app_key", &hidden(&self.app_key))
            .field("app_secret", &hidden(&self.app_secret))
            .field(
                "base_url",
                &self.base_url.as_ref().map(|url| url.rsplit('@').next().unwrap_or_default()),
            )
            .field("allow_http", &self.allow_http)
            .field("encryption_key", &hidden(&self.encryption_key))
            .field("encryption_key_fallbacks", &self.encryption_key_fallbacks.len())
            .field("encryption_scheme", &self.encryption_scheme)
            .field("encryption_iv", &hidden(&self.encryption_iv))
            .field("sign_key", &hidden(&self.sign_key))
            .field("sign_secret", &hidden(&self.sign_secret))
            .field("sign_secret_fallbacks", &self.sign_secret_fallbacks.len())
            .field("signer", &self.signer.as_ref().map(|_| "[signer]"))
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("read_timeout", &self.read_timeout)
            .field("max_retries", &self.max_retries)
            .field("proxy", &hidden(&self.proxy))
            .field("ca_certificate", &hidden(&self.ca_certificate))
            .field("routes", &self.routes)
            .field("max_response_bytes", &self.max_response_bytes)
            .field("max_event_bytes", &self.max_event_bytes)
            .field("max_event_age", &self.max_event_age)
            .field("verify_events", &self.verify_events)
            .field("require_signature", &self.require_signature)
            .field("require_encryption", &self.require_encryption)
            .field("user_agent", &self.user_agent)
            .finish()
    }
}
