//! The emulated company: its channels and WhatsApp business accounts.

use serde_json::{Value, json};

use crate::envelope::Refusal;

/// The company's id, as events name it.
pub const COMPANY_ID: &str = "9001";
/// The robot that chats.
pub const ROBOT_ID: &str = "1001";

/// What kind of channel it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// WhatsApp.
    WhatsApp,
    /// The HuaWei channel.
    Huawei,
    /// A chat on the customer's own pages.
    Web,
}

impl Kind {
    /// How the API spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::WhatsApp => "WhatsApp",
            Self::Huawei => "HuaWei",
            Self::Web => "Web",
        }
    }
}

/// A channel.
#[derive(Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its id.
    pub id: &'static str,
    /// Its kind.
    pub kind: Kind,
    name: &'static str,
    enabled: bool,
}

static CHANNELS: [Channel; 4] = [
    Channel {
        id: "5001",
        kind: Kind::WhatsApp,
        name: "Example Shop on WhatsApp",
        enabled: true,
    },
    Channel {
        id: "5002",
        kind: Kind::Huawei,
        name: "Example Shop on HuaWei",
        enabled: true,
    },
    Channel {
        id: "5003",
        kind: Kind::Web,
        name: "Example Shop's own pages",
        enabled: true,
    },
    Channel {
        id: "5004",
        kind: Kind::Web,
        name: "Example Shop's old pages",
        enabled: false,
    },
];

/// The channel that templates are sent over.
pub static WHATSAPP: &Channel = &CHANNELS[0];
/// The id of the account that templates are sent from.
pub const WABA_ID: &str = "104512345678901";

/// The answer of `chatbot.company`.
#[must_use]
pub fn info() -> Value {
    json!({"company_id": COMPANY_ID, "name": "Example Shop", "language": "en"})
}

/// The answer of `chatbot.channels`.
#[must_use]
pub fn channels() -> Value {
    let channels: Vec<_> = CHANNELS
        .iter()
        .map(|channel| {
            json!({
                "channel_id": channel.id,
                "channel": channel.kind.name(),
                "name": channel.name,
                "status": if channel.enabled { "enabled" } else { "disabled" },
            })
        })
        .collect();
    json!({"channels": channels})
}

/// The answer of `chatbot.waba_accounts`.
#[must_use]
pub fn waba_accounts() -> Value {
    let account = |waba_id: &str, name: &str, phone_number: &str, status: &str| json!({"waba_id": waba_id, "name": name, "phone_number": phone_number, "channel_id": WHATSAPP.id, "status": status});
    json!({"accounts": [
        account(WABA_ID, "Example Shop", "+6281230009000", "enabled"),
        account("104512345678902", "Example Shop, old number", "+6281230009001", "disabled"),
    ]})
}

/// The channel with this id, if messages can go over it; the request names it `channel_id`.
pub fn channel(id: &str) -> Result<&'static Channel, Refusal> {
    let channel = CHANNELS.iter().find(|channel| channel.id == id);
    let channel = channel
        .ok_or_else(|| Refusal::bad_request("channel_id: the company has no such channel; chatbot.channels lists those that it has"))?;
    if !channel.enabled {
        return Err(Refusal::bad_request("channel_id: this channel is disabled"));
    }
    Ok(channel)
}
