//! How an emulator is set up.

use std::time::Duration;

use jiff::ZonedDateTime;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use secrecy::SecretString;
use url::Url;

use crate::crypto::Encryption;

/// How recordings are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum RecordingsAs {
    /// The sound itself, or an archive of it.
    #[default]
    Bytes,
    /// Links that work for 24 emulated hours and need no token.
    Links,
}

/// Reads the URL of a receiver of events.
pub fn receiver(text: &str) -> Result<Url, &'static str> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or("must be a URL that starts with http:// or https://")
}

/// The key and secret of the Chatbot API.
#[derive(Debug, Clone)]
pub struct Sign {
    /// What `X-AIRudder-Sign-Key` holds.
    pub key: String,
    /// What the sign is made with.
    pub secret: SecretString,
}

impl Default for Sign {
    fn default() -> Self {
        Self {
            key: "0".repeat(32),
            secret: "emulator".into(),
        }
    }
}

/// The only key and secret that the emulator accepts, if they are set.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The app key.
    pub app_key: SecretString,
    /// The app secret.
    pub app_secret: SecretString,
}

/// How an emulator is set up. [`Settings::default`] is what the program does without any option, but on a free port.
#[derive(Debug)]
pub struct Settings {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Decides the ids and how calls go.
    pub seed: u64,
    /// How many emulated seconds pass in a real one; with 0 the clock only moves when it is told to.
    pub speed: f64,
    /// What the account's clock shows at first.
    pub clock_start: DateTime,
    /// How far the account's clock is ahead of UTC.
    pub offset: Offset,
    /// How long a token lives, on the emulated clock.
    pub token_lifetime: Duration,
    /// Whether a new token ends the one before it. Whether AI Rudder's does is not known.
    pub one_token: bool,
    /// The one key and secret to accept; any that are not empty when absent.
    pub credentials: Option<Credentials>,
    /// What the Chatbot API's requests are signed with.
    pub sign: Sign,
    /// How payloads are encrypted; encrypted requests are refused when absent.
    pub encryption: Option<Encryption>,
    /// Where events are posted to, until it is changed.
    pub events_to: Option<Url>,
    /// How long the receiver of an event may take to answer, in real time.
    pub events_timeout: Duration,
    /// How recordings are answered.
    pub recordings: RecordingsAs,
}

impl Default for Settings {
    fn default() -> Self {
        let now = ZonedDateTime::now();
        Self {
            port: 0,
            seed: 1,
            speed: 1.0,
            clock_start: now.datetime(),
            offset: now.offset(),
            token_lifetime: Duration::from_hours(24),
            one_token: false,
            credentials: None,
            sign: Sign::default(),
            encryption: None,
            events_to: None,
            events_timeout: Duration::from_secs(10),
            recordings: RecordingsAs::default(),
        }
    }
}
