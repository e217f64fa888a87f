//! Lists that come in pages: the one way through them, for every language.

mod look;
mod pages;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fmt;

use serde_json::Value;

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::http::receive::Reply;
use crate::model::Answer;
use crate::model::{AnyModel, Input};
use crate::operation::{Operation, PageStep, Paging};
use crate::options::CallOptions;
use crate::request::Prepared;

use look::Look;
pub use pages::Pages;

/// A list with more pages than this does not end.
const MOST_PAGES: u64 = 100_000;

/// The pages of a list, asked for one by one. The typed methods whose names end with `_all` give the items instead.
///
/// It begins at the page that the parameters name, else with the first. The list ends where a page is empty or as many items came as the answer's
/// total says; where there is no total, also with a page that is shorter than the first one, and in a list that goes on from its last item, with an
/// item that leads nowhere.
///
/// A server that answers a page that it gave before, or that never ends, is an error of the kind [`EndlessList`](ErrorKind::EndlessList).
pub struct Pager {
    client: Client,
    operation: &'static Operation,
    state: State,
    most_pages: u64,
}

enum State {
    New(Box<(Input, CallOptions)>),
    Under(Box<Course>),
    Over,
}

impl Pager {
    pub(crate) fn new(client: &Client, operation: &'static Operation, input: Input, options: CallOptions) -> Self {
        Self {
            client: client.clone(),
            operation,
            state: State::New(Box::new((input, options))),
            most_pages: MOST_PAGES,
        }
    }

    /// The next page that has items, and `None` when there are no more. Each page is a call of its own, with the options and the time that any call
    /// has. After an error that is [`retryable`](Error::retryable) the same page can be asked for again.
    pub async fn next_page(&mut self) -> Result<Option<AnyModel>, Error> {
        self.next().await
    }

    /// The same, as any kind of [`Answer`].
    pub async fn next<T: Answer>(&mut self) -> Result<Option<T>, Error> {
        let outcome = self.turn().await;
        if !matches!(&outcome, Ok(Some(_))) && !outcome.as_ref().is_err_and(Error::retryable) {
            self.state = State::Over;
        }
        outcome.map_err(|error| error.of(self.operation.id).in_names(self.client.inner.config.names))
    }

    async fn turn<T: Answer>(&mut self) -> Result<Option<T>, Error> {
        if let State::New(..) = self.state
            && let State::New(given) = std::mem::replace(&mut self.state, State::Over)
        {
            let (input, options) = *given;
            let course = Course::new(&self.client, self.operation, input, options)?;
            self.state = State::Under(Box::new(course));
        }
        let State::Under(course) = &mut self.state else {
            return Ok(None);
        };
        if course.pages >= self.most_pages {
            return Err(endless(format!("{} pages came and there are still more", course.pages)));
        }
        // Nothing is changed before the answer is there, so a turn that is given up half-way is taken again.
        let reply = course.ask(&self.client).await?;
        let Some(page) = course.take(&reply)? else {
            return Ok(None);
        };
        if course.is_over {
            self.state = State::Over;
        }
        Ok(Some(page))
    }
}

impl fmt::Debug for Pager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pager")
            .field("operation", &self.operation.id)
            .finish_non_exhaustive()
    }
}

/// A way through a list.
struct Course {
    call: Prepared,
    paging: &'static Paging,
    /// The value of the page parameter for the page to come; none for the start of a list that goes by a cursor.
    next: Option<Value>,
    /// Every cursor that was followed.
    followed: HashSet<String>,
    /// The number of the page to come.
    number: u64,
    pages: u64,
    /// How many items the pages had up to now, those before the first one among them.
    items: u64,
    /// How many items the first page had.
    full: u64,
    /// The fingerprint of every page that came.
    seen: HashSet<u64>,
    is_over: bool,
}

impl Course {
    fn new(client: &Client, operation: &'static Operation, input: Input, options: CallOptions) -> Result<Self, Error> {
        let paging = operation
            .paging
            .as_ref()
            .ok_or_else(|| Error::invalid_request("this operation has no pages"))?;
        let call = Prepared::new(client, operation, input, options)?;
        let given = call.param(paging.step.param());
        let number = given.as_ref().and_then(|text| text.parse().ok()).unwrap_or(1);
        Ok(Self {
            call,
            paging,
            next: match paging.step {
                PageStep::Number { .. } => Some(number.into()),
                PageStep::Cursor { .. } => None,
            },
            followed: given.into_iter().collect(),
            number,
            pages: 0,
            items: 0,
            full: 0,
            seen: HashSet::new(),
            is_over: false,
        })
    }

    async fn ask(&mut self, client: &Client) -> Result<Reply, Error> {
        if let Some(value) = self.next.clone() {
            self.call.set(client, self.paging.step.param(), value)?;
        }
        self.call.reply(client).await
    }

    /// Takes a page in and decides what comes after it. An empty one is the end.
    fn take<T: Answer>(&mut self, reply: &Reply) -> Result<Option<T>, Error> {
        let look = Look::at(self.paging, reply.data()).map_err(|detail| self.call.unusable(reply, detail))?;
        if look.count == 0 {
            return Ok(None);
        }
        let page = self.call.read(reply)?;
        if !self.seen.insert(look.fingerprint) {
            return Err(endless(format!(
                "page {} after the first holds the same items as one before it",
                self.pages
            )));
        }
        let is_first = self.pages == 0;
        if is_first {
            self.full = look.count;
            self.items = self.number.saturating_sub(1).saturating_mul(look.count);
        }
        self.pages += 1;
        self.items = self.items.saturating_add(look.count);
        // What is less than the items of this very page counts something else.
        let total = look.total.filter(|total| *total >= look.count);
        let is_complete = match total {
            Some(total) => self.items >= total,
            None => !is_first && look.count < self.full,
        };
        match self.paging.step {
            PageStep::Number { .. } => {
                self.number = self.number.saturating_add(1);
                self.next = Some(self.number.into());
                self.is_over = is_complete;
            }
            PageStep::Cursor { .. } => {
                self.is_over = look.cursor.is_none() || (total.is_some() && is_complete);
                self.follow(look.cursor)?;
            }
        }
        Ok(Some(page))
    }

    fn follow(&mut self, cursor: Option<Value>) -> Result<(), Error> {
        let Some(cursor) = cursor.filter(|_| !self.is_over) else {
            return Ok(());
        };
        let text = cursor.as_str().map_or_else(|| cursor.to_string(), str::to_owned);
        if !self.followed.insert(text) {
            return Err(endless("a page leads back to one that came before".to_owned()));
        }
        self.next = Some(cursor);
        Ok(())
    }
}

fn endless(detail: String) -> Error {
    Error::new(ErrorKind::EndlessList, detail)
}
