//! One case being played: its own listener, its own folder, and what has happened so far.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};

use crate::body::Body;
use crate::cases::{Answer, Auth, Case, Fault, Framing, Outcome};
use crate::compare;
use crate::http::{Connection, Request};
use crate::names;

const SIGN_IN: &str = "/service/cloud/auth";
const TOKEN: &str = "case-token";

/// A case that has been started.
#[derive(Debug)]
pub struct Play {
    script: Arc<Script>,
    camel: bool,
    folder: TempDir,
    listener: JoinHandle<()>,
    /// Bound and never listening: a connection to it is refused, and nobody else gets its port.
    _closed: TcpSocket,
}

/// The case and how far it has come. Shared by its connections.
#[derive(Debug)]
struct Script {
    case: Case,
    progress: Mutex<Progress>,
    /// The last answer waits until nobody listens any more.
    last: Notify,
    deaf: Notify,
}

#[derive(Debug, Default)]
struct Progress {
    exchanges: usize,
    sign_ins: usize,
    problems: Vec<String>,
}

/// What a connection does with a request.
enum Reply {
    Scripted(usize),
    Token,
    Unexpected,
}

impl Play {
    /// Starts the case for a suite; also gives what the suite needs to know of it.
    pub async fn start(raw: &Value, suite: &str) -> io::Result<(Self, Value)> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let closed = TcpSocket::new_v4()?;
        closed.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let folder = tempfile::tempdir()?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let places = [
            ("$BASE_URL", base_url.clone()),
            ("$CLOSED_URL", format!("http://{}", closed.local_addr()?)),
            ("$TMP", folder.path().display().to_string()),
        ];
        let mut case: Case = serde_json::from_value(fill(raw, &places)).map_err(io::Error::other)?;
        fill_client(&mut case, &base_url);
        write_setup(&case, folder.path())?;

        let camel = matches!(suite, "node" | "kotlin");
        let shown = shown_case(&case, camel);
        let script = Arc::new(Script {
            case,
            progress: Mutex::default(),
            last: Notify::new(),
            deaf: Notify::new(),
        });
        let play = Self {
            listener: tokio::spawn(serve(listener, Arc::clone(&script))),
            script,
            camel,
            folder,
            _closed: closed,
        };
        Ok((play, json!({"base_url": base_url, "case": shown})))
    }

    /// Ends the case: everything that was not as expected.
    #[must_use]
    pub fn finish(self, outcomes: &[Outcome]) -> Vec<String> {
        self.listener.abort();
        let case = &self.script.case;
        let mut problems = std::mem::take(&mut self.script.progress().problems);
        let seen = self.script.progress().exchanges;
        for (index, exchange) in case.wire.iter().enumerate().skip(seen) {
            let expect = &exchange.expect;
            problems.push(format!("exchange {}: {} {} never came", index + 1, expect.method, expect.path));
        }
        if outcomes.len() != case.steps.len() {
            problems.push(format!("{} outcomes were reported for {} steps", outcomes.len(), case.steps.len()));
        }
        for (index, (step, actual)) in case.steps.iter().zip(outcomes).enumerate() {
            let mut expected = step.expect.clone();
            if self.camel {
                expected.value = expected.value.as_ref().map(names::to_camel);
                expected.error = expected.error.map(camel_keys);
            }
            let mut found = compare::outcome(&expected, actual);
            found.extend(compare::shown(&secrets(case), actual));
            problems.extend(found.into_iter().map(|problem| format!("step {}: {problem}", index + 1)));
        }
        problems.extend(compare::files(self.folder.path(), &case.setup, &case.files));
        problems
    }
}

impl Drop for Play {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

impl Script {
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of the request and decides what becomes of it.
    fn receive(&self, request: &Request) -> Reply {
        let mut progress = self.progress();
        if self.case.auth == Auth::Implicit && request.path().ends_with(SIGN_IN) {
            progress.sign_ins += 1;
            let count = progress.sign_ins;
            let found = sign_in_problems(&self.case.client, request, count);
            progress
                .problems
                .extend(found.into_iter().map(|problem| format!("token exchange {count}: {problem}")));
            return Reply::Token;
        }
        let index = progress.exchanges;
        progress.exchanges += 1;
        if let Some(exchange) = self.case.wire.get(index) {
            let found = compare::request(&exchange.expect, &self.case, request);
            progress
                .problems
                .extend(found.into_iter().map(|problem| format!("exchange {}: {problem}", index + 1)));
            Reply::Scripted(index)
        } else {
            let problem = format!("exchange {}: {} {} was not expected", index + 1, request.method, request.target);
            progress.problems.push(problem);
            Reply::Unexpected
        }
    }

    fn trouble(&self, problem: String) {
        self.progress().problems.push(problem);
    }
}

fn sign_in_problems(client: &Map<String, Value>, request: &Request, count: usize) -> Vec<String> {
    let mut problems = Vec::new();
    let wanted = json!({"APPKey": client.get("app_key"), "APPSecret": client.get("app_secret")}).to_string();
    if request.method != "POST" {
        problems.push(format!("method is {}, expected POST", request.method));
    }
    if request.body != wanted.as_bytes() {
        problems.push(format!("body is `{}`, expected `{wanted}`", String::from_utf8_lossy(&request.body)));
    }
    for name in ["authorization", "is-encrypted", "signed"] {
        if request.header(name).is_some() {
            problems.push(format!("header `{name}` does not belong there"));
        }
    }
    if count > 1 {
        problems.push("one token serves the whole case".to_owned());
    }
    problems
}

async fn serve(listener: TcpListener, script: Arc<Script>) {
    // The set ends its connections when this task is aborted.
    let mut connections = JoinSet::new();
    while let Some(stream) = next_connection(&listener, &script).await {
        let script = Arc::clone(&script);
        connections.spawn(async move {
            let mut connection = Connection::new(stream);
            loop {
                match connection.request().await {
                    Ok(Some(request)) => match answer(&mut connection, &script, &request).await {
                        Ok(true) => {}
                        // A client may hang up on an answer that it does not want.
                        Ok(false) | Err(_) => return,
                    },
                    Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                        return script.trouble(format!("a request could not be read: {error}"));
                    }
                    Ok(None) | Err(_) => return,
                }
            }
        });
    }
    drop(listener);
    script.deaf.notify_one();
    connections.join_all().await;
}

async fn next_connection(listener: &TcpListener, script: &Script) -> Option<TcpStream> {
    tokio::select! {
        accepted = listener.accept() => accepted.ok().map(|(stream, _)| stream),
        () = script.last.notified() => None,
    }
}

/// Answers a request; whether the connection may carry another one.
async fn answer(connection: &mut Connection, script: &Script, request: &Request) -> io::Result<bool> {
    let (status, body) = match script.receive(request) {
        Reply::Scripted(index) => return play_answer(connection, script, &script.case.wire[index].answer).await,
        Reply::Token => (200, json!({"data": {"token": TOKEN}, "status": "OK", "code": 200})),
        Reply::Unexpected => (
            400,
            json!({"code": 400, "status": "Error", "message": "The case expects no request here."}),
        ),
    };
    connection.send_json(status, &body).await?;
    Ok(true)
}

async fn play_answer(connection: &mut Connection, script: &Script, answer: &Answer) -> io::Result<bool> {
    if answer.fault == Some(Fault::NeverAnswer) {
        connection.until_closed().await?;
    }
    if matches!(answer.fault, Some(Fault::NeverAnswer | Fault::CutBeforeAnswer)) {
        return Ok(false);
    }
    if answer.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(answer.delay_ms)).await;
    }
    if answer.last {
        script.last.notify_one();
        script.deaf.notified().await;
    }
    let body = Body::of(answer).map_err(io::Error::other)?;
    connection.stream().write_all(head(answer, body.bytes()).as_bytes()).await?;
    let limit = answer.fault.map(|_| answer.after_bytes.unwrap_or(body.bytes() / 2));
    body.send(connection.stream(), answer.framing, limit).await?;
    if answer.fault == Some(Fault::StallInBody) {
        connection.until_closed().await?;
    }
    Ok(answer.fault.is_none() && answer.framing != Framing::Close)
}

fn head(answer: &Answer, body_bytes: u64) -> String {
    let named = |name: &str| answer.headers.keys().any(|known| known.eq_ignore_ascii_case(name));
    let mut lines = vec![format!("HTTP/1.1 {} Answer", answer.status.unwrap_or(200))];
    if !named("content-type") {
        lines.push("Content-Type: application/json".to_owned());
    }
    lines.push(match answer.framing {
        Framing::Length => format!("Content-Length: {body_bytes}"),
        Framing::Chunked => "Transfer-Encoding: chunked".to_owned(),
        Framing::Close => "Connection: close".to_owned(),
    });
    lines.extend(answer.headers.iter().map(|(name, value)| format!("{name}: {value}")));
    lines.join("\r\n") + "\r\n\r\n"
}

/// The value with its placeholders filled in.
fn fill(value: &Value, places: &[(&str, String)]) -> Value {
    match value {
        Value::String(text) => {
            let filled = places
                .iter()
                .fold(text.clone(), |text, (place, content)| text.replace(place, content));
            Value::String(filled)
        }
        Value::Array(items) => items.iter().map(|item| fill(item, places)).collect(),
        Value::Object(fields) => Value::Object(fields.iter().map(|(name, inner)| (name.clone(), fill(inner, places))).collect()),
        _ => value.clone(),
    }
}

/// Adds the settings that nearly every case has; `null` takes one away.
fn fill_client(case: &mut Case, base_url: &str) {
    for (name, value) in [("app_key", "case-key"), ("app_secret", "case-secret"), ("base_url", base_url)] {
        case.client.entry(name).or_insert_with(|| Value::String(value.to_owned()));
    }
    case.client.retain(|_, value| !value.is_null());
}

fn write_setup(case: &Case, folder: &Path) -> io::Result<()> {
    for (name, text) in &case.setup {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(())
}

/// What a suite needs in order to play the case. What it shall expect is not its business: `finish` compares.
fn shown_case(case: &Case, camel: bool) -> Value {
    let steps: Vec<Value> = case
        .steps
        .iter()
        .map(|step| {
            let mut shown = json!({"call": step.call, "params": step.params, "options": step.options});
            if step.all {
                shown["all"] = json!(true);
            }
            shown
        })
        .collect();
    let shown = json!({"name": case.name, "why": case.why, "client": case.client, "steps": steps});
    if camel { names::to_camel(&shown) } else { shown }
}

fn camel_keys(fields: Map<String, Value>) -> Map<String, Value> {
    fields.into_iter().map(|(name, value)| (names::camel(&name), value)).collect()
}

/// What no text may show: the case's own list, the client's secrets and the token.
fn secrets(case: &Case) -> Vec<String> {
    let of_client = ["app_secret", "encryption_key", "encryption_iv", "sign_key", "sign_secret"];
    let settings = of_client.iter().filter_map(|name| case.client.get(*name)).filter_map(Value::as_str);
    let mut secrets: Vec<String> = settings.map(str::to_owned).collect();
    secrets.extend(case.secrets.iter().cloned());
    secrets.push(TOKEN.to_owned());
    secrets.retain(|secret| !secret.is_empty());
    secrets
}
