//! Everything that changes, and the task that lets time have its effect.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::auth::Tokens;
use crate::clock::{Clock, Moment};
use crate::contract::Contract;
use crate::events::sender::Sender;
use crate::events::{Kind, Outbox};
use crate::faults::Faults;
use crate::journal::Journal;
use crate::recordings::Links;
use crate::settings::Settings;
use crate::tasks::state::{Happening, Task};
use crate::tasks::{Tasks, views};

/// Timers are not asked for more, nor for less.
const LONGEST_WAIT: Duration = Duration::from_hours(24);
const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// Everything that changes.
#[derive(Debug)]
pub struct World {
    /// The emulated clock.
    pub clock: Clock,
    /// The tokens that are valid.
    pub tokens: Tokens,
    /// The tasks.
    pub tasks: Tasks,
    /// The events.
    pub outbox: Outbox,
    /// The faults to come.
    pub faults: Faults,
    /// The requests that came.
    pub journal: Journal,
    /// The links to recordings.
    pub links: Links,
}

impl World {
    fn new(settings: &Settings, base_url: &str) -> Self {
        Self {
            clock: Clock::new(settings.clock_start, settings.speed),
            tokens: Tokens::new(settings.token_lifetime),
            tasks: Tasks::new(settings.seed),
            outbox: Outbox::new(settings.events_to.clone()),
            faults: Faults::default(),
            journal: Journal::default(),
            links: Links::new(base_url),
        }
    }

    /// Lets everything happen that is due.
    fn catch_up(&mut self) {
        let (clock, links, outbox) = (&self.clock, &self.links, &mut self.outbox);
        self.tasks.advance_to(clock.now(), |task, happening| {
            push(outbox, task, happening, clock, links);
        });
    }

    /// Tells the customer of what happened to a task at once.
    pub fn tell(&mut self, task_id: &str, happened: Vec<Happening>) {
        if let Some(task) = self.tasks.find(task_id) {
            for happening in happened {
                push(&mut self.outbox, task, happening, &self.clock, &self.links);
            }
        }
    }

    /// Whether nothing is due and no event is being posted.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.outbox.is_idle(self.clock.now())
    }

    fn next_due(&self) -> Option<Moment> {
        [self.tasks.next_due(), self.outbox.next_due()].into_iter().flatten().min()
    }
}

fn push(outbox: &mut Outbox, task: &Task, happening: Happening, clock: &Clock, links: &Links) {
    match happening {
        Happening::CallFinished(index, at) => {
            let call = task
                .contacts
                .get(index)
                .and_then(|contact| views::call(task, contact, clock, links));
            if let Some(call) = call {
                outbox.push(Kind::CallFinished, &task.id, call, at);
            }
        }
        Happening::TaskFinished(at) => {
            let body = views::task_finished(task, at, clock);
            outbox.push(Kind::TaskFinished, &task.id, body, at);
        }
    }
}

/// What all parts of a running emulator share.
#[derive(Debug)]
pub struct Shared {
    /// The contract that requests are checked against.
    pub contract: Contract,
    /// How the emulator is set up.
    pub settings: Settings,
    /// Where it listens.
    pub base_url: String,
    world: Mutex<World>,
    sender: Sender,
    changed: Notify,
    settled: Notify,
}

impl Shared {
    /// A fresh world behind `base_url`.
    #[must_use]
    pub fn new(contract: Contract, settings: Settings, sender: Sender, base_url: String) -> Self {
        Self {
            world: Mutex::new(World::new(&settings, &base_url)),
            contract,
            settings,
            base_url,
            sender,
            changed: Notify::new(),
            settled: Notify::new(),
        }
    }

    /// The world as it is now: all that was due has happened.
    pub fn world(&self) -> MutexGuard<'_, World> {
        // Who panicked while holding it left it no worse than any other moment: every change is complete before the next begins.
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.catch_up();
        world
    }

    /// Has what is due next looked up again. Call it after changing the world.
    pub fn changed(&self) {
        self.changed.notify_one();
    }

    /// Waits until everything that is due has happened and every event that is due has been posted.
    pub async fn settle(&self) {
        loop {
            let settled = self.settled.notified();
            tokio::pin!(settled);
            // Before looking, so that what happens in between is not missed.
            settled.as_mut().enable();
            if self.world().is_settled() {
                return;
            }
            settled.await;
        }
    }

    /// Lets time have its effect, until it is dropped. Sleeps while nothing is due.
    pub async fn live(&self) {
        loop {
            self.post_events().await;
            self.settled.notify_waiters();
            let wait = {
                let world = self.world();
                world.next_due().and_then(|due| world.clock.real_time_until(due))
            };
            match wait {
                Some(wait) => {
                    let wait = wait.clamp(SHORTEST_WAIT, LONGEST_WAIT);
                    // Either way the world is looked at again.
                    let _ = tokio::time::timeout(wait, self.changed.notified()).await;
                }
                None => self.changed.notified().await,
            }
        }
    }

    async fn post_events(&self) {
        loop {
            let due = {
                let mut world = self.world();
                let now = world.clock.now();
                world.outbox.take_due(now)
            };
            let Some(delivery) = due else { return };
            let result = self.sender.post(&delivery, self.settings.encryption.as_ref()).await;
            self.world().outbox.settle(&delivery, result);
        }
    }
}
