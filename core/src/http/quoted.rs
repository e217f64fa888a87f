//! AI Rudder's words may quote the request. What the request said of people is taken out of them before they stand in an error.

use secrecy::ExposeSecret as _;
use serde_json::{Map, Value};

use crate::config::Config;
use crate::http::proof::Proof;
use crate::model::{Kind, Model, Ref, Shape, Wire, Written};
use crate::options::CallOptions;
use crate::redact::hide;
use crate::upload::Part;

/// All that a request said of people and of the account.
pub(crate) struct Quotable<'a> {
    pub(crate) sent: &'a Sent<'a>,
    pub(crate) config: &'a Config,
    pub(crate) proof: &'a Proof,
}

impl Quotable<'_> {
    pub(crate) fn hide_in(&self, message: &mut String) {
        // The secret first: the key may be a part of it.
        hide(message, self.config.app_secret.expose_secret());
        hide(message, self.config.app_key.expose_secret());
        self.proof.hide_in(message);
        self.config.signing.hide_in(message);
        self.sent.hide_in(message);
    }
}

/// What a request is made of.
pub(crate) struct Sent<'a> {
    pub(crate) wire: &'a Wire,
    pub(crate) shape: Option<&'static Shape>,
    /// A body in place of the fields, for raw calls.
    pub(crate) body: Option<&'a Value>,
    /// The file of an upload.
    pub(crate) file: Option<&'a Part>,
    pub(crate) options: &'a CallOptions,
}

impl Sent<'_> {
    /// Hides in `message` all that is marked sensitive, and all that is beyond the contract, for nobody knows what that is.
    fn hide_in(&self, message: &mut String) {
        match self.wire {
            Wire::None => {}
            Wire::Typed(model) => hide_model(model.as_ref(), message),
            Wire::Named(fields) => hide_fields(&fields.to_value(), self.shape, message),
        }
        self.file.into_iter().for_each(|file| hide(message, &file.name));
        self.body.into_iter().for_each(|body| hide_texts(body, message));
        let extra = self.options.extra_query.values().chain(self.options.extra_body.values());
        extra.for_each(|value| hide_texts(value, message));
        self.options.extra_headers.values().for_each(|value| hide(message, value));
    }
}

fn hide_model(model: &dyn Model, message: &mut String) {
    for (index, field) in model.shape().fields.iter().enumerate() {
        match model.get(index) {
            Ref::Absent => {}
            Ref::Text(text) if field.sensitive => hide(message, text),
            // A list or a map of texts, or free JSON: all that is in it.
            value if field.sensitive => hide_texts(&serde_json::to_value(Written::wire(value)).unwrap_or_default(), message),
            Ref::Model(inner) => hide_model(inner, message),
            Ref::List(list) => {
                for index in 0..list.len() {
                    if let Ref::Model(inner) = list.get(index) {
                        hide_model(inner, message);
                    }
                }
            }
            _ => {}
        }
    }
    for (_, value) in model.extra().iter() {
        hide_texts(value, message);
    }
}

fn hide_fields(fields: &Map<String, Value>, shape: Option<&'static Shape>, message: &mut String) {
    for (name, value) in fields {
        let field = shape.and_then(|shape| shape.fields.iter().find(|field| field.wire == name));
        match (field, value) {
            (None, value) => hide_texts(value, message),
            (Some(field), value) if field.sensitive => hide_texts(value, message),
            (Some(field), Value::Array(list)) => {
                let item = if let Kind::List(item) = field.kind { item.shape() } else { None };
                if item.is_some() {
                    list.iter()
                        .filter_map(Value::as_object)
                        .for_each(|fields| hide_fields(fields, item, message));
                }
            }
            (Some(field), Value::Object(inner)) => {
                if let Some(shape) = field.kind.shape() {
                    hide_fields(inner, Some(shape), message);
                }
            }
            _ => {}
        }
    }
}

fn hide_texts(value: &Value, message: &mut String) {
    match value {
        Value::String(text) => hide(message, text),
        Value::Array(list) => list.iter().for_each(|value| hide_texts(value, message)),
        Value::Object(map) => map.values().for_each(|value| hide_texts(value, message)),
        Value::Number(number) => hide(message, &number.to_string()),
        Value::Null | Value::Bool(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CreateWorkflow, OutgoingMessage, SendMessage, TextContent, WorkflowContact};

    fn hidden(params: &dyn Model, message: &str) -> String {
        let mut message = message.to_owned();
        hide_model(params, &mut message);
        message
    }

    #[test]
    fn what_variables_and_messages_say_is_hidden_too() {
        let variables = [("who".to_owned(), "Budi Santoso".to_owned())];
        let contact = WorkflowContact::new("+6281230000001").variables(std::collections::BTreeMap::from(variables));
        let workflow = CreateWorkflow::new(7, "n", "2026-11-24 18:00:00+08:00").details(vec![contact]);
        let said = hidden(&workflow, "no robot for Budi Santoso at +6281230000001");
        assert!(!said.contains("Budi") && !said.contains("81230000001"), "{said}");

        let message = SendMessage::new("c", vec![OutgoingMessage::new(TextContent::new().text("My secret wish"))]);
        let said = hidden(&message, "forbidden words: My secret wish");
        assert!(!said.contains("secret"), "{said}");
    }
}
