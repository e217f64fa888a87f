//! Unions: what the variants of an `anyOf` have in common, and how one is told from the others.

use super::document::Node;
use super::problem::Problem;
use super::source::source;
use crate::case;
use crate::ir::{Contract, Detect, Discriminator, Field, Model, Role, Source, Union, Variant};

/// A union as its schema tells it, before all of its variants' models are read.
pub struct Sketch {
    pub name: String,
    pub family: String,
    description: String,
    source: Source,
    /// The wire name of the discriminator.
    discriminator: Option<String>,
    /// Each variant's model, and how it is known.
    pub variants: Vec<(String, Option<Detect>)>,
    /// For messages.
    place: Node,
}

impl Sketch {
    pub fn read(name: &str, family: &str, schema: &Node) -> Result<Self, Problem> {
        let discriminator = schema.child("discriminator").map(|node| node.required_text("propertyName"));
        Ok(Self {
            name: name.to_owned(),
            family: family.to_owned(),
            description: schema.required_text("description")?,
            source: source(schema)?.ok_or_else(|| schema.problem("`x-airudder-source` is missing"))?,
            discriminator: discriminator.transpose()?,
            variants: Vec::new(),
            place: schema.clone(),
        })
    }
}

/// The unions, once the models of their variants are complete.
pub fn finish(sketches: Vec<Sketch>, contract: &Contract) -> Vec<Result<Union, Problem>> {
    sketches.into_iter().map(|sketch| union(sketch, contract)).collect()
}

fn union(sketch: Sketch, contract: &Contract) -> Result<Union, Problem> {
    let models: Vec<&Model> = sketch.variants.iter().filter_map(|(name, _)| contract.model(name)).collect();
    let Some((fallback, _)) = models.split_last().filter(|(_, others)| !others.is_empty()) else {
        return Err(sketch
            .place
            .problem("a union has two variants at least, of which the last takes what none of the others is"));
    };
    let names: Vec<&str> = models.iter().map(|model| model.name.as_str()).collect();
    if let Some(twice) = names.iter().enumerate().find(|(index, name)| names[..*index].contains(name)) {
        return Err(sketch.place.problem(format!("the variant {} stands there twice", twice.1)));
    }
    let fields = all_fields(&sketch.place, &models)?;
    let common: Vec<Field> = fields
        .iter()
        .filter(|field| models.iter().all(|model| model.fields.iter().any(|other| other.name == field.name)))
        .cloned()
        .collect();
    let tags = tags(&sketch, &models)?;
    let discriminator = sketch.discriminator.as_ref().and_then(|wire| {
        let field = fallback.fields.iter().find(|field| field.wire == *wire)?;
        Some(Discriminator {
            name: field.name.clone(),
            camel: field.camel.clone(),
            wire: wire.clone(),
        })
    });
    let short = without_common_end(&names);
    let variants = sketch.variants.iter().zip(tags).zip(short);
    Ok(Union {
        snake: case::snake(&sketch.name),
        camel: case::camel(&sketch.name),
        variants: variants
            .map(|(((model, detect), tag), name)| Variant {
                model: model.clone(),
                snake: case::snake(&name),
                name,
                tag,
                detect: detect.clone(),
            })
            .collect(),
        name: sketch.name,
        description: sketch.description,
        role: Role::Answer,
        source: sketch.source,
        family: sketch.family,
        discriminator,
        common,
        fields,
    })
}

/// The fields of all variants, each once.
fn all_fields(place: &Node, models: &[&Model]) -> Result<Vec<Field>, Problem> {
    let mut fields: Vec<Field> = Vec::new();
    for (model, field) in models.iter().flat_map(|model| model.fields.iter().map(move |field| (model, field))) {
        let known = fields.iter_mut().find(|known| known.name == field.name || known.wire == field.wire);
        let Some(known) = known else {
            fields.push(Field {
                constant: None,
                known_values: field.constant.iter().chain(&field.known_values).cloned().collect(),
                required: models.iter().all(|model| has_required(model, &field.name)),
                ..field.clone()
            });
            continue;
        };
        if (&known.name, &known.wire, &known.kind, &known.format) != (&field.name, &field.wire, &field.kind, &field.format) {
            return Err(place.problem(format!(
                "the field {} of {} has another name, type or format than in the variants before it",
                field.wire, model.name
            )));
        }
        known.sensitive |= field.sensitive;
        for value in field.constant.iter().chain(&field.known_values) {
            if !known.known_values.contains(value) {
                known.known_values.push(value.clone());
            }
        }
    }
    Ok(fields)
}

fn has_required(model: &Model, name: &str) -> bool {
    model.fields.iter().any(|field| field.name == name && field.required)
}

/// The discriminator's value of each variant; none for the fallback, and where there is no discriminator.
fn tags(sketch: &Sketch, models: &[&Model]) -> Result<Vec<Option<String>>, Problem> {
    let last = models.len() - 1;
    let mut tags: Vec<Option<String>> = Vec::new();
    for (index, (model, (_, detect))) in models.iter().zip(&sketch.variants).enumerate() {
        let wrong = |text: String| Err(sketch.place.problem(format!("its variant {} {text}", model.name)));
        let Some(wire) = &sketch.discriminator else {
            match detect {
                Some(_) if index == last => return wrong("is the fallback, so it has no `x-airudder-detect`".to_owned()),
                None if index < last => return wrong("has no `x-airudder-detect`, and the union no `discriminator`".to_owned()),
                _ => tags.push(None),
            }
            continue;
        };
        if detect.is_some() {
            return wrong("has an `x-airudder-detect`, but the union has a `discriminator`".to_owned());
        }
        let tag = model.fields.iter().find(|field| field.wire == *wire && field.required);
        match tag.map(|field| field.constant.clone()) {
            None => return wrong(format!("has no required {wire}, the discriminator")),
            Some(Some(_)) if index == last => return wrong(format!("is the fallback, so its {wire} is no `const`")),
            Some(None) if index < last => return wrong(format!("has no `const` in {wire}, the discriminator")),
            Some(tag) if tag.is_some() && tags.contains(&tag) => return wrong(format!("has the {wire} of another one")),
            Some(tag) => tags.push(tag),
        }
    }
    Ok(tags)
}

/// Names without the words that all of them end with: `TextContent` and `OtherContent` are `Text` and `Other`. A fallback of which nothing would be
/// left (`Call` beside `CollectionCall`) is `Other`.
fn without_common_end(names: &[&str]) -> Vec<String> {
    let words: Vec<Vec<String>> = names
        .iter()
        .map(|name| case::snake(name).split('_').map(str::to_owned).collect())
        .collect();
    let (fallback, others) = words.split_last().map_or((0, 0), |(fallback, others)| {
        (fallback.len(), others.iter().map(Vec::len).min().unwrap_or_default())
    });
    let ends_alike = |length: &usize| {
        let mut ends = words.iter().map(|words| &words[words.len() - length..]);
        let first = ends.next();
        ends.all(|end| Some(end) == first)
    };
    let longest = fallback.min(others.saturating_sub(1));
    let common = (0..=longest).rev().find(ends_alike).unwrap_or_default();
    let short = words.iter().map(|words| case::pascal(&words[..words.len() - common].join("_")));
    short.map(|name| if name.is_empty() { "Other".to_owned() } else { name }).collect()
}

#[cfg(test)]
mod tests {
    use super::without_common_end;

    #[test]
    fn variants_are_called_by_what_tells_them_apart() {
        for (names, expected) in [
            (["TextContent", "OtherContent"], ["Text", "Other"]),
            (["CollectionCall", "Call"], ["Collection", "Other"]),
            (["ListReply", "ButtonReply"], ["List", "Button"]),
            (["Call", "CollectionCall"], ["Call", "CollectionCall"]),
            (["Text", "Picture"], ["Text", "Picture"]),
        ] {
            assert_eq!(without_common_end(&names), expected);
        }
    }
}
