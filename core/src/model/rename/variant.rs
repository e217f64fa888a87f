//! Which variant of a union an object is that was given by name, and whether it has that variant's fields only.

use super::super::{Case, Problem, Shape, UnionShape};
use super::Pieces;

/// What an object has to be.
pub(super) struct Chosen {
    /// The fields that it has to have.
    pub(super) own: &'static Shape,
    /// The fields that stand first in it.
    pub(super) first: &'static Shape,
}

/// Looks at the fields that were given.
///
/// Without a discriminator the object may have the fields of all variants, for then a mixture is as good as any of them.
pub(super) fn of(union: &'static UnionShape, case: Case, pieces: &Pieces, json: &[u8]) -> Result<Chosen, Problem> {
    let Some(discriminator) = union.discriminator() else {
        let given = || pieces.fields.iter().filter_map(|(index, _)| union.merged.fields.get(*index));
        let has = |wire: &str| pieces.extra.contains_key(wire) || given().any(|field| field.wire == wire);
        let variant = union.variants.get(union.with_fields(has));
        return Ok(Chosen {
            own: &union.merged,
            first: variant.map_or(&union.merged, |variant| variant.shape),
        });
    };
    let name = case.name_of(discriminator);
    let given = union.discriminator.and_then(|index| pieces.range(index));
    let given: Option<String> = match given.and_then(|range| json.get(range)) {
        Some(json) => serde_json::from_slice(json).ok(),
        None => pieces
            .extra
            .get(discriminator.wire)
            .and_then(|value| value.as_str())
            .map(str::to_owned),
    };
    let Some(tag) = given else {
        let tags: Vec<_> = union.variants.iter().filter_map(|variant| variant.tag).collect();
        return Err(Problem::new(format!(
            "must have `{name}`, which says what it is: `{}`, or something else that AI Rudder knows",
            tags.join("`, `")
        )));
    };
    let Some(variant) = union.variants.get(union.tagged(Some(&tag))) else {
        return Ok(Chosen {
            own: &union.merged,
            first: &union.merged,
        });
    };
    for (index, range) in &pieces.fields {
        let Some(field) = union.merged.fields.get(*index) else { continue };
        let Some(own) = Pieces::place(variant.shape, field.name).and_then(|index| variant.shape.fields.get(index)) else {
            return Err(foreign(union, case, variant.tag, field.name).in_field(case.name_of(field)));
        };
        if own.required && matches!(json.get(range.clone()), Some(br#""""# | b"[]")) {
            return Err(Problem::new("is empty").in_field(case.name_of(field)));
        }
    }
    Ok(Chosen {
        own: variant.shape,
        first: variant.shape,
    })
}

/// Says of a field which variants have it. The discriminator's own text is not shown unless it is one of the contract's.
fn foreign(union: &UnionShape, case: Case, tag: Option<&str>, name: &str) -> Problem {
    let discriminator = union.discriminator().map_or("", |field| case.name_of(field));
    let owners = union.variants.iter().filter(|variant| Pieces::place(variant.shape, name).is_some());
    let owners: Vec<_> = owners.filter_map(|variant| variant.tag).map(|tag| format!("`{tag}`")).collect();
    let given = tag.map_or_else(|| "is another".to_owned(), |tag| format!("is `{tag}`"));
    Problem::new(format!(
        "goes with the `{discriminator}` {}, but here it {given}; fields beyond the contract go into `extra`, by their wire names",
        owners.join(" or ")
    ))
}
