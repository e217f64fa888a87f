//! The receiver as a service of axum.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::routing::post;
use futures_util::TryStreamExt as _;
use tokio::time::timeout;

use super::receiver::Receiver;
use super::router::EventRouter;

impl EventRouter {
    /// Returns a router of axum that takes every POST, on any path. Nest it where AI Rudder posts to, and give AI Rudder one URL for each kind, such as
    /// `https://example.com/events/call.finished`. If the last segment is not a kind, the kind is detected from the body.
    ///
    /// ```no_run
    /// # async fn run(router: airudder::EventRouter) -> std::io::Result<()> {
    /// let app = axum::Router::new().nest_service("/events", router.into_axum());
    /// let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    /// axum::serve(listener, app).await
    /// # }
    /// ```
    pub fn into_axum(self) -> Router {
        Router::new().fallback_service(post(receive).with_state(self))
    }
}

async fn receive(State(router): State<EventRouter>, request: Request<Body>) -> (StatusCode, &'static str) {
    let (head, body) = request.into_parts();
    let body = match timeout(router.body_timeout, read(body, router.max_bytes())).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return (StatusCode::BAD_REQUEST, "refused"),
        Err(_) => return (StatusCode::REQUEST_TIMEOUT, "refused"),
    };
    let headers: Vec<_> = head
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let reply = router.handle(&body, &headers, Receiver::kind_of_path(head.uri.path())).await;
    (
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        reply.outcome,
    )
}

/// Reads a body into one buffer: a list of its chunks would keep the memory in which each arrived, and each may be a single byte. A body that is larger
/// than the limit ends with the chunk that makes it so; the router says that it is too large.
async fn read(body: Body, limit: usize) -> Result<Vec<u8>, axum::Error> {
    let mut chunks = body.into_data_stream();
    let mut body = Vec::new();
    while body.len() <= limit
        && let Some(chunk) = chunks.try_next().await?
    {
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
