//! The addresses by which a suite lists, starts and finishes cases, and is led through walks.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::cases::{Cases, Outcome, SUITES};
use crate::http::{Connection, Request};
use crate::play::Play;
use crate::walk::{Progress, Table, Walks};

const ADDRESSES: &str = "GET /_cases, POST /_cases/<file>/<name>/start, POST /_cases/<id>/finish, \
    GET /_walks, POST /_walks/<file>/start, POST /_walks/<id>/next, GET /_walks/missing";

/// What a suite reports when it has played a case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    outcomes: Vec<Outcome>,
}

/// What a suite reports to learn the next step of a walk: how the step before ended, if there was one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stride {
    outcome: Option<Outcome>,
}

/// The case server.
#[derive(Debug)]
pub struct Control {
    cases: Cases,
    plays: Mutex<HashMap<String, Play>>,
    walks: Walks,
    underway: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Progress>>>>,
    called: Mutex<BTreeSet<String>>,
    table: Table,
    started: AtomicU64,
}

/// An HTTP status and what is said with it.
type Answer = (u16, Value);

impl Control {
    #[must_use]
    pub fn new(cases: Cases, walks: Walks, table: Table) -> Self {
        Self {
            cases,
            plays: Mutex::default(),
            walks,
            underway: Mutex::default(),
            called: Mutex::default(),
            table,
            started: AtomicU64::default(),
        }
    }

    /// Serves until the process ends.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        let control = Arc::new(self);
        loop {
            let (stream, _) = listener.accept().await?;
            let control = Arc::clone(&control);
            tokio::spawn(async move {
                let mut connection = Connection::new(stream);
                while let Ok(Some(request)) = connection.request().await {
                    let (status, body) = control.answer(&request).await.unwrap_or_else(|refusal| refusal);
                    if connection.send_json(status, &body).await.is_err() {
                        return;
                    }
                }
            });
        }
    }

    async fn answer(&self, request: &Request) -> Result<Answer, Answer> {
        let parts: Vec<&str> = request.path().split('/').skip(1).collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("GET", ["_cases"]) => {
                let suite = suite(request)?;
                let cases = self.cases.of_suite(suite);
                Ok((200, cases.map(|(file, name)| json!({"file": file, "name": name})).collect()))
            }
            ("POST", ["_cases", file, name, "start"]) => self.start(file, name, suite(request)?).await,
            ("POST", ["_cases", id, "finish"]) => self.finish(id, &request.body),
            ("GET", ["_walks"]) => Ok((200, self.walks.names().map(|file| json!({"file": file})).collect())),
            ("GET", ["_walks", "missing"]) => self.missing(suite(request)?),
            ("POST", ["_walks", file, "start"]) => self.set_out(file, suite(request)?).await,
            ("POST", ["_walks", id, "next"]) => self.go_on(id, &request.body).await,
            _ => Err(refusal(404, ADDRESSES)),
        }
    }

    async fn start(&self, file: &str, name: &str, suite: &str) -> Result<Answer, Answer> {
        let case = self.cases.find(file, name).ok_or_else(|| refusal(404, "there is no such case"))?;
        let (play, mut shown) = Play::start(case, suite).await.map_err(|error| refusal(500, &error.to_string()))?;
        let id = self.started.fetch_add(1, Ordering::Relaxed).to_string();
        shown["id"] = json!(id);
        lock(&self.plays).insert(id, play);
        Ok((200, shown))
    }

    fn finish(&self, id: &str, body: &[u8]) -> Result<Answer, Answer> {
        let play = lock(&self.plays).remove(id);
        let play = play.ok_or_else(|| refusal(404, "this case was not started, or it is finished"))?;
        let report: Report = serde_json::from_slice(body).map_err(|error| refusal(400, &error.to_string()))?;
        let problems = play.finish(&report.outcomes);
        Ok((200, json!({"ok": problems.is_empty(), "problems": problems})))
    }

    async fn set_out(&self, file: &str, suite: &str) -> Result<Answer, Answer> {
        let walk = self.walks.find(file).ok_or_else(|| refusal(404, "there is no such walk"))?;
        let started = Progress::start(walk, suite).await;
        let (progress, client) = started.map_err(|error| refusal(500, &error.to_string()))?;
        let id = self.started.fetch_add(1, Ordering::Relaxed).to_string();
        let progress = Arc::new(tokio::sync::Mutex::new(progress));
        lock(&self.underway).insert(id.clone(), progress);
        Ok((200, json!({"id": id, "client": client})))
    }

    async fn go_on(&self, id: &str, body: &[u8]) -> Result<Answer, Answer> {
        let stride: Stride = serde_json::from_slice(body).map_err(|error| refusal(400, &error.to_string()))?;
        let progress = lock(&self.underway).get(id).cloned();
        let progress = progress.ok_or_else(|| refusal(404, "this walk was not started, or it has ended"))?;
        let mut progress = progress.lock().await;
        let next = progress.go_on(stride.outcome.as_ref()).await;
        if next["done"] == true {
            lock(&self.called).extend(progress.answered().iter().cloned());
            lock(&self.underway).remove(id);
        }
        Ok((200, next))
    }

    /// Keeps what the suite called for the table, and says what it did not.
    fn missing(&self, suite: &str) -> Result<Answer, Answer> {
        let missing = self.table.note(suite, &lock(&self.called));
        Ok((200, json!({"missing": missing.map_err(|error| refusal(500, &error))?})))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn suite(request: &Request) -> Result<&str, Answer> {
    request
        .query()
        .and_then(|query| query.strip_prefix("suite="))
        .filter(|suite| SUITES.contains(suite))
        .ok_or_else(|| refusal(400, "say which suite asks: ?suite=rust, python, node or kotlin"))
}

fn refusal(status: u16, text: &str) -> Answer {
    (status, json!({"ok": false, "problems": [text]}))
}
