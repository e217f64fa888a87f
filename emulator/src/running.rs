//! An emulator that runs.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use thiserror::Error;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::chatbot::files::links;
use crate::contract::{Contract, ContractError};
use crate::envelope::Refusal;
use crate::events::sender::Sender;
use crate::settings::Settings;
use crate::world::Shared;
use crate::{api, control, page, server};

/// Why an emulator did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The speed is no number from 0 on.
    #[error("the speed must be 0 or more")]
    Speed,
    /// The port is taken, or the system refuses it.
    #[error("port {port} of 127.0.0.1 cannot be listened on: {source}")]
    Port {
        /// Which port.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// The system gives no thread or timer.
    #[error("the emulator cannot run: {0}")]
    System(#[from] std::io::Error),
    /// The program's own contract is broken.
    #[error(transparent)]
    Contract(#[from] ContractError),
    /// The client that posts events cannot be set up.
    #[error("events cannot be posted: {0}")]
    Events(Box<dyn std::error::Error + Send + Sync>),
}

/// An emulator that runs on a thread of its own, until it is dropped.
#[derive(Debug)]
pub struct Emulator {
    url: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Emulator {
    /// Starts an emulator. It listens when this returns.
    pub fn start(settings: Settings) -> Result<Self, StartError> {
        if !(settings.speed.is_finite() && settings.speed >= 0.0) {
            return Err(StartError::Speed);
        }
        let contract = Contract::load()?;
        let sender = Sender::new(settings.events_timeout).map_err(StartError::Events)?;
        let listener = listen(settings.port).map_err(|source| StartError::Port {
            port: settings.port,
            source,
        })?;
        let url = format!("http://{}", listener.local_addr()?);
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let shared = Arc::new(Shared::new(contract, settings, sender, url.clone()));
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name("airudder-emulator".to_owned()).spawn(move || {
            if let Err(error) = run(&runtime, listener, &shared, stopped) {
                tracing::error!(%error, "the emulator stopped");
            }
            // What is still being made for a download is not waited for.
            runtime.shutdown_background();
        })?;
        Ok(Self {
            url,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The base URL for clients, as `http://127.0.0.1:8181`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // An error means that it has stopped already.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn listen(port: u16) -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn run(runtime: &Runtime, listener: TcpListener, shared: &Arc<Shared>, stopped: oneshot::Receiver<()>) -> std::io::Result<()> {
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let router = router(shared.clone());
        // Dropped unsent means that nobody can stop it any more, so it stops.
        let stop = async {
            let _ = stopped.await;
        };
        tokio::select! {
            () = shared.live() => {}
            () = server::serve(listener, router, stop) => {}
        }
        Ok(())
    })
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(page::show))
        .route("/recordings/{file}", get(recording))
        .merge(control::router())
        .merge(links::router())
        .fallback(api::handle)
        .with_state(shared)
}

/// A recording by its link, without a token.
async fn recording(State(shared): State<Arc<Shared>>, Path(file): Path<String>, Query(query): Query<HashMap<String, String>>) -> Response {
    let call_id = file.strip_suffix(".wav").unwrap_or(&file);
    let found = {
        let world = shared.world();
        let expires = query.get("expires").and_then(|text| text.parse().ok());
        let sign = query.get("sign").map_or("", String::as_str);
        world
            .links
            .check(call_id, expires.unwrap_or_default(), sign, world.clock.now())
            .and_then(|()| {
                world
                    .recording(call_id)
                    .ok_or_else(|| Refusal::not_found("there is no such recording"))
            })
    };
    match found {
        Ok(recording) => {
            let name = recording.file_name();
            api::download("audio/wav", &name, move || recording.wav()).await
        }
        Err(refusal) => refusal.into_response(),
    }
}
