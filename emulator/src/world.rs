//! Everything that changes, and the task that lets time have its effect.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::auth::Tokens;
use crate::chatbot::Chatbot;
use crate::clock::{Clock, Moment};
use crate::contract::Contract;
use crate::events::sender::Sender;
use crate::events::{News, Outbox};
use crate::faults::Faults;
use crate::flex_route::Leads;
use crate::inbound::Inbound;
use crate::journal::Journal;
use crate::keyring::{Keyring, Keys};
use crate::plans::Plans;
use crate::recordings::{Links, Recording};
use crate::settings::Settings;
use crate::tasks::state::{Happening, Task};
use crate::tasks::{Tasks, views};
use crate::workflows::Workflows;
use crate::workflows::tell::Tell;

/// Timers are not asked for more, nor for less.
const LONGEST_WAIT: Duration = Duration::from_hours(24);
const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// Everything that changes.
#[derive(Debug)]
pub struct World {
    /// The emulated clock.
    pub clock: Clock,
    /// The account's keys.
    pub keys: Keyring,
    /// The tokens that are valid.
    pub tokens: Tokens,
    /// The tasks.
    pub tasks: Tasks,
    /// The plans.
    pub plans: Plans,
    /// The leads that others pushed.
    pub leads: Leads,
    /// The calls that people make.
    pub inbound: Inbound,
    /// What the Chatbot API keeps.
    pub chatbot: Chatbot,
    /// The workflows, those of leads included.
    pub workflows: Workflows,
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
            clock: Clock::new(settings.clock_start, settings.offset, settings.speed),
            keys: Keyring::new(Keys {
                encryption: settings.encryption.clone(),
                sign: settings.sign.clone(),
            }),
            tokens: Tokens::new(settings.token_lifetime, settings.one_token),
            tasks: Tasks::new(settings.seed),
            plans: Plans::new(settings.seed),
            leads: Leads::new(settings.seed),
            inbound: Inbound::new(settings.seed),
            chatbot: Chatbot::new(settings.seed, base_url),
            workflows: Workflows::new(settings.seed),
            outbox: Outbox::new(settings.events_to.clone()),
            faults: Faults::default(),
            journal: Journal::default(),
            links: Links::new(base_url),
        }
    }

    /// Lets everything happen that is due, in its order: what one family does may give another something to do at that very moment.
    fn catch_up(&mut self) {
        let now = self.clock.now();
        while let Some(due) = self.next_happening().filter(|due| *due <= now) {
            self.advance_to(due);
        }
        self.advance_to(now);
    }

    fn advance_to(&mut self, moment: Moment) {
        for (task_id, happening) in self.tasks.advance_to(moment) {
            self.tell(&task_id, vec![happening]);
        }
        let of_plans = self.plans.advance_to(moment, &mut self.tasks, &self.clock);
        let of_calls = self.inbound.advance_to(moment, &self.clock, &self.links);
        for news in of_plans.into_iter().chain(of_calls) {
            self.outbox.push(news);
        }
        for news in self.chatbot.advance_to(moment, &self.clock) {
            self.outbox.push(news);
        }
        let mut tell = Tell::new(&self.clock, &self.links, &mut self.outbox, moment);
        self.workflows.advance(&mut tell);
    }

    /// When something happens next by itself.
    fn next_happening(&self) -> Option<Moment> {
        [
            self.tasks.next_due(),
            self.plans.next_due(&self.tasks),
            self.inbound.next_due(),
            self.chatbot.next_due(),
            self.workflows.next_due(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Tells the customer of what happened to a task.
    pub fn tell(&mut self, task_id: &str, happened: Vec<Happening>) {
        let Some(task) = self.tasks.find(task_id) else { return };
        for happening in happened {
            if let Some(news) = news(task, happening, &self.clock, &self.links) {
                self.outbox.push(news);
            }
        }
    }

    /// The recording of a call, if it was answered.
    #[must_use]
    pub fn recording(&self, call_id: &str) -> Option<Recording> {
        self.tasks
            .recording(call_id)
            .or_else(|| self.inbound.recording(call_id))
            .or_else(|| self.workflows.recording(call_id))
    }

    /// Whether nothing is due and no event is being posted.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.outbox.is_idle(self.clock.now())
    }

    fn next_due(&self) -> Option<Moment> {
        [self.next_happening(), self.outbox.next_due()].into_iter().flatten().min()
    }
}

fn news(task: &Task, happening: Happening, clock: &Clock, links: &Links) -> Option<News> {
    let mut about = vec![task.id.clone()];
    about.extend(task.order.owner.iter().map(|owner| owner.id.clone()));
    match happening {
        Happening::CallFinished(index, at) => {
            let call = views::call(task, task.contacts.get(index)?, clock, links)?;
            Some(News::new("call.finished", about, call, at))
        }
        Happening::TaskFinished(at) => {
            let body = views::task_finished(task, at, clock);
            Some(News::new("task.finished", about, body, at).ending(&task.id))
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
                let due = world.outbox.take_due(now);
                due.map(|delivery| (delivery, world.keys.newest()))
            };
            let Some((delivery, keys)) = due else { return };
            let parcel = delivery.pack(&keys);
            let result = self.sender.post(delivery.url.clone(), &parcel).await;
            self.world().outbox.settle(&delivery, result);
        }
    }
}
