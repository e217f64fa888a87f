//! Events: what a document's `webhooks` say.

use super::Problem;
use super::document::Node;
use super::operation::Reader;
use super::schema::source;
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
        Ok(Event {
            snake: case::snake(kind),
            pascal: case::pascal(kind),
            family: self.family.to_owned(),
            model: model.ok_or_else(|| body.problem("an event is an object with a name under `components/schemas`"))?,
            summary: node.required_text("summary")?,
            description: node.required_text("description")?,
            source: source(node)?.ok_or_else(|| node.problem("`x-airudder-source` is missing"))?,
            page: titles.first,
            pages: titles.all,
            detect: detect(node)?,
            kind: kind.to_owned(),
        })
    }
}

/// Absent when only the URL tells the event: it is then known by no field.
fn detect(node: &Node) -> Result<Detect, Problem> {
    Ok(node.detect()?.unwrap_or(Detect {
        present: Vec::new(),
        absent: Vec::new(),
    }))
}
