//! Whether an answer holds what a step expects, and the values that later steps take from it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::names::camel;

/// Values that steps took from answers, by name.
pub type Saved = BTreeMap<String, Value>;

/// The value with each `$name` that was saved filled in, and `$TMP` in front of paths.
pub fn fill(value: &Value, saved: &Saved) -> Value {
    match value {
        Value::String(text) => filled(text, saved),
        Value::Array(items) => items.iter().map(|item| fill(item, saved)).collect(),
        Value::Object(fields) => Value::Object(fill_fields(fields, saved)),
        _ => value.clone(),
    }
}

pub fn fill_fields(fields: &Map<String, Value>, saved: &Saved) -> Map<String, Value> {
    fields.iter().map(|(name, inner)| (name.clone(), fill(inner, saved))).collect()
}

fn filled(text: &str, saved: &Saved) -> Value {
    let Some(name) = text.strip_prefix('$') else {
        return text.into();
    };
    if let Some(value) = saved.get(name) {
        return value.clone();
    }
    let (folder, rest) = name.split_at(name.find('/').unwrap_or(name.len()));
    match saved.get(folder) {
        Some(Value::String(folder)) if !rest.is_empty() => format!("{folder}{rest}").into(),
        _ => text.into(),
    }
}

/// Why `seen` does not hold what is expected. Fields that are not named may be anything; a list has to have the same length.
pub fn differences(place: &str, wanted: &Value, seen: &Value) -> Vec<String> {
    match (wanted, seen) {
        (Value::String(text), _) if text == "$any" => Vec::new(),
        (Value::String(text), Value::String(seen)) if text == "$text" && !seen.is_empty() => Vec::new(),
        (Value::String(text), Value::Number(_)) if text == "$number" => Vec::new(),
        (Value::Object(wanted), Value::Object(seen)) => {
            let inner = |(name, wanted): (&String, &Value)| {
                let place = format!("{place}.{name}");
                differences(&place, wanted, seen.get(name).unwrap_or(&Value::Null))
            };
            wanted.iter().flat_map(inner).collect()
        }
        (Value::Array(wanted), Value::Array(seen)) if wanted.len() == seen.len() => {
            let pairs = wanted.iter().zip(seen).enumerate();
            pairs
                .flat_map(|(index, (wanted, seen))| differences(&format!("{place}[{index}]"), wanted, seen))
                .collect()
        }
        (Value::Number(wanted), Value::Number(seen)) if wanted.as_f64() == seen.as_f64() => Vec::new(),
        _ if wanted == seen => Vec::new(),
        _ => vec![format!("{place} is {seen}, expected {wanted}")],
    }
}

/// What stands at `calls.0.call_id` of an answer.
pub fn at<'a>(answer: &'a Value, path: &str, is_camel: bool) -> Option<&'a Value> {
    let mut parts = path.split('.').filter(|part| !part.is_empty());
    parts.try_fold(answer, |value, part| match part.parse::<usize>() {
        Ok(index) => value.get(index),
        Err(_) if is_camel => value.get(camel(part)),
        Err(_) => value.get(part),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_named_may_be_anything() {
        let seen = json!({"task_id": "t1", "calls": [{"status": "answered", "seconds": 12.0}], "more": 1});
        let none: Vec<String> = Vec::new();
        let fits = json!({"task_id": "$text", "calls": [{"status": "$any", "seconds": 12}]});
        assert_eq!(differences("value", &fits, &seen), none);
        let unfit = json!({"task_id": "$number", "calls": [{"status": "busy"}], "less": 1});
        assert_eq!(
            differences("value", &unfit, &seen),
            [
                "value.task_id is \"t1\", expected \"$number\"",
                "value.calls[0].status is \"answered\", expected \"busy\"",
                "value.less is null, expected 1",
            ]
        );
        assert_eq!(differences("value", &json!({"calls": []}), &seen).len(), 1);
        assert_eq!(differences("value", &json!("$text"), &json!("")).len(), 1);
    }

    #[test]
    fn steps_name_what_earlier_ones_brought() {
        let saved = Saved::from([("task".to_owned(), json!(7)), ("TMP".to_owned(), json!("/tmp/x"))]);
        let params = json!({"id": "$task", "path": "$TMP/a.wav", "list": ["$TMP", "$unknown", "$5"]});
        assert_eq!(
            fill(&params, &saved),
            json!({"id": 7, "path": "/tmp/x/a.wav", "list": ["/tmp/x", "$unknown", "$5"]})
        );
    }

    #[test]
    fn places_are_named_in_snake_case_whatever_the_language() {
        let answer = json!({"calls": [{"callId": "c1"}]});
        assert_eq!(at(&answer, "calls.0.call_id", true), Some(&json!("c1")));
        assert_eq!(at(&answer, "calls.1.call_id", true), None);
        assert_eq!(at(&answer, "", false), Some(&answer));
    }
}
