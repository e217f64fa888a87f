//! Whether an event is recent.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::fields::Fields;
use super::rules::Rules;
use crate::error::Error;
use crate::generated::events::EventKind;

impl Rules {
    /// Refuses an event whose timestamp is older than `max_event_age`.
    pub(super) fn check_age(&self, kind: Option<EventKind>, fields: &Fields<'_>) -> Result<(), Error> {
        let (Some(limit), Some(field)) = (self.max_age, kind.and_then(|kind| kind.traits().timestamp)) else {
            return Ok(());
        };
        let Some(made) = fields.get(field).as_ref().and_then(seconds) else {
            return Ok(());
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        if now.saturating_sub(made) <= limit.as_secs() {
            return Ok(());
        }
        Err(Error::event(
            "too_old",
            "it was made longer ago than `max_event_age`, so somebody may be replaying it; raise the setting if AI Rudder's own events come this late",
        ))
    }
}

/// As many seconds have passed in the year 5138, and as many milliseconds had in 1973.
const FIRST_MILLISECONDS: u64 = 100_000_000_000;

/// Unix seconds, also as text, and of milliseconds.
fn seconds(value: &Value) -> Option<u64> {
    let time = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())?;
    let time = u64::try_from(time).unwrap_or_default();
    Some(if time < FIRST_MILLISECONDS { time } else { time / 1000 })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn milliseconds_are_told_from_seconds() {
        for (value, expected) in [
            (json!(1_795_424_400), Some(1_795_424_400)),
            (json!("1795424400123"), Some(1_795_424_400)),
            (json!(1_795_424_400_999_i64), Some(1_795_424_400)),
            (json!(-5), Some(0)),
            (json!("soon"), None),
            (json!({}), None),
        ] {
            assert_eq!(seconds(&value), expected, "{value}");
        }
    }
}
