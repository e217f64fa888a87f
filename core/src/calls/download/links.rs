//! Finds the links in an answer whose form is not known.

use std::collections::HashSet;

use serde_json::Value;
use url::Url;

/// More links than a task has calls cannot be recordings.
const MOST: usize = 100_000;

/// Every http or https link in the data, in its order.
pub(super) fn find(data: &Value) -> Vec<String> {
    let mut links = Links::default();
    links.collect(data);
    links.list
}

#[derive(Default)]
struct Links {
    list: Vec<String>,
    seen: HashSet<String>,
}

impl Links {
    fn collect(&mut self, value: &Value) {
        match value {
            Value::String(text) if is_link(text) && self.list.len() < MOST && self.seen.insert(text.clone()) => {
                self.list.push(text.clone());
            }
            Value::Array(list) => list.iter().for_each(|value| self.collect(value)),
            Value::Object(map) => map.values().for_each(|value| self.collect(value)),
            _ => {}
        }
    }
}

fn is_link(text: &str) -> bool {
    Url::parse(text.trim()).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
