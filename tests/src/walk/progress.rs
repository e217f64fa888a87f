//! One walk on its way: what comes next, and what was wrong so far.

use std::collections::BTreeSet;
use std::io;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::expect::{Saved, at, differences, fill, fill_fields};
use super::file::{Kind, Step, Walk};
use super::server::Server;
use crate::cases::Outcome;
use crate::names;

/// How long a call is repeated before what it shall bring counts as missing.
const PATIENCE: Duration = Duration::from_secs(20);
const BETWEEN_REPEATS: Duration = Duration::from_millis(50);

/// A walk that has been started.
#[derive(Debug)]
pub struct Progress {
    walk: Walk,
    is_camel: bool,
    saved: Saved,
    next: usize,
    /// When the step that is repeated was first made.
    since: Option<Instant>,
    answered: BTreeSet<String>,
    _server: Server,
    _folder: TempDir,
}

impl Progress {
    /// Starts a walk for a suite; also gives the settings of the client that it needs.
    pub async fn start(walk: &Walk, suite: &str) -> io::Result<(Self, Value)> {
        let server = Server::start(walk).await?;
        let folder = tempfile::tempdir()?;
        for (name, content) in &walk.setup {
            std::fs::write(folder.path().join(name), STANDARD.decode(content).map_err(io::Error::other)?)?;
        }
        let mut client = walk.client.clone();
        client.insert("base_url".to_owned(), server.url.clone().into());
        let is_camel = matches!(suite, "node" | "kotlin");
        let client = shown(Value::Object(client), is_camel);
        let progress = Self {
            walk: walk.clone(),
            is_camel,
            saved: Saved::from([("TMP".to_owned(), folder.path().display().to_string().into())]),
            next: 0,
            since: None,
            answered: BTreeSet::new(),
            _server: server,
            _folder: folder,
        };
        Ok((progress, client))
    }

    /// Takes the outcome of the step before and gives the next one: `{"step"}`, or `{"done": true, "problems"}`. The first wrong step is the
    /// last, for the ones after it build on it.
    pub async fn go_on(&mut self, outcome: Option<&Outcome>) -> Value {
        if let Some(outcome) = outcome {
            let Some(step) = self.walk.steps.get(self.next).cloned() else {
                return done(&["no step was left to have an outcome".to_owned()]);
            };
            let problems = self.judge(&step, outcome);
            if problems.is_empty() {
                if let Some(answer) = &outcome.value {
                    if self.walk.server == Kind::Emulator {
                        self.answered.insert(step.call.clone());
                    }
                    if let Err(problem) = self.save(&step, answer) {
                        return done(&[self.named(&step, &problem)]);
                    }
                }
                self.next += 1;
                self.since = None;
            } else if step.until && outcome.error.is_none() && self.since.get_or_insert_with(Instant::now).elapsed() < PATIENCE {
                tokio::time::sleep(BETWEEN_REPEATS).await;
            } else {
                let problems: Vec<_> = problems.iter().map(|problem| self.named(&step, problem)).collect();
                return done(&problems);
            }
        }
        self.walk.steps.get(self.next).map_or_else(|| done(&[]), |step| self.show(step))
    }

    /// The operations that the emulator answered as expected.
    #[must_use]
    pub fn answered(&self) -> &BTreeSet<String> {
        &self.answered
    }

    fn show(&self, step: &Step) -> Value {
        let step = json!({
            "call": step.call,
            "params": fill_fields(&step.params, &self.saved),
            "options": fill_fields(&step.options, &self.saved),
            "all": step.all,
        });
        json!({"step": shown(step, self.is_camel)})
    }

    fn judge(&self, step: &Step, outcome: &Outcome) -> Vec<String> {
        match (&step.expect, &step.error, &outcome.value, &outcome.error) {
            (Some(wanted), _, Some(seen), None) => {
                let wanted = shown(fill(wanted, &self.saved), self.is_camel);
                let mut problems = differences("value", &wanted, seen);
                if let (Some(wanted), Some(seen)) = (&step.answer, &outcome.type_name)
                    && wanted != seen
                {
                    problems.push(format!("the answer is a {seen}, expected a {wanted}"));
                }
                problems
            }
            (_, Some(wanted), None, Some(seen)) => {
                let wanted = wanted.iter().map(|(name, inner)| (self.spelled(name), inner.clone()));
                differences("error", &Value::Object(wanted.collect()), &Value::Object(seen.clone()))
            }
            (.., Some(seen)) => vec![format!("expected a value, got the error {}", Value::Object(seen.clone()))],
            (_, Some(wanted), Some(seen), None) => vec![format!("expected the error {}, got {seen}", Value::Object(wanted.clone()))],
            _ => vec!["a step reports either a value or an error".to_owned()],
        }
    }

    fn save(&mut self, step: &Step, answer: &Value) -> Result<(), String> {
        for (name, path) in &step.save {
            let value = at(answer, path, self.is_camel).filter(|value| !value.is_null());
            let value = value.ok_or_else(|| format!("the answer has no {path}: {answer}"))?;
            self.saved.insert(name.clone(), value.clone());
        }
        Ok(())
    }

    fn spelled(&self, name: &str) -> String {
        if self.is_camel { names::camel(name) } else { name.to_owned() }
    }

    fn named(&self, step: &Step, problem: &str) -> String {
        format!("step {} ({}): {problem}", self.next + 1, step.call)
    }
}

fn done(problems: &[String]) -> Value {
    json!({"done": true, "ok": problems.is_empty(), "problems": problems})
}

fn shown(value: Value, is_camel: bool) -> Value {
    if is_camel { names::to_camel(&value) } else { value }
}
