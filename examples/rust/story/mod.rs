//! What the stories of this folder have in common: a receiver of events, the emulator's own addresses, and a check of everything.

#![allow(dead_code, reason = "each story needs a part of it")]

use std::error::Error;
use std::sync::{Arc, Mutex};

use airudder::{Client, Event};
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

pub type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

pub type Received = Arc<Mutex<Vec<Event>>>;

/// Serves the URL that events are posted to.
pub async fn receive_events(client: &Client) -> Outcome<Received> {
    let received = Received::default();
    let (events, shared) = (client.events(), received.clone());
    let router = Router::new().fallback(move |headers: HeaderMap, body: Bytes| async move {
        let headers: Vec<_> = headers
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .collect();
        match (events.unwrap(&body, &headers, None), shared.lock()) {
            (Ok(event), Ok(mut received)) => {
                received.push(event);
                StatusCode::OK
            }
            _ => StatusCode::BAD_REQUEST,
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/events", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router).await });
    // AI Rudder is told this URL in its console; the emulator is told it here.
    let told = emulator(reqwest::Method::PUT, "/_emulator/events", Some(json!({ "url": url }))).await?;
    check("the emulator knows where to post events", told["code"] == 200)?;
    Ok(received)
}

/// Calls an address of the emulator that AI Rudder does not have.
pub async fn emulator(method: reqwest::Method, path: &str, body: Option<Value>) -> Outcome<Value> {
    let url = std::env::var("AIRUDDER_BASE_URL")? + path;
    // The SDK's TLS is its own; this client only ever speaks plain HTTP to the emulator, and still has to be given some.
    rustls::crypto::ring::default_provider().install_default().ok();
    let mut request = reqwest::Client::new().request(method, url);
    if let Some(body) = body {
        request = request.body(body.to_string());
    }
    Ok(serde_json::from_slice(&request.send().await?.bytes().await?)?)
}

/// Ends the story when something is not as it should be.
pub fn check(what: &str, holds: bool) -> Outcome<()> {
    if holds { Ok(()) } else { Err(format!("not so: {what}").into()) }
}

pub fn say(line: &str) {
    println!("  rust    {line}");
}
