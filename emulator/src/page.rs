//! The page at `/` that shows a person what goes on.

use std::cmp::Reverse;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use minijinja::Environment;
use minijinja::value::Serde;
use serde_json::{Value, json};
use url::Url;

use crate::envelope::{Refusal, text_response};
use crate::tasks::state::{CallResult, Contact, Task};
use crate::tasks::views;
use crate::world::{Shared, World};

const TEMPLATE: &str = include_str!("page.html");
/// The page is for eyes: it shows the newest of each.
const TASKS: usize = 20;
const CALLS: usize = 100;
const EVENTS: usize = 50;

/// Shows the page.
pub async fn show(State(shared): State<Arc<Shared>>) -> Response {
    let context = context(&shared, &shared.world());
    let mut environment = Environment::new();
    let html = environment
        .add_template("page.html", TEMPLATE)
        .and_then(|()| environment.get_template("page.html")?.render(Serde(context)));
    match html {
        Ok(html) => text_response(StatusCode::OK, "text/html; charset=utf-8", html),
        Err(error) => Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn context(shared: &Shared, world: &World) -> Value {
    let tasks: Vec<_> = world
        .tasks
        .all()
        .iter()
        .rev()
        .take(TASKS)
        .map(|task| self::task(task, world))
        .collect();
    let mut latest: Vec<_> = world.outbox.events().iter().rev().take(EVENTS).collect();
    latest.sort_by_key(|event| Reverse(event.news.at));
    let events: Vec<_> = latest
        .iter()
        .map(|event| {
            json!({
                "kind": event.news.kind,
                "at": world.clock.text(event.news.at),
                "about": event.news.body["callee"].as_str().or(event.news.about.first().map(String::as_str)),
                "state": event.state_name(),
                "tries": event.attempts.len(),
                "answer": event.attempts.last().map(|attempt| match attempt.result {
                    Ok(status) => format!("HTTP {status}"),
                    Err(error) => error.to_owned(),
                }),
            })
        })
        .collect();
    json!({
        "url": shared.base_url,
        "now": world.clock.text(world.clock.now()),
        "speed": speed(world.clock.speed()),
        "seed": shared.settings.seed,
        "encrypted": world.keys.newest().encryption.is_some(),
        "events_to": world.outbox.url().map(Url::as_str),
        "task_count": world.tasks.all().len(),
        "event_count": world.outbox.events().len(),
        "tasks": tasks,
        "events": events,
    })
}

fn speed(speed: f64) -> String {
    if speed == 0.0 {
        "stands still".to_owned()
    } else {
        format!("{speed} s a second")
    }
}

fn task(task: &Task, world: &World) -> Value {
    let total = task.contacts.len();
    let finished = task.finished();
    json!({
        "id": task.id,
        "name": task.order.name,
        "status": views::status(task.status()),
        "created": world.clock.text(task.created),
        "start": task.order.start_text,
        "end": task.order.end_text,
        "total": total,
        "finished": finished,
        "percent": finished * 100 / total.max(1),
        "answered": task.answered(),
        "calls": task.contacts.iter().take(CALLS).map(|contact| call(task, contact, world)).collect::<Vec<_>>(),
        "more": total.saturating_sub(CALLS),
    })
}

fn call(task: &Task, contact: &Contact, world: &World) -> Value {
    let state = match &contact.result {
        None if task.is_calling(contact) => "calling",
        None if contact.tries() > 0 => "again later",
        None => "waiting",
        Some(CallResult::Cancelled(_)) => "cancelled",
        Some(CallResult::Called(last, _)) => views::outcome(last.outcome),
    };
    json!({
        "callee": contact.person.mobile,
        "state": state,
        "tries": contact.tries(),
        "result": views::call(task, contact, &world.clock, &world.links),
    })
}
