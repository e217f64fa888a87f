//! AI Rudder's messages may quote the request. What the request says of people and of the account is redacted before a message becomes part of an
//! error.

use std::sync::Arc;

use http::header::AUTHORIZATION;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::content::Content;
use crate::model::{Model, Ref, Wire, Written, hide_fields, hide_texts};
use crate::redact::Redactor;

/// Everything that a request says of people and of the account.
pub(crate) struct RequestRedaction<'a> {
    pub(crate) content: &'a Content<'a>,
    /// The client's own secrets.
    pub(crate) account: &'a [SecretString],
    /// The token or signature of this attempt.
    pub(crate) authorization: &'a [Arc<SecretString>],
}

impl RequestRedaction<'_> {
    pub(crate) fn apply(&self, message: &mut Redactor<'_>) {
        let authorization = self.authorization.iter().map(AsRef::as_ref);
        for secret in self.account.iter().chain(authorization) {
            message.secret(secret.expose_secret());
        }
        hide_content(self.content, message);
    }
}

/// Redacts what is marked sensitive, and what is beyond the contract, since it may be anything.
fn hide_content(content: &Content<'_>, message: &mut Redactor<'_>) {
    match content.params {
        Wire::None => {}
        Wire::Typed(model) => hide_params(model.as_ref(), message),
        Wire::Named(fields) => hide_fields(&fields.to_value(), content.shape, message),
    }
    content.file.into_iter().for_each(|file| message.personal(&file.name));
    content.body.into_iter().for_each(|body| hide_texts(body, message));
    let extra = content.extras.query.values().chain(content.extras.body.values());
    extra.for_each(|value| hide_texts(value, message));
    for (name, value) in content.extras.headers {
        if name.eq_ignore_ascii_case(AUTHORIZATION.as_str()) {
            hide_authorization(value, message);
        } else {
            message.personal(value);
        }
    }
}

/// The scheme stays readable: "Token" is a word of many messages.
fn hide_authorization(value: &str, message: &mut Redactor<'_>) {
    let credentials = value.split_once(' ').map_or(value, |(_, credentials)| credentials);
    message.secret(credentials.trim());
}

fn hide_params(params: &dyn Model, message: &mut Redactor<'_>) {
    if let Ok(Value::Object(fields)) = serde_json::to_value(Written::wire(Ref::Model(params))) {
        hide_fields(&fields, Some(params.shape()), message);
    }
}
