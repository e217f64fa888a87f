//! `trigger`: posts one event to a receiver, without a running emulator.

use std::error::Error;
use std::io::Write as _;
use std::time::Duration;

use airudder_emulator::Encryption;
use airudder_emulator::contract::Contract;
use airudder_emulator::events::parcel::{Parcel, address, is_signed};
use airudder_emulator::events::sender::Sender;
use airudder_emulator::settings::receiver;
use clap::Args;
use serde_json::{Map, Value};
use tokio::runtime::Builder;
use url::Url;

use crate::keys::Keys;

const EXAMPLES: &str = "\
Examples:
  airudder-emulator trigger --list
  airudder-emulator trigger call.finished --to http://127.0.0.1:9000/events
  airudder-emulator trigger call.finished --to 'http://127.0.0.1:9000/events/{kind}' --encrypted
      encrypted with the key of AI Rudder's documentation, airudderredduria
  airudder-emulator trigger task.finished --to http://127.0.0.1:9000/events --repeat 3
      what a receiver gets whose confirmations are lost
  airudder-emulator trigger call.finished --to http://127.0.0.1:9000/events \\
      --data '{\"status\": \"busy\", \"recording\": null}'

Chatbot events and workflow.chatbot_session_ended are always signed, with
--sign-secret (`emulator` when absent). Prints the HTTP status of each answer;
ends with 0 when all of them are 2xx, with 1 otherwise.";

#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES, after_help = "`--help` shows examples.")]
pub struct Trigger {
    /// Kind of the event, as `call.finished`
    #[arg(required_unless_present = "list")]
    kind: Option<String>,

    /// URL that the event is posted to; `{kind}` in its path stands for the kind
    #[arg(long, value_name = "URL", value_parser = receiver, required_unless_present = "list")]
    to: Option<Url>,

    /// Show all kinds and post nothing
    #[arg(long, conflicts_with_all = ["kind", "to"])]
    list: bool,

    /// Encrypt the event; without --encryption-key with the key of AI Rudder's documentation
    #[arg(long)]
    encrypted: bool,

    /// Sign the event even if its kind is not signed by itself
    #[arg(long)]
    signed: bool,

    /// How many times to post it in a row, the same bytes each time
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,

    /// Fields as a JSON object: each takes the place of one that is made up, `null` leaves one out
    #[arg(long, value_name = "JSON", value_parser = fields)]
    data: Option<Map<String, Value>>,

    /// How long the receiver may take for each answer
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    timeout: u64,

    #[command(flatten)]
    keys: Keys,
}

impl Trigger {
    /// Posts the event and tells whether the receiver confirmed it each time.
    pub fn run(self) -> Result<bool, Box<dyn Error>> {
        let contract = Contract::load()?;
        let mut stdout = std::io::stdout().lock();
        let (Some(kind), Some(to)) = (&self.kind, &self.to) else {
            for kind in contract.events() {
                writeln!(stdout, "{kind}")?;
            }
            return Ok(true);
        };
        let event = contract
            .sample_event_with(kind, self.data.unwrap_or_default())
            .ok_or_else(|| format!("there is no event {kind:?}; `airudder-emulator trigger --list` shows all kinds"))?;
        let mut encryption = self.keys.encryption()?;
        if self.encrypted && encryption.is_none() {
            encryption = Some(Encryption::documented()?);
        }
        let sign = (self.signed || is_signed(kind)).then(|| self.keys.sign());
        let parcel = Parcel::new(&event, encryption.as_ref(), sign.as_ref());
        let url = address(to, kind);
        let sender = Sender::new(Duration::from_secs(self.timeout)).map_err(|error| error.to_string())?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let mut confirmed = true;
        for _ in 0..self.repeat {
            let result = runtime.block_on(sender.post(url.clone(), &parcel));
            match result {
                Ok(status) => writeln!(stdout, "{status}")?,
                Err(error) => writeln!(stdout, "{error}")?,
            }
            confirmed &= matches!(result, Ok(200..300));
        }
        Ok(confirmed)
    }
}

fn fields(text: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_str(text).map_err(|error| format!("must be a JSON object: {error}"))
}
