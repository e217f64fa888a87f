//! The options for keys, which every command has.

use airudder_emulator::crypto::KeyError;
use airudder_emulator::settings::Sign;
use airudder_emulator::{Encryption, Scheme};
use clap::Args;
use secrecy::{ExposeSecret as _, SecretString};

#[derive(Debug, Args)]
pub struct Keys {
    /// What X-AIRudder-Sign-Key holds in requests and events of the Chatbot API
    #[arg(long, value_name = "KEY", default_value_t = Sign::default().key, env = "AIRUDDER_EMULATOR_SIGN_KEY")]
    sign_key: String,

    /// What the requests and events of the Chatbot API are signed with; `emulator` when absent
    #[arg(long, value_name = "SECRET", env = "AIRUDDER_EMULATOR_SIGN_SECRET", hide_env_values = true)]
    sign_secret: Option<SecretString>,

    /// Key for payload encryption: text, or `hex:` and hexadecimal digits. Events are then posted encrypted, encrypted requests are read
    /// and answered encrypted, and plain requests are still answered plain
    #[arg(long, value_name = "KEY", env = "AIRUDDER_EMULATOR_ENCRYPTION_KEY", hide_env_values = true)]
    encryption_key: Option<SecretString>,

    /// How payloads are encrypted
    #[arg(long, value_name = "SCHEME", value_enum, default_value_t = Scheme::AesEcb, requires = "encryption_key", env = "AIRUDDER_EMULATOR_ENCRYPTION_SCHEME")]
    encryption_scheme: Scheme,

    /// IV for aes-cbc, 16 bytes written like the key; the first 16 bytes of each message when absent
    #[arg(
        long,
        value_name = "IV",
        requires = "encryption_key",
        env = "AIRUDDER_EMULATOR_ENCRYPTION_IV",
        hide_env_values = true
    )]
    encryption_iv: Option<SecretString>,
}

impl Keys {
    /// How payloads are encrypted, if a key is given.
    pub fn encryption(&self) -> Result<Option<Encryption>, KeyError> {
        let iv = self.encryption_iv.as_ref().map(SecretString::expose_secret);
        self.encryption_key
            .as_ref()
            .map(|key| Encryption::new(self.encryption_scheme, key.expose_secret(), iv))
            .transpose()
    }

    /// What is signed with.
    pub fn sign(self) -> Sign {
        Sign {
            key: self.sign_key,
            secret: self.sign_secret.unwrap_or_else(|| Sign::default().secret),
        }
    }
}
