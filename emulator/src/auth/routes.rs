//! The `auth.token` operation.

use serde_json::json;

use crate::envelope::Refusal;
use crate::request::{Answer, Call, Handler};

/// The handler of `auth.token`.
#[must_use]
pub fn handler(name: &str) -> Option<Handler> {
    (name == "token").then_some(token)
}

fn token(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let now = call.now();
    let token = call.world.tokens.issue(&call.body, call.settings.credentials.as_ref(), now)?;
    Ok(Answer::Json(json!({"token": token})))
}
