//! Finds the links in an answer whose form is not known.

use serde_json::Value;
use url::Url;

use crate::client::Client;

/// More links than a task has calls are no recordings.
const MOST: usize = 100_000;

/// Every http or https link in the JSON, in its order.
pub(super) fn find(json: &[u8]) -> Vec<String> {
    let mut links = Vec::new();
    if let Ok(value) = serde_json::from_slice(json) {
        collect(&value, &mut links);
    }
    links
}

fn collect(value: &Value, links: &mut Vec<String>) {
    match value {
        Value::String(text) if is_link(text) && links.len() < MOST && !links.contains(text) => links.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|value| collect(value, links)),
        Value::Object(map) => map.values().for_each(|value| collect(value, links)),
        _ => {}
    }
}

fn is_link(text: &str) -> bool {
    Url::parse(text.trim()).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// A redirect's target may be relative to where it came from.
pub(super) fn resolve(client: &Client, link: &str) -> String {
    client.inner.config.base_url.join(link).map_or_else(|_| link.to_owned(), Into::into)
}
