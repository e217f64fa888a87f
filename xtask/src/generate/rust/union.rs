//! The enum of a union, and what its variants have in common.

use serde::Serialize;

use super::{Homes, RustField, rust_field, shape_kind};
use crate::ir::{Contract, Field, Kind, Model, Union, Variant};

#[derive(Serialize)]
pub struct RustUnion<'a> {
    #[serde(flatten)]
    pub union: &'a Union,
    /// In the place of the union's own.
    variants: Vec<RustVariant<'a>>,
    /// The methods that read what every variant has.
    accessors: Vec<Accessor<'a>>,
    /// The fields of all variants, and the kind of each.
    merged: Vec<Merged<'a>>,
    /// Where in `merged` the discriminator stands.
    discriminator_index: Option<usize>,
    /// The fields with which all variants begin alike.
    alike: Vec<&'a str>,
}

#[derive(Serialize)]
struct RustVariant<'a> {
    #[serde(flatten)]
    variant: &'a Variant,
    /// Of its model.
    description: &'a str,
    /// Its model, seen from the union's module.
    path: String,
}

#[derive(Serialize)]
struct Accessor<'a> {
    #[serde(flatten)]
    field: &'a Field,
    returns: String,
    /// For each variant: its name, how its model is bound, and the expression.
    arms: Vec<(&'a str, &'static str, String)>,
}

#[derive(Serialize)]
struct Merged<'a> {
    #[serde(flatten)]
    field: &'a Field,
    shape_kind: String,
}

pub fn rust_union<'a>(union: &'a Union, contract: &'a Contract, homes: &Homes) -> RustUnion<'a> {
    let path = |model: &str| homes.path(model, &union.family, "super");
    let variants: Vec<(&Variant, &Model)> = union
        .variants
        .iter()
        .filter_map(|variant| Some((variant, contract.model(&variant.model)?)))
        .collect();
    let accessor = |field: &'a Field| {
        let fields: Vec<(&Variant, RustField)> = variants
            .iter()
            .filter_map(|(variant, model)| {
                let own = model.fields.iter().find(|own| own.name == field.name)?;
                Some((*variant, rust_field(own, model, homes)))
            })
            .collect();
        let is_optional = |own: &RustField| own.field.constant.is_none() && own.slot.starts_with("Option<");
        let optional = fields.iter().any(|(_, own)| is_optional(own));
        let plain = match field.kind.kind {
            Kind::Text => "&str".to_owned(),
            Kind::Integer => "i64".to_owned(),
            Kind::Number => "f64".to_owned(),
            Kind::Boolean => "bool".to_owned(),
            Kind::List => {
                let item = field.kind.item.as_deref();
                format!(
                    "&[{}]",
                    item.map_or_else(String::new, |item| homes.type_name(item, &union.family, "super"))
                )
            }
            Kind::Json | Kind::Model | Kind::Union | Kind::Map => format!("&{}", homes.type_name(&field.kind, &union.family, "super")),
        };
        let arms = fields.iter().map(|(variant, own)| {
            let name = &own.field.name;
            let (binding, value) = match (&own.field.constant, field.kind.kind, is_optional(own)) {
                (Some(_), ..) => ("_", format!("{}::{}", path(&variant.model), crate::case::screaming(name))),
                (None, Kind::Integer | Kind::Number | Kind::Boolean, _) => ("model", format!("model.{name}")),
                (None, Kind::Text | Kind::List, true) => ("model", format!("model.{name}.as_deref()")),
                (None, _, true) if own.field.recursive => ("model", format!("model.{name}.as_deref()")),
                (None, _, true) => ("model", format!("model.{name}.as_ref()")),
                (None, ..) => ("model", format!("&model.{name}")),
            };
            let value = if optional && !is_optional(own) {
                format!("Some({value})")
            } else {
                value
            };
            (variant.name.as_str(), binding, value)
        });
        Accessor {
            field,
            arms: arms.collect(),
            returns: if optional { format!("Option<{plain}>") } else { plain },
        }
    };
    let discriminator = union.discriminator.as_ref();
    RustUnion {
        variants: variants
            .iter()
            .map(|(variant, model)| RustVariant {
                variant,
                description: &model.description,
                path: path(&variant.model),
            })
            .collect(),
        accessors: union.common.iter().map(accessor).collect(),
        merged: union
            .fields
            .iter()
            .map(|field| Merged {
                field,
                shape_kind: shape_kind(&field.kind),
            })
            .collect(),
        alike: alike(&variants, homes),
        discriminator_index: discriminator.and_then(|known| union.fields.iter().position(|field| field.name == known.name)),
        union,
    }
}

/// The fields with which all variants begin and that are read the same way in each, and hold one value.
fn alike<'a>(variants: &[(&'a Variant, &'a Model)], homes: &Homes) -> Vec<&'a str> {
    let Some(((_, first), others)) = variants.split_first() else {
        return Vec::new();
    };
    let is_alike = |(index, field): &(usize, &'a Field)| {
        let is_single = matches!(field.kind.kind, Kind::Text | Kind::Integer | Kind::Number | Kind::Boolean);
        let slot = rust_field(field, first, homes).slot;
        let same = |own: &Field, model: &Model| {
            own.name == field.name && own.wire == field.wire && own.constant.is_none() && rust_field(own, model, homes).slot == slot
        };
        let in_others = |(_, model): &(&Variant, &Model)| model.fields.get(*index).is_some_and(|own| same(own, model));
        is_single && field.constant.is_none() && others.iter().all(in_others)
    };
    let fields = first.fields.iter().enumerate().take_while(is_alike);
    fields.map(|(_, field)| field.name.as_str()).collect()
}
