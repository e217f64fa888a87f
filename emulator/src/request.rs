//! A request as its handler sees it, and what a handler answers.

use serde_json::{Map, Value, json};

use crate::clock::Moment;
use crate::envelope::Refusal;
use crate::fields::{as_text, text};
use crate::form::Upload;
use crate::recordings::Recording;
use crate::settings::Settings;
use crate::world::World;

/// A request that follows the contract.
#[derive(Debug)]
pub struct Call<'a> {
    /// The `operationId`. Where several share method and path and the request fits more than one, the first of them.
    pub operation: &'a str,
    /// What changes.
    pub world: &'a mut World,
    /// How the emulator is set up.
    pub settings: &'a Settings,
    /// The parameters of the query, numbers as numbers.
    pub query: Map<String, Value>,
    /// The body; of a form, its fields but the file.
    pub body: Value,
    /// The file of a form.
    pub file: Option<Upload>,
}

/// Carries out one operation. The request arrives checked against the contract.
pub type Handler = fn(&mut Call<'_>) -> Result<Answer, Refusal>;

/// What a request is answered with when it is carried out.
#[derive(Debug)]
pub enum Answer {
    /// Data for the envelope.
    Json(Value),
    /// A recording.
    Recording(Recording),
    /// Recordings in an archive of this name, without its ending.
    Archive(String, Vec<Recording>),
}

impl Answer {
    /// It is carried out, and there is nothing more to say.
    #[must_use]
    pub fn done() -> Self {
        Self::Json(json!({}))
    }
}

impl Call<'_> {
    /// What the account's clock shows.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.world.clock.now()
    }

    /// A parameter of the query as text, empty when it is absent.
    #[must_use]
    pub fn parameter(&self, name: &str) -> String {
        self.query.get(name).map(as_text).unwrap_or_default()
    }

    /// A field of the body as text, empty when it is absent.
    #[must_use]
    pub fn field(&self, name: &str) -> String {
        text(&self.body, name)
    }

    /// Which page is asked for, by parameters of the query or fields of the body of these names; the first of 20 when none is.
    #[must_use]
    pub fn page(&self, page: &str, size: &str) -> Page {
        let number = |name: &str, default| {
            let value = self.query.get(name).or_else(|| self.body.get(name));
            value
                .and_then(Value::as_u64)
                .map_or(default, |number| usize::try_from(number).unwrap_or(usize::MAX))
        };
        Page {
            skip: number(page, 1).saturating_sub(1).saturating_mul(number(size, 20)),
            size: number(size, 20),
        }
    }
}

/// A page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    skip: usize,
    size: usize,
}

impl Page {
    /// The items of the list that are on the page.
    pub fn of<T>(self, items: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
        items.into_iter().skip(self.skip).take(self.size)
    }
}
