//! Events: which ones wait, when they are posted and what came of it.

pub mod parcel;
pub mod sender;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use crate::clock::{Clock, Moment};
use crate::keyring::Keys;
use parcel::{Parcel, address, is_signed};

/// How often an event is posted at most.
const MAX_TRIES: usize = 5;
/// How long after a try that failed the next one comes.
const REPEAT_AFTER: Duration = Duration::from_mins(1);

/// What happened, for the outside.
#[derive(Debug)]
pub struct News {
    /// Which event it is, by its name in the contract.
    pub kind: String,
    /// The ids of what it is about, as a task and its plan.
    pub about: Vec<String>,
    /// The id whose last event it is: it is posted when all others about it are done with.
    pub ends: Option<String>,
    /// Its body.
    pub body: Value,
    /// When it happened.
    pub at: Moment,
    /// Where it is posted to, when not where all others are.
    pub to: Option<Url>,
    /// How it goes over the wire, when not as the settings have it.
    pub parcel: Option<Arc<Parcel>>,
}

impl News {
    /// An event about something.
    #[must_use]
    pub fn new(kind: &str, about: Vec<String>, body: Value, at: Moment) -> Self {
        Self {
            kind: kind.to_owned(),
            about,
            ends: None,
            body,
            at,
            to: None,
            parcel: None,
        }
    }

    /// The last event about one of the ids.
    #[must_use]
    pub fn ending(mut self, id: &str) -> Self {
        self.ends = Some(id.to_owned());
        self
    }
}

/// How far an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// No URL was set when it happened: it is never posted.
    Unaddressed,
    /// It is the last event of something of which others are still under way.
    Held,
    /// It is to be posted at this moment.
    Waiting(Moment),
    /// It is being posted and was due at this moment.
    Posting(Moment),
    /// The receiver confirmed it.
    Delivered,
    /// The receiver did not confirm it, however often it was posted.
    GivenUp,
}

/// One try to post an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// When it was due.
    pub at: Moment,
    /// The receiver's HTTP status, or why there is none.
    pub result: Result<u16, &'static str>,
}

/// An event.
#[derive(Debug)]
pub struct Event {
    /// What happened.
    pub news: News,
    /// How far it is.
    pub state: State,
    /// How often it was posted and what came of it.
    pub attempts: Vec<Attempt>,
}

impl Event {
    /// A word for how far it is.
    #[must_use]
    pub fn state_name(&self) -> &'static str {
        match self.state {
            State::Unaddressed => "unaddressed",
            State::Held | State::Waiting(_) => "waiting",
            State::Posting(_) => "posting",
            State::Delivered => "delivered",
            State::GivenUp => "given_up",
        }
    }

    /// As the control endpoint shows it.
    #[must_use]
    pub fn view(&self, clock: &Clock) -> Value {
        let attempts: Vec<_> = self
            .attempts
            .iter()
            .map(|attempt| match attempt.result {
                Ok(status) => json!({"at": clock.text(attempt.at), "status": status}),
                Err(error) => json!({"at": clock.text(attempt.at), "error": error}),
            })
            .collect();
        json!({
            "event": self.news.kind,
            "at": clock.text(self.news.at),
            "state": self.state_name(),
            "attempts": attempts,
            "body": self.news.body,
        })
    }
}

/// What has to be posted now.
#[derive(Debug)]
pub struct Delivery {
    number: usize,
    /// Which event it is.
    pub kind: String,
    /// Where to.
    pub url: Url,
    /// What.
    pub body: Value,
    parcel: Option<Arc<Parcel>>,
}

impl Delivery {
    /// As it goes over the wire.
    #[must_use]
    pub fn pack(&self, keys: &Keys) -> Arc<Parcel> {
        self.parcel.clone().unwrap_or_else(|| {
            let sign = is_signed(&self.kind).then_some(&keys.sign);
            Arc::new(Parcel::new(&self.body, keys.encryption.as_ref(), sign))
        })
    }
}

/// All events, in the order in which they happened.
#[derive(Debug)]
pub struct Outbox {
    url: Option<Url>,
    events: Vec<Event>,
    waiting: BTreeSet<(Moment, usize)>,
    /// Of each id with events under way: how many, and its last event if that waits for them.
    open: HashMap<String, (usize, Option<usize>)>,
    posting: bool,
}

impl Outbox {
    /// No events; those to come go to `url`.
    #[must_use]
    pub fn new(url: Option<Url>) -> Self {
        Self {
            url,
            events: Vec::new(),
            waiting: BTreeSet::new(),
            open: HashMap::new(),
            posting: false,
        }
    }

    /// All events, oldest first.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Where events go.
    #[must_use]
    pub fn url(&self) -> Option<&Url> {
        self.url.as_ref()
    }

    /// Sends all events from now on somewhere else, also those that wait to be posted again.
    pub fn set_url(&mut self, url: Option<Url>) {
        self.url = url;
    }

    /// Takes an event in.
    pub fn push(&mut self, news: News) {
        let number = self.events.len();
        let mut state = State::Unaddressed;
        if news.to.is_some() || self.url.is_some() {
            for id in news.others() {
                self.open.entry(id.clone()).or_default().0 += 1;
            }
            let waits_for = news.ends.as_ref().and_then(|id| self.open.get_mut(id)).filter(|open| open.0 > 0);
            if let Some(open) = waits_for {
                open.1 = Some(number);
                state = State::Held;
            } else {
                state = State::Waiting(news.at);
                self.waiting.insert((news.at, number));
            }
        }
        self.events.push(Event {
            news,
            state,
            attempts: Vec::new(),
        });
    }

    /// When the next event has to be posted.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        self.waiting.first().map(|(due, _)| *due)
    }

    /// Whether nothing is being posted and nothing is due.
    #[must_use]
    pub fn is_idle(&self, now: Moment) -> bool {
        !self.posting && self.next_due().is_none_or(|due| due > now)
    }

    /// What has to be posted now. One at a time: [`settle`](Self::settle) it before the next.
    pub fn take_due(&mut self, now: Moment) -> Option<Delivery> {
        while let Some((due, number)) = self.waiting.first().copied().filter(|(due, _)| *due <= now) {
            self.waiting.remove(&(due, number));
            let Some(event) = self.events.get_mut(number) else {
                continue;
            };
            let Some(url) = event.news.to.clone().or_else(|| self.url.clone()) else {
                event.state = State::GivenUp;
                self.close(number);
                continue;
            };
            event.state = State::Posting(due);
            self.posting = true;
            return Some(Delivery {
                number,
                kind: event.news.kind.clone(),
                url: address(&url, &event.news.kind),
                body: event.news.body.clone(),
                parcel: event.news.parcel.clone(),
            });
        }
        None
    }

    /// Notes what came of posting an event.
    pub fn settle(&mut self, delivery: &Delivery, result: Result<u16, &'static str>) {
        self.posting = false;
        let Some(event) = self.events.get_mut(delivery.number) else {
            return;
        };
        let State::Posting(at) = event.state else {
            return;
        };
        event.attempts.push(Attempt { at, result });
        if matches!(result, Ok(200..300)) {
            event.state = State::Delivered;
        } else if event.attempts.len() >= MAX_TRIES {
            event.state = State::GivenUp;
        } else {
            // Counted from when this try was due and not from when it ended: the receiver's slowness moves no other try.
            let again = at.plus(REPEAT_AFTER);
            event.state = State::Waiting(again);
            self.waiting.insert((again, delivery.number));
            return;
        }
        self.close(delivery.number);
    }

    /// An event is done with: the last one of what it is about may be due.
    fn close(&mut self, number: usize) {
        let Some(event) = self.events.get(number) else {
            return;
        };
        let done = event.attempts.last().map_or(event.news.at, |attempt| attempt.at);
        for id in event.news.others().cloned().collect::<Vec<_>>() {
            let Some(open) = self.open.get_mut(&id) else { continue };
            open.0 = open.0.saturating_sub(1);
            let (0, held) = *open else { continue };
            self.open.remove(&id);
            if let Some((held, last)) = held.and_then(|held| Some((held, self.events.get_mut(held)?))) {
                let due = last.news.at.max(done);
                last.state = State::Waiting(due);
                self.waiting.insert((due, held));
            }
        }
    }
}

impl News {
    /// What it is about without being its end.
    fn others(&self) -> impl Iterator<Item = &String> {
        self.about.iter().filter(|id| self.ends.as_ref() != Some(id))
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests;
