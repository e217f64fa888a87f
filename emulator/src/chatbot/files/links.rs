//! The links under which uploaded files are downloaded.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{HeaderValue, header};

use crate::envelope::{Envelope, Refusal, json_response};
use crate::world::Shared;

/// The links to files. They need no sign, as who shows a message has none.
pub fn router() -> Router<Arc<Shared>> {
    Router::new().route("/files/{id}", get(show))
}

async fn show(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let file = shared.world().chatbot.files.by_id.get(&id).cloned();
    let Some(file) = file else {
        let refusal = Refusal::not_found("there is no such file");
        return json_response(refusal.status, &Envelope::Chatbot.refusal(&refusal)).into_response();
    };
    let mut response = Response::new(Body::from(file.bytes));
    let headers = response.headers_mut();
    if let Ok(content_type) = HeaderValue::from_str(&file.content_type) {
        headers.insert(header::CONTENT_TYPE, content_type);
    }
    // A page that somebody uploaded is no page of the emulator's.
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let name: String = file.name.chars().filter(|letter| !matches!(letter, '"' | '\\')).collect();
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    headers.insert(
        header::CONTENT_DISPOSITION,
        disposition.unwrap_or_else(|_| HeaderValue::from_static("attachment")),
    );
    response
}
