//! AI Rudder's messages may quote the request. What the request says of people and of the account is redacted before a message becomes part of an
//! error.

use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};

use super::content::Content;
use crate::model::{Kind, Model, Ref, Shape, Wire, Written};
use crate::redact::hide;

/// Everything that a request says of people and of the account.
pub(crate) struct RequestRedaction<'a> {
    pub(crate) content: &'a Content<'a>,
    /// The client's own secrets. One that may contain another comes first.
    pub(crate) account: &'a [SecretString],
    /// The token or signature of this attempt.
    pub(crate) authorization: &'a [Arc<SecretString>],
}

impl RequestRedaction<'_> {
    pub(crate) fn apply(&self, message: &mut String) {
        let authorization = self.authorization.iter().map(AsRef::as_ref);
        for secret in self.account.iter().chain(authorization) {
            hide(message, secret.expose_secret());
        }
        hide_content(self.content, message);
    }
}

/// Redacts what is marked sensitive, and what is beyond the contract, since it may be anything.
fn hide_content(content: &Content<'_>, message: &mut String) {
    match content.params {
        Wire::None => {}
        Wire::Typed(model) => hide_params(model.as_ref(), message),
        Wire::Named(fields) => hide_fields(&fields.to_value(), content.shape, message),
    }
    content.file.into_iter().for_each(|file| hide(message, &file.name));
    content.body.into_iter().for_each(|body| hide_texts(body, message));
    let extra = content.extras.query.values().chain(content.extras.body.values());
    extra.for_each(|value| hide_texts(value, message));
    content.extras.headers.values().for_each(|value| hide(message, value));
}

fn hide_params(params: &dyn Model, message: &mut String) {
    if let Ok(Value::Object(fields)) = serde_json::to_value(Written::wire(Ref::Model(params))) {
        hide_fields(&fields, Some(params.shape()), message);
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
