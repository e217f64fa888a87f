//! Events: what a document's `webhooks` say.

use serde_json::Value;

use super::document::Node;
use super::operation::Reader;
use super::problem::Problem;
use super::sample;
use super::source::source;
use crate::case;
use crate::ir::{Detect, Event};

impl Reader<'_, '_> {
    pub fn event(&mut self, kind: &str, node: &Node) -> Result<Event, Problem> {
        if node.required_text("operationId")? != kind {
            return Err(node.problem(format!("`operationId` differs from the webhook's name {kind}")));
        }
        let titles = self.pages.of(&format!("event:{kind}"), &node.required_text("summary")?);
        let body = node.descendant(&["requestBody", "content", "application/json", "schema"]);
        let body = self
            .documents
            .resolve(body.ok_or_else(|| node.problem("its body is not `application/json` with a schema"))?)?;
        let model = self.schemas.type_of(body.clone())?.as_model().map(str::to_owned);
        let model = model.ok_or_else(|| body.problem("an event is an object with a name under `components/schemas`"))?;
        let detect = detect(node)?;
        let sample = self.sample(&body, &detect)?;
        Ok(Event {
            snake: case::snake(kind),
            pascal: case::pascal(kind),
            family: self.family.to_owned(),
            model,
            summary: node.required_text("summary")?,
            description: node.required_text("description")?,
            source: source(node)?.ok_or_else(|| node.problem("`x-airudder-source` is missing"))?,
            page: titles.first,
            pages: titles.all,
            detect,
            signed: signed(node)?,
            identity: fields(node, &sample, node.texts("x-airudder-identity")?)?,
            timestamp: fields(node, &sample, node.text("x-airudder-timestamp")?)?,
            wrapper: node.text("x-airudder-wrapper")?,
            sample: sample.to_string(),
            kind: kind.to_owned(),
        })
    }

    /// A body by which the kind is known.
    fn sample(&self, body: &Node, detect: &Detect) -> Result<Value, Problem> {
        let sample = sample::value(self.documents, body.clone())?;
        let Some(Value::Object(mut fields)) = sample else {
            return Err(body.problem("no example can be made of it"));
        };
        fields.retain(|name, _| !detect.absent.contains(name));
        Ok(Value::Object(fields))
    }
}

/// The extension has one word only, so that reading it tells what it means.
fn signed(node: &Node) -> Result<bool, Problem> {
    match node.text("x-airudder-signed")?.as_deref() {
        None => Ok(false),
        Some("required") => Ok(true),
        Some(other) => Err(node.problem(format!("`x-airudder-signed: {other}` is not `required`"))),
    }
}

/// Names of fields, all of which the event has.
fn fields<T: IntoIterator<Item = String> + Clone>(node: &Node, sample: &Value, names: T) -> Result<T, Problem> {
    match names.clone().into_iter().find(|name| sample.get(name).is_none()) {
        None => Ok(names),
        Some(missing) => Err(node.problem(format!("the event has no field `{missing}`"))),
    }
}

/// Absent when only the URL tells the event: it is then known by no field.
fn detect(node: &Node) -> Result<Detect, Problem> {
    Ok(node.detect()?.unwrap_or(Detect {
        present: Vec::new(),
        absent: Vec::new(),
    }))
}
