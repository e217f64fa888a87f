//! The cases are written with `snake_case` names; Node and Kotlin say the same in `camelCase`.

use serde_json::{Map, Value};

/// What stands below these names is the caller's or AI Rudder's own, not the SDK's: it keeps its spelling.
const VERBATIM: [&str; 11] = [
    "body",
    "data",
    "extra",
    "extra_body",
    "extra_headers",
    "extra_query",
    "headers",
    "ner_slots",
    "query",
    "routes",
    "variables",
];

/// Whether what stands below the name keeps its spelling.
#[must_use]
pub fn is_verbatim(name: &str) -> bool {
    VERBATIM.iter().any(|known| *known == name || camel(known) == name)
}

/// `task_id` becomes `taskId`.
#[must_use]
pub fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let mut result = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        result.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        result.push_str(letters.as_str());
    }
    result
}

/// The same value with `camelCase` names wherever the SDK chose the name.
#[must_use]
pub fn to_camel(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(to_camel).collect(),
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(name, inner)| {
                    let inner = if is_verbatim(name) { inner.clone() } else { to_camel(inner) };
                    (camel(name), inner)
                })
                .collect::<Map<_, _>>(),
        ),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_of_the_sdk_change_and_all_others_stay() {
        let snake = json!({"task_id": "t", "calls": [{"talk_round": 1, "extra": {"some_thing": {"in_side": 1}}}]});
        let expected = json!({"taskId": "t", "calls": [{"talkRound": 1, "extra": {"some_thing": {"in_side": 1}}}]});
        assert_eq!(to_camel(&snake), expected);
        assert!(is_verbatim("extraBody") && is_verbatim("extra_body") && !is_verbatim("calls"));
    }
}
