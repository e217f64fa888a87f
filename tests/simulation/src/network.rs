//! The network between a client and the server, as a transport of the SDK.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use airudder::{Transport, TransportBody, TransportError, TransportErrorKind, TransportRequest, TransportResponse};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use http::header::AUTHORIZATION;
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::process::Process;
use crate::server::{Answer, Request, Server};
use crate::world::World;

pub struct Network {
    pub world: Arc<World>,
    pub server: Arc<Server>,
    pub process: Process,
}

type Outcome = Result<Answer, TransportErrorKind>;

impl Transport for Network {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        async move {
            self.process.alive().await;
            let outcome = self.exchange(arriving(&request)).await;
            // Who died meanwhile sees no answer.
            self.process.alive().await;
            match outcome {
                Ok(answer) => Ok(self.response(answer)),
                Err(kind) => Err(TransportError::new(kind, "")),
            }
        }
        .boxed()
    }
}

fn arriving(request: &TransportRequest) -> Request {
    let body = match &request.body {
        TransportBody::Bytes(bytes) => serde_json::from_slice(bytes).unwrap_or(Value::Null),
        TransportBody::Stream(_) => Value::Null,
    };
    let token = request.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    Request {
        path: request.url.path().to_owned(),
        token: token.and_then(|value| value.strip_prefix("Token ")).map(str::to_owned),
        body,
    }
}

impl Network {
    async fn exchange(&self, request: Request) -> Outcome {
        if self.server.is_down() || self.world.chance("connection refused", 0.05) {
            sleep(self.world.up_to(Duration::from_secs(2))).await;
            return Err(TransportErrorKind::NotSent);
        }
        let (sender, receiver) = oneshot::channel();
        // What was sent travels on, whatever becomes of the sender.
        tokio::spawn(travel(self.world.clone(), self.server.clone(), request, sender));
        receiver.await.unwrap_or(Err(TransportErrorKind::Lost))
    }

    /// The response, whose body may come in pieces, or not whole.
    fn response(&self, answer: Answer) -> TransportResponse {
        let mut response = TransportResponse::new(answer.status, Bytes::new());
        response.headers = answer.headers;
        let mut body = Bytes::from(answer.body);
        let mut pieces: Vec<Result<Bytes, TransportErrorKind>> = Vec::new();
        if body.len() > 1 && self.world.below(3) == 0 {
            pieces.push(Ok(body.split_to(self.world.below(body.len()))));
        }
        let mut stalls = false;
        if self.world.chance("cut inside the answer", 0.04) {
            body.truncate(body.len() / 2);
            pieces.extend([Ok(body), Err(TransportErrorKind::Lost)]);
        } else if self.world.chance("stall inside the answer", 0.03) {
            stalls = true;
        } else {
            pieces.push(Ok(body));
        }
        let (world, process) = (self.world.clone(), self.process.clone());
        let pieces = stream::iter(pieces).then(move |piece| {
            let (world, process) = (world.clone(), process.clone());
            async move {
                sleep(world.up_to(Duration::from_secs(1))).await;
                process.alive().await;
                piece.map_err(|kind| TransportError::new(kind, ""))
            }
        });
        response.body = if stalls {
            pieces.chain(stream::pending()).boxed()
        } else {
            pieces.boxed()
        };
        response
    }
}

/// The way of a request to the server, and of the answer back.
async fn travel(world: Arc<World>, server: Arc<Server>, request: Request, sender: oneshot::Sender<Outcome>) {
    let slowest = if world.chance("late arrival", 0.05) { 300 } else { 2 };
    sleep(world.up_to(Duration::from_secs(slowest))).await;
    if world.chance("black hole", 0.02) {
        // The request is lost without an error.
        pending::<()>().await;
    }
    if server.is_down() || world.chance("cut before arrival", 0.04) {
        sender.send(Err(TransportErrorKind::Lost)).ok();
        return;
    }
    let Some(answer) = server.take(&request) else {
        sender.send(Err(TransportErrorKind::Lost)).ok();
        return;
    };
    let slowest = if world.chance("late answer", 0.05) { 300 } else { 2 };
    sleep(world.up_to(Duration::from_secs(slowest))).await;
    let outcome = if world.chance("cut before the answer", 0.04) {
        Err(TransportErrorKind::Lost)
    } else if world.chance("damaged answer", 0.02) {
        Err(TransportErrorKind::Damaged)
    } else {
        Ok(answer)
    };
    sender.send(outcome).ok();
}
