//! Paging: which parameters ask for a page, and which fields of the answer hold it.

use super::document::Node;
use super::problem::Problem;
use super::schema::Schemas;
use crate::ir::{Cursor, Field, Kind, Operation, Paging};

/// Reads `x-airudder-paging` of an operation that is else complete.
pub fn read(schemas: &Schemas, paging: &Node, operation: &Operation) -> Result<Paging, Problem> {
    let parameter = |key: &str| {
        let Some(wire) = paging.text(key)? else { return Ok(None) };
        let found = operation.params.iter().find(|field| field.wire == wire).cloned();
        found
            .map(Some)
            .ok_or_else(|| paging.problem(format!("`{key}: {wire}` is no parameter")))
    };
    let answer = operation.answer.as_deref().and_then(|answer| schemas.model_named(answer));
    let answered = |key: &str, wire: &str| {
        let found = answer.iter().flat_map(|model| &model.fields).find(|field| field.wire == wire);
        found
            .cloned()
            .ok_or_else(|| paging.problem(format!("`{key}: {wire}` is no field of the answer")))
    };
    let items = answered("items", &paging.required_text("items")?)?;
    let item = items.kind.item.as_deref().filter(|_| items.kind.kind == Kind::List).cloned();
    let named = item.and_then(|item| Some((item.model.clone()?, item)));
    let (item_model, item) = named.ok_or_else(|| paging.problem("`items` is no list of named objects"))?;
    let cursor = match (parameter("cursor")?, paging.text("from")?) {
        (None, None) => None,
        (Some(param), Some(wire)) => Some(Cursor {
            param,
            from: field_of_item(schemas, &item_model, &wire)
                .ok_or_else(|| paging.problem(format!("`from: {wire}` is no field of {item_model}")))?,
        }),
        _ => return Err(paging.problem("`cursor` and `from` go together")),
    };
    let page = parameter("page")?;
    if page.is_some() == cursor.is_some() {
        return Err(paging.problem("pages are asked for by `page` or by `cursor`"));
    }
    Ok(Paging {
        page,
        cursor,
        size: parameter("size")?,
        total: paging.text("total")?.map(|wire| answered("total", &wire)).transpose()?,
        items,
        item,
        item_model,
    })
}

fn field_of_item(schemas: &Schemas, model: &str, wire: &str) -> Option<Field> {
    schemas.model_named(model)?.fields.iter().find(|field| field.wire == wire).cloned()
}
