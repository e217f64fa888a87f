//! The receiver as a service of axum.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::routing::post;

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
    // One byte more than is taken, so that the router says what is too much.
    let limit = router.max_bytes().saturating_add(1);
    let Ok(body) = to_bytes(body, limit).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "refused");
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
