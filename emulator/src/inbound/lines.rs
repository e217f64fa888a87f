//! The numbers that people call, and what the services of others are sent in the course of a call.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The numbers of the account, and whose calls come over each. The README lists them.
pub const NUMBERS: [(&str, Line); 3] = [
    ("+62215000001", Line::Hotline),
    ("+62215000002", Line::EnablementData),
    ("+62215000003", Line::Doucet),
];
/// Where Doucet takes calls over.
const DOUCET: &str = "+62215000093";
/// What the robot learns that Boberdoo has a field of its own for.
const OF_BOBERDOO: [&str; 6] = ["first_name", "last_name", "email", "state", "zip", "lead_type"];

/// What a number is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Nobody else is told of its calls.
    Hotline,
    /// Callers are pushed to Boberdoo.
    EnablementData,
    /// Doucet is asked before a transfer.
    Doucet,
}

impl Line {
    /// The line of a number.
    pub fn of(number: &str) -> Option<Self> {
        NUMBERS.iter().find(|(known, _)| *known == number).map(|(_, line)| *line)
    }
}

/// The event `api_store.boberdoo_push`.
pub fn boberdoo_push(call_id: &str, caller: &str, began: &str, learned: &BTreeMap<String, String>) -> Value {
    let (known, others): (Map<_, _>, Map<_, _>) = learned
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .partition(|(name, _)| OF_BOBERDOO.contains(&name.as_str()));
    let mut body = known;
    body.extend([
        ("inbound_call_id".to_owned(), json!(call_id)),
        ("phone".to_owned(), json!(caller)),
        ("call_time".to_owned(), json!(began)),
        ("variables".to_owned(), Value::Object(others)),
    ]);
    Value::Object(body)
}

/// The event `api_store.doucet_ping`.
pub fn doucet_ping(call_id: &str, caller: &str, learned: &BTreeMap<String, String>) -> Value {
    let mut body = Map::new();
    for (name, value) in [
        ("inbound_call_id", Some(json!(call_id))),
        ("phone", Some(json!(caller))),
        ("state", learned.get("state").map(|state| json!(state))),
        ("zip", learned.get("zip").map(|zip| json!(zip))),
        // A number there, so what is none is left out.
        (
            "age",
            learned.get("age").and_then(|age| age.parse::<u8>().ok()).map(|age| json!(age)),
        ),
        ("transfer_to", Some(json!(DOUCET))),
    ] {
        body.extend(value.map(|value| (name.to_owned(), value)));
    }
    Value::Object(body)
}
