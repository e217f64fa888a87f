//! The enum of a union, and what its variants have in common.

use serde::Serialize;

use super::field::{Homes, RustField, rust_field, shape_kind};
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
}

#[derive(Serialize)]
struct RustVariant<'a> {
    #[serde(flatten)]
    variant: &'a Variant,
    /// Of its model.
    description: &'a str,
    /// Its model, seen from the union's module.
    path: String,
    /// For each field of the union, its index in the variant's model.
    indices: Vec<Option<usize>>,
    /// The fields of the union that no other variant has, a bit for each, as a literal.
    decisive: String,
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
                indices: union.fields.iter().map(|field| index_in(model, field)).collect(),
                decisive: decisive(union, model, &variants),
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
        discriminator_index: discriminator.and_then(|known| union.fields.iter().position(|field| field.name == known.name)),
        union,
    }
}

fn index_in(model: &Model, field: &Field) -> Option<usize> {
    model.fields.iter().position(|own| own.name == field.name)
}

/// The bits of the fields that only this model has.
fn decisive(union: &Union, model: &Model, variants: &[(&Variant, &Model)]) -> String {
    let is_decisive = |field: &Field| {
        let mut owners = variants.iter().filter(|(_, model)| index_in(model, field).is_some());
        owners.next().is_some_and(|(_, owner)| owner.name == model.name) && owners.next().is_none()
    };
    let fields = union.fields.iter().enumerate().filter(|(_, field)| is_decisive(field));
    let bits = fields.fold(0_u128, |bits, (index, _)| bits | 1 << index);
    let digits = format!("{bits:x}");
    let digits = format!("{:0>width$}", digits, width = digits.len().next_multiple_of(4));
    let groups: Vec<String> = digits
        .as_bytes()
        .chunks(4)
        .map(|group| String::from_utf8_lossy(group).into_owned())
        .collect();
    format!("0x{}", groups.join("_"))
}
