//! Goes through a list page by page.

use std::collections::HashSet;

use serde_json::Value;

use super::page_info::{PageInfo, PageProblem};
use crate::calls::call::Call;
use crate::calls::prepared::Prepared;
use crate::error::{Error, ErrorKind};
use crate::model::Answer;
use crate::schema::{PageStep, Paging};
use crate::wire::ApiResponse;

/// The place in a list.
pub(super) struct PageCursor {
    call: Prepared,
    paging: &'static Paging,
    /// The page parameter of the next page. `None` for the start of a list that goes by a cursor.
    next: Option<Value>,
    /// Every cursor that was followed.
    followed: HashSet<String>,
    /// The number of the next page.
    number: u64,
    pub(super) pages: u64,
    /// The number of items up to here, those before the first page included.
    items: u64,
    /// The fingerprints of the pages.
    seen: HashSet<u64>,
    pub(super) is_over: bool,
    /// Whether the last page leads back to an earlier one. That page itself is good, so it is returned before this is an error.
    pub(super) is_circular: bool,
}

impl PageCursor {
    pub(super) fn new(call: Call) -> Result<Self, Error> {
        let paging = call
            .operation
            .paging
            .as_ref()
            .ok_or_else(|| Error::invalid_request("this operation has no pages"))?;
        let call = Prepared::new(call, None)?;
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
            is_circular: false,
            seen: HashSet::new(),
            is_over: false,
        })
    }

    pub(super) async fn request<T: Answer>(&mut self) -> Result<ApiResponse<T>, Error> {
        if let Some(value) = self.next.clone() {
            self.call.set(self.paging.step.param(), value);
        }
        self.call.restart()?;
        self.call.response().await
    }

    /// Takes a page and decides what comes after it. An empty one is the end.
    pub(super) fn take<T>(&mut self, response: ApiResponse<T>) -> Result<Option<T>, Error> {
        let shape = self.call.operation.answer;
        let info = PageInfo::of(self.paging, shape, response.json()).map_err(|problem| match problem {
            PageProblem::Unread(error) => self.call.unread(&response, &error),
            PageProblem::Other(detail) => self.call.unusable(&response, detail),
        })?;
        if info.count == 0 {
            return Ok(None);
        }
        let page = self.call.data(response)?;
        if !self.seen.insert(info.fingerprint) {
            return Err(endless(format!(
                "page {} after the first holds the same items as one before it",
                self.pages
            )));
        }
        if self.pages == 0 {
            self.items = self.number.saturating_sub(1).saturating_mul(info.count);
        }
        self.pages += 1;
        self.items = self.items.saturating_add(info.count);
        // A total below the items of this page counts something else.
        let total = info.total.filter(|total| *total >= info.count);
        // A short page is no end: a server may filter a page after it has cut it.
        let is_complete = total.is_some_and(|total| self.items >= total);
        match self.paging.step {
            PageStep::Number { .. } => {
                self.number = self.number.saturating_add(1);
                self.next = Some(self.number.into());
                self.is_over = is_complete;
            }
            PageStep::Cursor { .. } => {
                self.is_over = info.cursor.is_none() || is_complete;
                self.follow(info.cursor);
            }
        }
        Ok(Some(page))
    }

    fn follow(&mut self, cursor: Option<Value>) {
        let Some(cursor) = cursor.filter(|_| !self.is_over) else {
            return;
        };
        let text = cursor.as_str().map_or_else(|| cursor.to_string(), str::to_owned);
        self.is_circular = !self.followed.insert(text);
        self.next = Some(cursor);
    }
}

pub(super) fn endless(detail: String) -> Error {
    Error::new(ErrorKind::EndlessList, detail)
}
