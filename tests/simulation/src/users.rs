//! Users who call through clients of their own, in processes that may die.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use airudder::{Client, CollectionContact, CreateTask, Error, Settings};
use tokio::time::{Instant, sleep};

use crate::network::Network;
use crate::process::Process;
use crate::server::Server;
use crate::world::World;

/// What core's timers and the scheduler may add to a deadline.
const SLACK: Duration = Duration::from_millis(20);
/// How often a user makes a call again of which he knows that it was not applied.
const MOST_ATTEMPTS: u32 = 3;
const BASE_URL: &str = "https://api.airudder.example";

/// The calls that the users of one account intend, one line of them for each user.
pub struct Users {
    pub world: Arc<World>,
    pub server: Arc<Server>,
    lines: Vec<Mutex<VecDeque<usize>>>,
    open: Mutex<usize>,
    /// The attempts that were surely not applied, as their errors say.
    refused: Mutex<Vec<String>>,
}

impl Users {
    pub fn new(world: &Arc<World>, server: &Arc<Server>) -> Arc<Self> {
        let users = 1 + world.below(3);
        let calls = 1 + world.below(12);
        let lines: Vec<_> = (0..users).map(|user| Mutex::new((user..calls).step_by(users).collect())).collect();
        Arc::new(Self {
            world: world.clone(),
            server: server.clone(),
            lines,
            open: Mutex::new(calls),
            refused: Mutex::default(),
        })
    }

    pub fn count(&self) -> usize {
        self.lines.len()
    }

    /// Whether all calls have ended, or died with their process.
    pub fn are_done(&self) -> bool {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) == 0
    }

    fn end_one(&self) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
    }

    /// Starts the process of a user, which goes on with the calls that are left of his line.
    pub fn start(self: &Arc<Self>, user: usize) -> Process {
        let process = Process::default();
        let network = Network {
            world: self.world.clone(),
            server: self.server.clone(),
            process: process.clone(),
        };
        let timeout = self.world.choose(&[5.0, 30.0, 120.0]);
        let client = Client::with_transport(
            Settings {
                base_url: Some(BASE_URL.into()),
                app_key: Some("key".into()),
                app_secret: Some("secret".into()),
                timeout: Some(timeout),
                read_timeout: Some(self.world.choose(&[2.0, 20.0])),
                max_retries: Some(self.world.choose(&[0, 2, 4])),
                ..Settings::default()
            },
            Arc::new(network),
        );
        let client = match client {
            Ok(client) => client,
            Err(error) => {
                self.world.violated(format!("no client: {error}"));
                return process;
            }
        };
        let users = self.clone();
        let own = process.clone();
        process.spawn(async move {
            loop {
                let next = users.lines[user].lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                let Some(call) = next else { return };
                let guard = Underway(users.clone());
                let work = make(users.clone(), client.clone(), call, Duration::from_secs_f64(timeout), guard);
                // One after the other, or some at a time.
                if users.world.below(2) == 0 {
                    own.spawn(work);
                } else {
                    work.await;
                }
                sleep(users.world.up_to(Duration::from_secs(20))).await;
            }
        });
        process
    }

    /// What has to hold once nothing is on its way any more.
    pub fn check(&self) {
        for call in self.server.phoned_twice() {
            self.world.violated(format!("phoned twice: {call}"));
        }
        for attempt in self.refused.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if self.server.applied(attempt) > 0 {
                self.world
                    .violated(format!("applied, and its error said that it was not: {attempt}"));
            }
        }
    }
}

/// A call that has begun. Its process may die with it.
struct Underway(Arc<Users>);

impl Drop for Underway {
    fn drop(&mut self) {
        self.0.end_one();
    }
}

/// Makes an intended call.
async fn make(users: Arc<Users>, client: Client, call: usize, timeout: Duration, _underway: Underway) {
    let world = users.world.clone();
    match world.below(8) {
        0 => timed(&world, timeout, async {
            client.tasks().robots().await.map(|answer| answer.robots.len())
        })
        .await
        .map_or_else(
            |error| never_applied(&world, &error),
            |robots| {
                // An answer without data is an empty list.
                if robots > 1 {
                    world.violated(format!("{robots} robots"));
                }
            },
        ),
        1 => {
            let task = format!("stopped-{call}");
            let stopping = async { client.tasks().stop(&task).await };
            if timed(&world, timeout, stopping).await.is_ok() && !users.server.is_stopped(&task) {
                world.violated(format!("{task} goes on"));
            }
        }
        _ => create(&users, &client, call, timeout).await,
    }
}

/// A call that changes nothing cannot have been applied.
fn never_applied(world: &World, error: &Error) {
    if error.may_have_been_applied() {
        world.violated(format!("a call that changes nothing may have been applied: {error}"));
    }
}

/// Creates a task, again only if it surely does not exist.
async fn create(users: &Users, client: &Client, call: usize, timeout: Duration) {
    let world = &users.world;
    for attempt in 0..MOST_ATTEMPTS {
        let name = format!("call-{call}/{attempt}");
        let contacts = vec![CollectionContact::new(format!("+62812300{call:05}"))];
        let task = CreateTask::new(&name, "2026-11-23 09:00:00", "2026-11-23 18:00:00", "1001", contacts);
        match timed(world, timeout, async { client.tasks().create(task).await }).await {
            Ok(answer) => {
                if users.server.applied(&name) != 1 || users.server.task(&name).as_deref() != Some(&answer.task_id) {
                    world.violated(format!("{name} is said to be {}", answer.task_id));
                }
                return;
            }
            Err(error) if error.may_have_been_applied() => {
                if error.retryable() {
                    world.violated(format!("{name} may have been applied and is retryable"));
                }
                return;
            }
            Err(_) => users.refused.lock().unwrap_or_else(PoisonError::into_inner).push(name),
        }
        sleep(world.up_to(Duration::from_mins(1))).await;
    }
}

/// A call that has to end by its deadline.
async fn timed<T>(world: &World, timeout: Duration, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let (start, jumped) = (Instant::now(), world.jumped());
    let outcome = call.await;
    let took = start.elapsed().saturating_sub(world.jumped().saturating_sub(jumped));
    match &outcome {
        Ok(_) => world.note("a call succeeded"),
        Err(error) => {
            world.note(error.kind().code());
            world.note(if error.may_have_been_applied() {
                "an error says maybe"
            } else {
                "an error says surely not"
            });
        }
    }
    if took > timeout + SLACK {
        world.violated(format!("a call with a timeout of {timeout:?} took {took:?}"));
    }
    outcome
}
