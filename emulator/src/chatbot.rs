//! The Chatbot API: sessions that hold messages, a robot that answers, templates and what becomes of them, files and waybills.

pub mod batches;
pub mod bot;
pub mod company;
pub mod content;
pub mod files;
pub mod map;
pub mod routes;
mod sending;
pub mod sessions;
mod talking;
pub mod templates;
pub mod views;
pub mod waybills;

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use fastrand::Rng;
use serde_json::Value;

use crate::clock::{Clock, Moment};
use crate::envelope::Refusal;
use crate::events::News;
use crate::form::Upload;
use batches::Batch;
use files::Files;
use sessions::{Session, Status};

/// Something that is going to happen.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    /// The robot answers this message of this session.
    BotAnswers(usize, usize),
    /// A message of a session gets further.
    Reaches(usize, usize, Status),
    /// The user of a session writes, quoting one of its messages or none.
    UserWrites(usize, Value, Option<usize>),
    /// A template message of a batch gets further.
    TemplateReaches(usize, usize, batches::Status),
    /// The receiver of a template message answers it.
    UserAnswers(usize, usize),
}

/// Everything that the Chatbot API keeps.
#[derive(Debug)]
pub struct Chatbot {
    seed: Rng,
    /// Nothing is ever taken out, here and below: what was an index once stays one.
    sessions: Vec<Session>,
    by_call_id: HashMap<String, usize>,
    batches: Vec<Batch>,
    by_batch_id: HashMap<String, usize>,
    /// In the order in which they are due, then in that in which they were planned.
    steps: BTreeMap<(Moment, u64), Step>,
    planned: u64,
    news: Vec<News>,
    /// The files that were uploaded.
    pub files: Files,
}

impl Chatbot {
    /// No sessions. From the same seed, the same requests lead to the same ids and the same talks.
    #[must_use]
    pub fn new(seed: u64, base_url: &str) -> Self {
        Self {
            seed: Rng::with_seed(seed),
            sessions: Vec::new(),
            by_call_id: HashMap::new(),
            batches: Vec::new(),
            by_batch_id: HashMap::new(),
            steps: BTreeMap::new(),
            planned: 0,
            news: Vec::new(),
            files: Files::new(base_url),
        }
    }

    /// All sessions, oldest first.
    #[must_use]
    pub fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    /// A session by its id.
    #[must_use]
    pub fn session(&self, call_id: &str) -> Option<&Session> {
        self.sessions.get(*self.by_call_id.get(call_id)?)
    }

    /// A batch of template messages by its id.
    #[must_use]
    pub fn batch(&self, id: &str) -> Option<&Batch> {
        self.batches.get(*self.by_batch_id.get(id)?)
    }

    /// When something happens next.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        self.steps.first_key_value().map(|((due, _), _)| *due)
    }

    /// Lets everything happen that is due by `now`, and gives the events of it.
    pub fn advance_to(&mut self, now: Moment, clock: &Clock) -> Vec<News> {
        while let Some(next) = self.steps.first_entry().filter(|next| next.key().0 <= now) {
            let ((at, _), step) = next.remove_entry();
            self.happen(step, at, clock);
        }
        self.take_news()
    }

    /// The events of what happened since the last time.
    pub fn take_news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }

    /// Keeps a file and gives the API's answer; `wanted` is what it shall be sent as, if the request says.
    pub fn keep(&mut self, upload: Upload, wanted: Option<&str>) -> Result<Value, Refusal> {
        let id = self.id();
        self.files.keep(id, upload, wanted)
    }

    /// A new id, 32 hexadecimal digits.
    fn id(&mut self) -> String {
        format!("{:032x}", self.seed.u128(..))
    }

    fn plan(&mut self, at: Moment, after: Duration, step: Step) {
        self.planned += 1;
        self.steps.insert((at.plus(after), self.planned), step);
    }
}
