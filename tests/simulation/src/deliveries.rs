//! Events that AI Rudder posts, and the receivers that handle them, in processes that may die.

use std::collections::BTreeMap;
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use airudder::events::{MemoryStore, Reply};
use airudder::{Client, Event, EventRouter, Settings};
use serde_json::json;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use crate::process::Process;
use crate::store::{Reached, Records};
use crate::world::World;

/// How often AI Rudder posts an event that is not acknowledged, and when it does so again.
const POSTS: usize = 6;
const AGAIN: Duration = Duration::from_mins(1);
/// How long AI Rudder waits for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest time that a handler takes.
const LONGEST: Duration = Duration::from_secs(100);

/// All events of a run, and their receivers.
pub struct Deliveries {
    pub world: Arc<World>,
    events: Mutex<Vec<State>>,
    receivers: Mutex<BTreeMap<usize, (Process, EventRouter)>>,
    store: Arc<MemoryStore>,
    records: Arc<Records>,
    lease: Duration,
    /// Whether every live process keeps its claims: no store fails, and no clock jumps.
    keeps_claims: bool,
    /// Whether every success of a handler is recorded.
    records_all: bool,
}

/// What happened with one event.
#[derive(Default)]
struct State {
    successes: usize,
    /// The processes in which its handler runs.
    running: Vec<Process>,
    is_over: bool,
}

impl Deliveries {
    pub fn new(world: &Arc<World>) -> Arc<Self> {
        let keeps_claims = !["store fails", "store is slow", "clock jump"]
            .into_iter()
            .any(|fault| world.has(fault));
        Arc::new(Self {
            world: world.clone(),
            events: Mutex::new((0..world.below(5)).map(|_| State::default()).collect()),
            receivers: Mutex::default(),
            store: Arc::new(MemoryStore::new()),
            records: Arc::default(),
            lease: Duration::from_secs(world.choose(&[3, 30])),
            keeps_claims,
            records_all: keeps_claims && !world.has("death of a receiver"),
        })
    }

    fn events(&self) -> MutexGuard<'_, Vec<State>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn receivers(&self) -> MutexGuard<'_, BTreeMap<usize, (Process, EventRouter)>> {
        self.receivers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets go of the receivers, whose handlers hold this.
    pub fn end(&self) {
        self.receivers().clear();
    }

    pub fn are_done(&self) -> bool {
        self.events().iter().all(|event| event.is_over)
    }

    /// Starts a receiver in the place of the last one of this number.
    pub fn start(self: &Arc<Self>, number: usize) -> Process {
        let process = Process::default();
        let settings = Settings {
            base_url: Some("http://127.0.0.1".into()),
            ..Settings::default()
        };
        let client = match Client::with_transport(settings, Arc::new(NoNetwork)) {
            Ok(client) => client,
            Err(error) => {
                self.world.violated(format!("no receiver: {error}"));
                return process;
            }
        };
        let store = Reached {
            world: self.world.clone(),
            process: process.clone(),
            store: self.store.clone(),
            records: self.records.clone(),
            lease: self.lease,
        };
        let (deliveries, own) = (self.clone(), process.clone());
        let router = client.events().router(Arc::new(store)).lease(self.lease).otherwise(move |event| {
            let (deliveries, own) = (deliveries.clone(), own.clone());
            async move { deliveries.handle(event, own).await }
        });
        self.receivers().insert(number, (process.clone(), router));
        process
    }

    /// The handler of all events.
    async fn handle(self: Arc<Self>, event: Event, process: Process) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let Some(number) = number_of(&event) else {
            self.world.violated("an event has lost its content".to_owned());
            return Ok(());
        };
        process.alive().await;
        self.world.note("a handler starts");
        if self.keeps_claims && self.records.count(event.key()) > 0 {
            self.world
                .violated(format!("a handler starts for event {number}, which is recorded as handled"));
        }
        let is_beside = {
            let mut events = self.events();
            let running = &mut events[number].running;
            running.retain(|other| !other.is_dead());
            let is_beside = !running.is_empty();
            running.push(process.clone());
            is_beside
        };
        if is_beside && self.keeps_claims {
            self.world.violated(format!("two handlers of event {number} run at the same time"));
        }
        sleep(self.world.up_to(LONGEST)).await;
        process.alive().await;
        let fails = self.world.chance("handler fails", 0.2);
        let successes = {
            let mut events = self.events();
            let state = &mut events[number];
            // One of this process; which one makes no difference.
            state.running.pop();
            state.successes += usize::from(!fails);
            state.successes
        };
        if fails {
            return Err("the simulated handler failed".into());
        }
        self.world.note("a handler succeeds");
        if successes > 1 && self.records_all {
            self.world.violated(format!("the handler of event {number} ran to success twice"));
        }
        Ok(())
    }

    /// Has AI Rudder post all events.
    pub fn post_all(self: &Arc<Self>) {
        let count = self.events().len();
        for number in 0..count {
            tokio::spawn(self.clone().post(number));
        }
    }

    /// Posts an event until it is acknowledged.
    async fn post(self: Arc<Self>, number: usize) {
        let world = &self.world;
        sleep(world.up_to(Duration::from_secs(100))).await;
        for _ in 0..POSTS {
            if world.chance("event delivered late", 0.2) {
                sleep(world.up_to(Duration::from_mins(10))).await;
            }
            if world.chance("event delivered twice", 0.3) {
                tokio::spawn(self.clone().deliver(number));
            }
            if self.clone().deliver(number).await {
                break;
            }
            sleep(AGAIN).await;
        }
        self.events()[number].is_over = true;
    }

    /// Posts an event to any receiver. Returns whether AI Rudder hears that it arrived.
    async fn deliver(self: Arc<Self>, number: usize) -> bool {
        let world = &self.world;
        sleep(world.up_to(Duration::from_secs(2))).await;
        let (process, router) = {
            let receivers = self.receivers();
            let receiver = receivers.values().nth(world.below(receivers.len()));
            let Some(receiver) = receiver else { return false };
            receiver.clone()
        };
        if process.is_dead() {
            return false;
        }
        let (sender, receiver) = oneshot::channel();
        let deliveries = self.clone();
        process.spawn(async move {
            let body = json!({"callid": format!("event-{number}"), "status": "answered"}).to_string();
            let reply = router.handle(body.as_bytes(), &[], Some("call.finished")).await;
            deliveries.replied(number, &reply);
            sender.send(reply).ok();
        });
        match timeout(PATIENCE, receiver).await {
            Ok(Ok(reply)) => reply.status == 200 && !world.chance("answer to an event lost", 0.1),
            Ok(Err(_)) | Err(_) => false,
        }
    }

    fn replied(&self, number: usize, reply: &Reply) {
        self.world.note(reply.outcome);
        if reply.status == 200 && self.events()[number].successes == 0 {
            self.world
                .violated(format!("event {number} is acknowledged as {} and was not handled", reply.outcome));
        }
        if reply.outcome == "refused" {
            self.world.violated(format!("event {number} is refused"));
        }
    }
}

/// The number of an event, as its content says.
fn number_of(event: &Event) -> Option<usize> {
    let airudder::EventData::CallFinished(call) = &event.data else {
        return None;
    };
    call.call_id.as_deref()?.strip_prefix("event-")?.parse().ok()
}

/// Receivers send nothing.
struct NoNetwork;

impl airudder::Transport for NoNetwork {
    fn send(
        &self,
        _: airudder::TransportRequest,
    ) -> futures_util::future::BoxFuture<'_, Result<airudder::TransportResponse, airudder::TransportError>> {
        Box::pin(ready(Err(airudder::TransportError::new(airudder::TransportErrorKind::NotSent, ""))))
    }
}
