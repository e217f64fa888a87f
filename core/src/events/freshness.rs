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

/// Unix seconds, also as text.
fn seconds(value: &Value) -> Option<u64> {
    let seconds = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())?;
    Some(u64::try_from(seconds).unwrap_or_default())
}
