use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

/// The app key and secret that AI Rudder gave.
pub(crate) struct Credentials {
    pub(crate) app_key: SecretString,
    pub(crate) app_secret: SecretString,
}

impl Credentials {
    /// The body of the call for a token.
    pub(crate) fn body(&self) -> Value {
        json!({"APPKey": self.app_key.expose_secret(), "APPSecret": self.app_secret.expose_secret()})
    }
}
