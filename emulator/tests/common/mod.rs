//! A client, a receiver of events and a task to start from.

#![allow(dead_code, reason = "each test file uses its part")]

use std::sync::{Arc, Mutex};

use airudder_emulator::{Emulator, Settings};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, Method, StatusCode, Uri};
use jiff::civil::date;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

pub const ANSWERS: &str = "+6281200000001";
pub const DOES_NOT_ANSWER: &str = "+6281200000002";
pub const BUSY: &str = "+6281200000003";

/// An emulator on 2 March 2026, 09:00, whose clock moves only when it is told to.
pub fn settings() -> Settings {
    Settings {
        speed: 0.0,
        clock_start: date(2026, 3, 2).at(9, 0, 0, 0),
        ..Settings::default()
    }
}

pub fn client() -> Client {
    // An error means that another test of this process was faster.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .no_proxy()
        // A connection that a fault has cut is not to be used by the next request.
        .pool_max_idle_per_host(0)
        .build()
        .expect("a client")
}

/// An emulator and a client that has signed in.
pub struct Api {
    pub emulator: Emulator,
    pub client: Client,
    pub token: String,
}

impl Api {
    pub async fn start(settings: Settings) -> Self {
        let mut api = Self {
            emulator: Emulator::start(settings).expect("an emulator"),
            client: client(),
            token: String::new(),
        };
        api.token = api.sign_in().await;
        api
    }

    pub async fn sign_in(&self) -> String {
        let credentials = json!({"APPKey": "key", "APPSecret": "secret"});
        let (status, answer) = self.post("/service/cloud/auth", &credentials).await;
        assert_eq!(status, 200, "{answer}");
        answer["data"]["token"].as_str().expect("a token").to_owned()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.emulator.url())
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, self.url(path))
            .header("Authorization", format!("Token {}", self.token))
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        read(send(self.request(Method::GET, path)).await).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        read(send(self.request(Method::POST, path).body(body.to_string())).await).await
    }

    /// The data of an answer that has to be a success.
    pub async fn data(&self, path: &str) -> Value {
        let (status, answer) = self.get(path).await;
        assert_eq!((status, &answer["code"]), (200, &json!(200)), "{answer}");
        answer["data"].clone()
    }

    pub async fn create(&self, mobiles: &[&str]) -> String {
        let (status, answer) = self.post("/service/cloud/task", &task(mobiles)).await;
        assert_eq!(status, 200, "{answer}");
        answer["data"]["TaskID"].as_str().expect("an id").to_owned()
    }

    pub async fn detail(&self, task_id: &str) -> Value {
        self.data(&format!("/service/cloud/detail?TaskID={task_id}")).await
    }

    /// Moves the clock ahead and waits until everything that is due has happened.
    pub async fn advance(&self, seconds: u32) {
        let order = json!({"seconds": seconds, "wait": true});
        let (status, answer) = self.post("/_emulator/clock/advance", &order).await;
        assert_eq!(status, 200, "{answer}");
    }

    pub async fn fault(&self, order: Value) {
        let (status, answer) = self.post("/_emulator/faults", &order).await;
        assert_eq!(status, 200, "{answer}");
    }
}

pub async fn send(request: RequestBuilder) -> Response {
    request.send().await.expect("an answer")
}

pub async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

pub fn task(mobiles: &[&str]) -> Value {
    let details: Vec<_> = mobiles.iter().map(|mobile| json!({"Mobile": mobile})).collect();
    json!({
        "TaskName": "March", "RobotID": "1001", "Details": details,
        "ScheduleStartTime": "2026-03-02 09:00:00", "ScheduleEndTime": "2026-03-02 18:00:00",
    })
}

/// A customer's server that takes events.
pub struct Receiver {
    pub url: String,
    pub received: Arc<Mutex<Received>>,
}

#[derive(Default)]
pub struct Received {
    pub events: Vec<(HeaderMap, Bytes)>,
    /// Where each of them was posted to.
    pub paths: Vec<String>,
    /// What the next events are answered with; 200 when there is nothing left.
    pub answers: Vec<u16>,
}

impl Receiver {
    pub async fn start() -> Self {
        let received = Arc::new(Mutex::new(Received::default()));
        let router = Router::new()
            .route("/events", post(receive))
            .route("/events/{kind}", post(receive))
            .with_state(received.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/events", listener.local_addr().expect("an address"));
        tokio::spawn(async { axum::serve(listener, router).await });
        Self { url, received }
    }

    /// The next events are answered so.
    pub fn answer(&self, answers: &[u16]) {
        self.received.lock().expect("a lock").answers = answers.iter().rev().copied().collect();
    }

    /// The events that came since the last time.
    pub fn take(&self) -> Vec<(HeaderMap, Bytes)> {
        std::mem::take(&mut self.received.lock().expect("a lock").events)
    }

    /// The paths of the events that came since the last time.
    pub fn take_paths(&self) -> Vec<String> {
        std::mem::take(&mut self.received.lock().expect("a lock").paths)
    }

    pub fn take_bodies(&self) -> Vec<Value> {
        let events = self.take();
        let body = |(_, body): &(_, Bytes)| serde_json::from_slice(body).expect("JSON");
        events.iter().map(body).collect()
    }
}

async fn receive(State(received): State<Arc<Mutex<Received>>>, uri: Uri, headers: HeaderMap, body: Bytes) -> StatusCode {
    let mut received = received.lock().expect("a lock");
    received.paths.push(uri.path().to_owned());
    received.events.push((headers, body));
    let status = received.answers.pop().unwrap_or(200);
    StatusCode::from_u16(status).expect("a status")
}
