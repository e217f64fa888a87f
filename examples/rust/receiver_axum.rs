//! Receives AI Rudder's events with axum and remembers in a file which were handled.
//!
//! `receiver_axum [ADDRESS [FILE]]` listens on `127.0.0.1:8080` and takes `events.db` unless told otherwise. Give AI Rudder one URL for each kind:
//! `https://your.host/events/call.finished`. The keys come from the environment: `AIRUDDER_ENCRYPTION_KEY`, `AIRUDDER_SIGN_SECRET` and others.

use std::error::Error;
use std::sync::Arc;

use airudder::events::SqliteStore;
use airudder::{Client, EventData, EventKind};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let file = arguments.next().unwrap_or_else(|| "events.db".to_owned());

    let router = Client::from_env()?
        .events()
        .router(Arc::new(SqliteStore::open(file)?))
        .on(EventKind::CallFinished, |event| async move {
            if let EventData::CallFinished(call) = event.data {
                println!("call {} was {}", call.call_id.unwrap_or_default(), call.status.unwrap_or_default());
            }
            Ok(())
        })
        .otherwise(|event| async move {
            println!("{} came", event.kind);
            Ok(())
        });

    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, axum::Router::new().nest_service("/events", router.into_axum())).await?;
    Ok(())
}
