//! Unions: the variant that a value is told to be is the one that it has to follow.
//!
//! By `anyOf` alone a value that is wrong in its own variant passes as the last one, which demands least.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// Replaces the `anyOf` of every union by the choice of its variant.
pub(super) fn choose_variants(documents: &mut BTreeMap<String, Value>) {
    let known = documents.clone();
    for (name, document) in documents {
        rewrite(
            document,
            &Place {
                documents: &known,
                document: name,
            },
        );
    }
}

struct Place<'a> {
    documents: &'a BTreeMap<String, Value>,
    document: &'a str,
}

fn rewrite(value: &mut Value, place: &Place<'_>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite(item, place)),
        Value::Object(fields) => {
            if let Some(choice) = choice(fields, place) {
                fields.remove("anyOf");
                fields.extend(choice);
            }
            fields.values_mut().for_each(|field| rewrite(field, place));
        }
        _ => {}
    }
}

/// `if` the marks of the first variant are there, `then` that one, `else` the same question for the next.
fn choice(schema: &Map<String, Value>, place: &Place<'_>) -> Option<Map<String, Value>> {
    let variants = schema.get("anyOf")?.as_array()?;
    let tag = schema.get("discriminator").and_then(|tag| tag["propertyName"].as_str());
    let (last, others) = variants.split_last()?;
    let mut choice = last.clone();
    for variant in others.iter().rev() {
        let target = place.follow(variant["$ref"].as_str()?)?;
        let marks = match tag {
            Some(tag) => tagged(tag, target)?,
            None => detected(&target["x-airudder-detect"])?,
        };
        choice = json!({"if": marks, "then": variant, "else": choice});
    }
    match choice {
        Value::Object(choice) if !others.is_empty() => Some(choice),
        _ => None,
    }
}

fn tagged(tag: &str, variant: &Value) -> Option<Value> {
    let constant = variant["properties"][tag].get("const")?;
    Some(json!({"required": [tag], "properties": {tag: {"const": constant}}}))
}

fn detected(detect: &Value) -> Option<Value> {
    let detect = detect.as_object()?;
    let names = |key: &str| detect.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let absent = names("absent").into_iter().map(|name| json!({"not": {"required": [name]}}));
    let marks: Vec<_> = [json!({"required": names("present")})].into_iter().chain(absent).collect();
    Some(json!({"allOf": marks}))
}

impl Place<'_> {
    fn follow(&self, reference: &str) -> Option<&Value> {
        let (document, pointer) = reference.split_once('#')?;
        let document = if document.is_empty() { self.document } else { document };
        self.documents.get(document)?.pointer(pointer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(union: &Value) -> Value {
        let mut documents = BTreeMap::from([(
            "a.yaml".to_owned(),
            json!({
                "union": union,
                "text": {"properties": {"type": {"const": "text"}}},
                "any": {"properties": {"type": {"type": "string"}}},
                "detected": {"x-airudder-detect": {"present": ["a"], "absent": ["b"]}},
            }),
        )]);
        choose_variants(&mut documents);
        documents["a.yaml"]["union"].clone()
    }

    #[test]
    fn variants_are_chosen_by_their_marks() {
        let tagged = json!({"anyOf": [{"$ref": "#/text"}, {"$ref": "#/any"}], "discriminator": {"propertyName": "type"}});
        assert_eq!(
            rewritten(&tagged),
            json!({
                "discriminator": {"propertyName": "type"},
                "if": {"required": ["type"], "properties": {"type": {"const": "text"}}},
                "then": {"$ref": "#/text"},
                "else": {"$ref": "#/any"},
            })
        );
        let detected = json!({"anyOf": [{"$ref": "a.yaml#/detected"}, {"$ref": "#/any"}]});
        assert_eq!(
            rewritten(&detected)["if"],
            json!({"allOf": [{"required": ["a"]}, {"not": {"required": ["b"]}}]})
        );
    }

    #[test]
    fn other_alternatives_stay_as_they_are() {
        for plain in [
            json!({"anyOf": [{"$ref": "#/any"}, {"$ref": "#/text"}]}),
            json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
            json!({"anyOf": [{"$ref": "#/text"}]}),
        ] {
            assert_eq!(rewritten(&plain), plain);
        }
    }
}
