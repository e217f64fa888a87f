//! What a page says of itself. Its fields are found by the operation's answer shape, in every spelling that the reader of answers takes.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::Value;

use crate::json::{Budget, Field, ReadError, each_field, items as list, read_value};
use crate::schema::{Kind, PageStep, Paging, Shape};

pub(super) struct PageInfo {
    /// The number of items.
    pub(super) count: u64,
    /// The same for two pages only if their items are the same.
    pub(super) fingerprint: u64,
    /// The number of items of all pages.
    pub(super) total: Option<u64>,
    /// The field of the last item that leads to the next page.
    pub(super) cursor: Option<Value>,
}

pub(super) enum PageProblem {
    Unread(ReadError),
    Other(String),
}

impl PageInfo {
    pub(super) fn of(paging: &Paging, shape: Option<&'static Shape>, data: &str) -> Result<Self, PageProblem> {
        let no_object = || PageProblem::Other("its `data` is no object".to_owned());
        let no_list = || PageProblem::Other(format!("its `{}` is no list, which is where the items belong", paging.items));
        let wanted = [Some(paging.items), paging.total];
        let [items, total] = if data == "null" {
            [None; 2]
        } else {
            find(shape, data, wanted).ok_or_else(no_object)?
        };
        let items = items.map_or(Ok(Vec::new()), list).map_err(|_| no_list())?;
        if items.is_empty() {
            // The page is not read, so its JSON is checked here.
            value(data).map_err(PageProblem::Unread)?;
        }
        let mut hasher = DefaultHasher::new();
        items.hash(&mut hasher);
        let last = items.last().copied();
        Ok(Self {
            count: items.len() as u64,
            fingerprint: hasher.finish(),
            total: total.and_then(|json| match value(json).ok()? {
                Value::String(text) => text.parse().ok(),
                other => other.as_u64(),
            }),
            cursor: match paging.step {
                PageStep::Number { .. } => None,
                PageStep::Cursor { from, .. } => last.and_then(|item| cursor(item_shape(shape, paging.items), item, from)),
            },
        })
    }
}

/// The JSON of the wanted fields of an object, each in its closest spelling. `None` if it is not an object.
fn find<'a, const N: usize>(shape: Option<&'static Shape>, json: &'a str, wanted: [Option<&str>; N]) -> Option<[Option<&'a str>; N]> {
    let mut found = [const { None }; N];
    let walk = each_field(json, |Field { name, json }| {
        let field = shape.and_then(|shape| {
            shape
                .find(&name)
                .and_then(|(index, spelling)| Some((shape.fields.get(index)?.wire, spelling)))
        });
        if let Some((wire, spelling)) = field.filter(|_| json != "null") {
            for (wanted, found) in wanted.iter().zip(&mut found) {
                if *wanted == Some(wire) && found.is_none_or(|(_, other)| spelling <= other) {
                    *found = Some((json, spelling));
                }
            }
        }
        Ok(())
    });
    walk.ok()?;
    Some(found.map(|found| found.map(|(json, _)| json)))
}

fn item_shape(shape: Option<&'static Shape>, items: &str) -> Option<&'static Shape> {
    let field = shape?.fields.iter().find(|field| field.wire == items)?;
    match field.kind {
        Kind::List(item) => item.shape(),
        _ => None,
    }
}

fn cursor(shape: Option<&'static Shape>, item: &str, from: &str) -> Option<Value> {
    let [cursor] = find(shape, item, [Some(from)])?;
    let cursor = value(cursor?).ok()?;
    (matches!(&cursor, Value::String(text) if !text.is_empty()) || cursor.is_number()).then_some(cursor)
}

fn value(json: &str) -> Result<Value, ReadError> {
    read_value(json, Budget::for_bytes(json.len() as u64, None))
}
