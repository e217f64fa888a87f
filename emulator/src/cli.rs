//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use airudder_emulator::settings::receiver;
use airudder_emulator::{Credentials, RecordingsAs, Settings};
use clap::{Args, Parser, Subcommand};
use jiff::ZonedDateTime;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use secrecy::SecretString;
use url::Url;

use crate::keys::Keys;
use crate::trigger::Trigger;

const EXAMPLES: &str = "\
Examples:
  airudder-emulator
      on port 8181; open http://127.0.0.1:8181/ to watch it
  airudder-emulator --port 0 --until-stdin-closes
      for a test suite: a free port, told by the first line of stdout,
      `listening on http://127.0.0.1:40123`; ends with the suite
  airudder-emulator --speed 60 --events-to http://127.0.0.1:9000/events
      a minute passes in a second, and events are posted
  airudder-emulator --clock-start '2026-03-02 09:00:00' --speed 0
      a day that never changes: the clock moves by
      `POST /_emulator/clock/advance` only
  airudder-emulator trigger call.finished --to http://127.0.0.1:9000/events
      posts one event and ends; `trigger --help` tells more

Numbers that end in these digits go the same way under every seed:
  0001 answers   0002 does not answer   0003 is busy   0004 fails
  0005 answers when it is called again

Anybody can sign in with any app key and secret, unless --app-key and
--app-secret are given. The control endpoints under /_emulator, for tests, are
described in the README.";

/// AI Rudder on your own machine, for tests that phone nobody.
///
/// Serves the API on 127.0.0.1: tokens that expire, tasks that progress, calls that ring and end, events, recordings that can be heard,
/// payload encryption. Every request is checked against the API's contract.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    after_long_help = EXAMPLES,
    after_help = "`--help` shows examples."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub serve: Serve,
    /// What is logged to stderr, as `debug` or `airudder_emulator=debug`
    #[arg(long, global = true, value_name = "FILTER", default_value = "warn", env = "AIRUDDER_EMULATOR_LOG")]
    pub log: String,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API until Ctrl-C; what the program does without a command
    Serve(Serve),
    /// Post one event to a URL, without a running emulator
    Trigger(Trigger),
    /// Answer a few operations from memory as fast as can be, to measure clients
    Fast(Fast),
}

#[derive(Debug, Args)]
pub struct Fast {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 8181)]
    pub port: u16,

    /// Serve over TLS, too, on free ports, and write the certificate to trust into this file
    #[arg(long, value_name = "FILE")]
    pub certificate_to: Option<PathBuf>,

    /// End when stdin closes
    #[arg(long)]
    pub until_stdin_closes: bool,
}

#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Serve {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 8181, env = "AIRUDDER_EMULATOR_PORT")]
    port: u16,

    /// Decides the ids and how calls go: the same seed and requests give the same calls
    #[arg(long, value_name = "N", default_value_t = 1, env = "AIRUDDER_EMULATOR_SEED")]
    seed: u64,

    /// Emulated seconds that pass in a real one; with 0 the clock moves only when it is told to
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = speed, env = "AIRUDDER_EMULATOR_SPEED")]
    speed: f64,

    /// What the account's clock shows at first, as `YYYY-MM-DD HH:MM:SS`; now when absent
    #[arg(long, value_name = "TIME", value_parser = time, env = "AIRUDDER_EMULATOR_CLOCK_START")]
    clock_start: Option<DateTime>,

    /// The account's time zone, as `Asia/Jakarta`; when absent, UTC with --clock-start and this machine's otherwise
    #[arg(long, value_name = "ZONE", env = "AIRUDDER_EMULATOR_TIME_ZONE")]
    time_zone: Option<String>,

    /// How long a token lives on the emulated clock, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 24 * 3600, env = "AIRUDDER_EMULATOR_TOKEN_LIFETIME")]
    token_lifetime: u64,
    /// Whether a new token ends the one before it: an account has one valid token at a time
    #[arg(long)]
    one_token: bool,

    /// The only app key to accept; any when absent
    #[arg(
        long,
        value_name = "KEY",
        requires = "app_secret",
        env = "AIRUDDER_EMULATOR_APP_KEY",
        hide_env_values = true
    )]
    app_key: Option<SecretString>,

    /// The app secret that goes with the app key
    #[arg(
        long,
        value_name = "SECRET",
        requires = "app_key",
        env = "AIRUDDER_EMULATOR_APP_SECRET",
        hide_env_values = true
    )]
    app_secret: Option<SecretString>,

    #[command(flatten)]
    keys: Keys,

    /// URL that events are posted to, `{kind}` in its path stands for the kind; `PUT /_emulator/events` changes it
    #[arg(long, value_name = "URL", value_parser = receiver, env = "AIRUDDER_EMULATOR_EVENTS_TO")]
    events_to: Option<Url>,

    /// How long the receiver of an event may take, in real seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10, env = "AIRUDDER_EMULATOR_EVENTS_TIMEOUT")]
    events_timeout: u64,

    /// How recordings are answered: the sound itself, or links to it
    #[arg(long, value_name = "HOW", value_enum, default_value_t = RecordingsAs::Bytes, env = "AIRUDDER_EMULATOR_RECORDINGS")]
    recordings: RecordingsAs,

    /// End when stdin closes, so that the program never outlives the test suite that started it
    #[arg(long)]
    pub until_stdin_closes: bool,
}

impl Serve {
    /// The settings that these options stand for.
    pub fn into_settings(self) -> Result<Settings, Box<dyn std::error::Error>> {
        let (clock_start, offset) = clock(self.clock_start, self.time_zone.as_deref())?;
        let encryption = self.keys.encryption()?;
        Ok(Settings {
            port: self.port,
            seed: self.seed,
            speed: self.speed,
            clock_start,
            offset,
            token_lifetime: Duration::from_secs(self.token_lifetime),
            one_token: self.one_token,
            credentials: self
                .app_key
                .zip(self.app_secret)
                .map(|(app_key, app_secret)| Credentials { app_key, app_secret }),
            sign: self.keys.sign(),
            encryption,
            events_to: self.events_to,
            events_timeout: Duration::from_secs(self.events_timeout),
            recordings: self.recordings,
        })
    }
}

/// What the account's clock shows at first, and how far it is ahead of UTC then.
fn clock(start: Option<DateTime>, zone: Option<&str>) -> Result<(DateTime, Offset), jiff::Error> {
    let first = match (start, zone) {
        (None, None) => ZonedDateTime::now(),
        (None, Some(zone)) => ZonedDateTime::now().in_tz(zone)?,
        (Some(time), zone) => time.in_tz(zone.unwrap_or("UTC"))?,
    };
    Ok((first.datetime(), first.offset()))
}

fn speed(text: &str) -> Result<f64, &'static str> {
    text.parse()
        .ok()
        .filter(|speed: &f64| speed.is_finite() && *speed >= 0.0)
        .ok_or("must be a number from 0 on")
}

fn time(text: &str) -> Result<DateTime, &'static str> {
    DateTime::strptime("%Y-%m-%d %H:%M:%S", text).map_err(|_| "must be a time as `YYYY-MM-DD HH:MM:SS`")
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn serve(arguments: &[&str]) -> Result<Serve, clap::Error> {
        let cli = Cli::try_parse_from([&["airudder-emulator"], arguments].concat())?;
        Ok(match cli.command {
            Some(Command::Serve(serve)) => serve,
            _ => cli.serve,
        })
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn serve_is_what_it_does_without_a_command() {
        for arguments in [["--port", "7"].as_slice(), &["serve", "--port", "7"]] {
            let settings = serve(arguments).expect("options").into_settings();
            assert_eq!(settings.expect("settings").port, 7);
        }
    }

    #[test]
    fn wrong_options_are_refused() {
        for arguments in [
            ["--speed", "-1"],
            ["--speed", "nan"],
            ["--clock-start", "noon"],
            ["--events-to", "ftp://127.0.0.1/"],
            ["--events-to", "somewhere"],
            ["--app-key", "k"],
            ["--encryption-iv", "0123456789abcdef"],
            ["--recordings", "tape"],
        ] {
            assert!(serve(&arguments).is_err(), "{arguments:?}");
        }
        let short = serve(&["--encryption-key", "short"]).expect("options");
        let error = short.into_settings().expect_err("refused").to_string();
        assert!(error.contains("5 bytes") && !error.contains("short"), "{error}");
    }

    #[test]
    fn a_time_zone_moves_the_clock() {
        let start = |zone| {
            let settings = serve(&["--time-zone", zone]).expect("options").into_settings();
            settings.map(|settings| settings.clock_start).map_err(|error| error.to_string())
        };
        let both = serve(&["--time-zone", "Asia/Tokyo", "--clock-start", "2026-03-02 09:00:00"]).expect("options");
        let both = both.into_settings().expect("settings");
        assert_eq!((both.clock_start.hour(), both.offset), (9, Offset::constant(9)));
        let (tokyo, utc) = (start("Asia/Tokyo").expect("a zone"), start("UTC").expect("a zone"));
        let hours = tokyo.duration_since(utc).as_secs_f64() / 3600.0;
        assert!((hours - 9.0).abs() < 0.5, "{hours}");
        let error = start("Asia/Nowhere").expect_err("refused");
        assert!(error.contains("Asia/Nowhere"), "{error}");
    }

    #[test]
    fn secrets_are_not_shown() {
        let serve = serve(&[
            "--app-key",
            "my-key",
            "--app-secret",
            "my-secret",
            "--sign-secret",
            "my-sign",
            "--encryption-key",
            "airudderredduria",
        ]);
        let shown = format!("{:?}", serve.expect("options"));
        for secret in ["my-key", "my-secret", "my-sign", "airudderredduria"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
