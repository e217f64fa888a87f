//! What makes two deliveries the same event.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::detect::name;
use super::fields::Fields;
use crate::crypto::hexadecimal;
use crate::generated::events::EventKind;
use crate::json::ReadError;

/// The key of an event: a digest of its kind and of the fields that identify it. If one of those is missing, all fields count: taking a redelivery
/// for a second event makes a handler run twice, but taking a second event for a redelivery would lose it.
pub(super) fn key(kind: Option<EventKind>, fields: &Fields<'_>) -> Result<String, ReadError> {
    let mut digest = Sha256::new();
    digest.update(name(kind));
    let names = kind.map_or(&[][..], |kind| kind.traits().identity);
    let values: Option<Vec<_>> = names.iter().map(|name| fields.get(name).and_then(canonical)).collect();
    match values {
        Some(values) if !values.is_empty() => {
            for value in values {
                // With its length, so that what stands in one field is never taken for a part of the next.
                digest.update(format!("\n{}:", value.len()));
                digest.update(value);
            }
        }
        _ => {
            let mut whole = fields.whole()?;
            whole.sort_all_objects();
            digest.update("\n{");
            digest.update(whole.to_string());
        }
    }
    Ok(hexadecimal(&digest.finalize()))
}

/// The same text for the same value, whether it came as text or as a number; none for what says nothing.
fn canonical(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text).filter(|text| !text.is_empty()),
        mut other => {
            other.sort_all_objects();
            Some(other.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn key_of(kind: EventKind, body: &Value) -> String {
        let body = body.to_string();
        let fields = Fields::find(&body).expect("an object");
        key(Some(kind), &fields).expect("a key")
    }

    #[test]
    fn only_what_identifies_counts() {
        let first = key_of(EventKind::CallFinished, &json!({"callid": "c-1", "status": "answered"}));
        assert_eq!(first, key_of(EventKind::CallFinished, &json!({"talkround": 2, "callid": "c-1"})));
        assert_ne!(first, key_of(EventKind::CallFinished, &json!({"callid": "c-2"})));
        assert_ne!(first, key_of(EventKind::InboundCallEnded, &json!({"callid": "c-1"})));
        assert_eq!(first.len(), 64);
    }

    #[test]
    fn text_and_number_are_the_same_id() {
        assert_eq!(
            key_of(EventKind::CallFinished, &json!({"callid": 7})),
            key_of(EventKind::CallFinished, &json!({"callid": "7"}))
        );
    }

    #[test]
    fn without_its_id_the_whole_event_counts_in_any_order() {
        let body = json!({"status": "a", "nested": {"x": 1, "y": [{"b": 1, "a": 2}]}});
        let turned = json!({"nested": {"y": [{"a": 2, "b": 1}], "x": 1}, "status": "a"});
        let key = |body: &Value| key_of(EventKind::CallFinished, body);
        assert_eq!(key(&body), key(&turned));
        assert_ne!(key(&body), key(&json!({"status": "b"})));
        assert_ne!(
            key(&json!({"callid": null, "status": "a"})),
            key(&json!({"callid": "", "status": "b"}))
        );
    }

    #[test]
    fn fields_do_not_run_into_each_other() {
        let status = |workflow: &str, status: &str| {
            key_of(
                EventKind::WorkflowStatus,
                &json!({"workflow_id": workflow, "status": status, "actions": []}),
            )
        };
        assert_ne!(status("a", "b:1"), status("a\n3:b", "1"));
        assert_ne!(status("ab", "c"), status("a", "bc"));
    }
}
