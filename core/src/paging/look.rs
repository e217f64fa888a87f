//! What a page says of itself, read from its JSON whatever type it has.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::operation::{PageStep, Paging};

pub(super) struct Look {
    pub(super) count: u64,
    /// The same for two pages only when their items are the same.
    pub(super) fingerprint: u64,
    pub(super) total: Option<u64>,
    /// What the last item says of where the next page begins.
    pub(super) cursor: Option<Value>,
}

type Fields<'a> = BTreeMap<String, &'a RawValue>;

impl Look {
    pub(super) fn at(paging: &Paging, data: &[u8]) -> Result<Self, String> {
        let fields: Option<Fields<'_>> = serde_json::from_slice(data).map_err(|_| "its `data` is no object".to_owned())?;
        let fields = fields.unwrap_or_default();
        let items: Option<Vec<&RawValue>> =
            read(&fields, paging.items).map_err(|()| format!("its `{}` is no list, which is where the items belong", paging.items))?;
        let items = items.unwrap_or_default();
        let mut hasher = DefaultHasher::new();
        for item in &items {
            item.get().hash(&mut hasher);
        }
        let total: Option<Value> = paging.total.and_then(|total| read(&fields, total).unwrap_or_default());
        let cursor = match paging.step {
            PageStep::Number { .. } => None,
            PageStep::Cursor { from, .. } => items.last().and_then(|item| cursor(item, from)),
        };
        Ok(Self {
            count: items.len() as u64,
            fingerprint: hasher.finish(),
            total: total.and_then(|total| match total {
                Value::String(text) => text.parse().ok(),
                other => other.as_u64(),
            }),
            cursor,
        })
    }
}

fn read<'a, T: Deserialize<'a>>(fields: &Fields<'a>, name: &str) -> Result<Option<T>, ()> {
    let Some(json) = fields.get(name) else { return Ok(None) };
    serde_json::from_str(json.get()).map_err(drop)
}

fn cursor(item: &RawValue, from: &str) -> Option<Value> {
    let fields: Fields<'_> = serde_json::from_str(item.get()).ok()?;
    let cursor: Option<Value> = read(&fields, from).ok()?;
    cursor.filter(|cursor| matches!(cursor, Value::String(text) if !text.is_empty()) || cursor.is_number())
}
