//! The model of AI Rudder: what its API does with a request that arrives.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::world::World;

/// The most tokens that are valid at a time, where the account has more than one.
const TOKENS: usize = 8;
/// Statuses that prove a refusal.
const REFUSALS: [u16; 11] = [400, 401, 403, 404, 405, 409, 413, 415, 422, 425, 429];
/// Codes of an envelope that prove one.
const REFUSAL_CODES: [i64; 6] = [400, 401, 403, 404, 409, 422];
/// Statuses that prove nothing.
const FAILURES: [u16; 14] = [302, 303, 307, 402, 408, 418, 460, 499, 500, 501, 502, 503, 504, 520];
/// Codes of an envelope that prove nothing.
const FAILURE_CODES: [i64; 7] = [303, 408, 429, 499, 500, 503, 90_001];

pub struct Server {
    world: Arc<World>,
    has_one_token: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The valid tokens, the newest last.
    tokens: Vec<String>,
    given: usize,
    /// How often each attempt of the user was applied, by the name that he gave it.
    applied: BTreeMap<String, u64>,
    /// Which task each attempt became.
    tasks: BTreeMap<String, String>,
    /// How often each number was phoned, by the call that the user intended.
    phoned: BTreeMap<String, u64>,
    stopped: BTreeSet<String>,
    down_until: Option<Instant>,
}

/// A request that arrives.
#[derive(Clone)]
pub struct Request {
    pub path: String,
    pub token: Option<String>,
    pub body: Value,
}

impl Request {
    fn is_for_token(&self) -> bool {
        self.path.ends_with("/auth")
    }

    /// Whether it makes phones ring.
    fn rings(&self) -> bool {
        self.path.ends_with("/task")
    }
}

/// An answer. The body need not be JSON.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    fn new(status: u16, body: impl Into<String>) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or_default(),
            headers: HeaderMap::new(),
            body: body.into(),
        }
    }

    fn of(code: i64, data: &Value) -> Self {
        Self::new(200, json!({"code": code, "status": "x", "data": data}).to_string())
    }

    fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        self
    }
}

impl Server {
    pub fn new(world: &Arc<World>) -> Arc<Self> {
        Arc::new(Self {
            world: world.clone(),
            has_one_token: world.below(2) == 0,
            state: Mutex::default(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn is_down(&self) -> bool {
        self.state().down_until.is_some_and(|until| Instant::now() < until)
    }

    /// Crashes, and is back after a while. It forgets its tokens, but no task.
    pub fn crash(&self) {
        let mut state = self.state();
        state.down_until = Some(Instant::now() + self.world.up_to(Duration::from_secs(40)));
        state.tokens.clear();
    }

    /// How often an attempt was applied.
    pub fn applied(&self, attempt: &str) -> u64 {
        self.state().applied.get(attempt).copied().unwrap_or_default()
    }

    /// The task that an attempt became.
    pub fn task(&self, attempt: &str) -> Option<String> {
        self.state().tasks.get(attempt).cloned()
    }

    pub fn is_stopped(&self, task: &str) -> bool {
        self.state().stopped.contains(task)
    }

    /// Numbers that were phoned more than once by one intended call.
    pub fn phoned_twice(&self) -> Vec<String> {
        let state = self.state();
        let twice = state.phoned.iter().filter(|(_, count)| **count > 1);
        twice.map(|(call, count)| format!("{call}: {count} times")).collect()
    }

    /// Takes a request. `None` if the server crashes over it.
    pub fn take(&self, request: &Request) -> Option<Answer> {
        let world = &self.world;
        if world.chance("token revoked", 0.02) {
            self.state().tokens.clear();
        }
        if world.chance("refused by status", 0.06) {
            return Some(self.refusal());
        }
        if world.chance("refused by envelope", 0.05) {
            return Some(Answer::of(world.choose(&REFUSAL_CODES), &Value::Null));
        }
        if world.chance("failed before it was applied", 0.06) {
            return Some(self.failure());
        }
        if world.chance("server crash before", 0.01) {
            self.crash();
            return None;
        }
        if !request.is_for_token() && !self.is_valid(request.token.as_deref()) {
            let is_envelope = world.below(2) == 0;
            return Some(if is_envelope {
                Answer::of(401, &Value::Null)
            } else {
                Answer::new(401, r#"{"code": 401, "status": "x"}"#)
            });
        }
        let answer = self.apply(request);
        if !request.rings() && world.chance("doubled by the network", 0.05) {
            self.apply(request);
        }
        if world.chance("server crash after", 0.01) {
            self.crash();
            return None;
        }
        if world.chance("failed after it was applied", 0.06) {
            return Some(self.failure());
        }
        if world.chance("odd answer", 0.04) {
            return Some(self.odd());
        }
        Some(answer)
    }

    fn is_valid(&self, token: Option<&str>) -> bool {
        token.is_some_and(|token| self.state().tokens.iter().any(|known| known == token))
    }

    fn refusal(&self) -> Answer {
        let status = self.world.choose(&REFUSALS);
        let answer = Answer::new(status, self.world.choose(&[r#"{"code": 1, "status": "x"}"#, "<html>", ""]));
        if status != 429 {
            return answer;
        }
        match self.world.choose(&[
            "",
            "0",
            "2.5",
            "7",
            "999999999999999999999",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "soon",
        ]) {
            "" => answer,
            wait => answer.with("retry-after", wait),
        }
    }

    fn failure(&self) -> Answer {
        if self.world.below(3) == 0 {
            return Answer::of(self.world.choose(&FAILURE_CODES), &Value::Null);
        }
        let body = self.world.choose(&[
            r#"{"code": 200, "status": "OK", "data": {"TaskID": "wrong"}}"#,
            "<html>",
            "",
            r#"{"code": 400}"#,
        ]);
        let answer = Answer::new(self.world.choose(&FAILURES), body);
        answer.with("location", "https://elsewhere.example/")
    }

    fn odd(&self) -> Answer {
        Answer::new(
            200,
            self.world
                .choose(&["", "<html>", "{", r#"{"code": 200}"#, "[]", "null", r#"{"status": "OK"}"#]),
        )
    }

    /// Carries a request out.
    fn apply(&self, request: &Request) -> Answer {
        let mut state = self.state();
        let text = |name: &str| request.body[name].as_str().unwrap_or_default().to_owned();
        if request.is_for_token() {
            state.given += 1;
            let token = format!("t{}", state.given);
            state.tokens.push(token.clone());
            let most = if self.has_one_token { 1 } else { TOKENS };
            let old = state.tokens.len().saturating_sub(most);
            state.tokens.drain(..old);
            return Answer::of(200, &json!({"token": token}));
        }
        if request.rings() {
            let attempt = text("TaskName");
            let call = attempt.split('/').next().unwrap_or_default().to_owned();
            for contact in request.body["Details"].as_array().into_iter().flatten() {
                let number = contact["Mobile"].as_str().unwrap_or_default();
                *state.phoned.entry(format!("{call} {number}")).or_default() += 1;
            }
            *state.applied.entry(attempt.clone()).or_default() += 1;
            let task = format!("task-{}", state.tasks.len());
            state.tasks.insert(attempt, task.clone());
            return Answer::of(200, &json!({"TaskID": task}));
        }
        if request.path.ends_with("/operation") {
            state.stopped.insert(text("TaskID"));
            return Answer::of(200, &json!({}));
        }
        Answer::of(200, &json!({"List": [{"RobotID": "1"}]}))
    }
}
