//! The pages of a list, one after the other.

use std::fmt;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::page_cursor::{PageCursor, endless};
use crate::calls::call::Call;
use crate::calls::options::CallOptions;
use crate::calls::session::Session;
use crate::error::Error;
use crate::model::{Answer, AnyModel, Input};
use crate::schema::Operation;

/// A list with more pages than this is taken to be endless.
const MAX_PAGES: u64 = 100_000;

/// The pages of a list, requested one by one. The typed methods whose names end with `_all` give the items instead.
///
/// It begins at the page that the parameters name, else with the first. The list ends with an empty page, or with the item that completes the
/// answer's total. If its pages are found by a cursor, it also ends with an item without one. A page that is shorter than the others ends nothing, so a
/// list without a total costs one more request: that for the empty page.
///
/// A page that repeats an earlier one, and a list that does not end, are errors of the kind [`EndlessList`](crate::ErrorKind::EndlessList). A page
/// whose cursor leads back to an earlier page is returned, and the request for the page after it is the error.
pub struct Pager {
    operation: &'static Operation,
    state: State,
}

enum State {
    New(Box<Call>),
    Started(Box<PageCursor>),
    Ended,
}

impl Pager {
    pub(crate) fn new(session: &Arc<Session>, operation: &'static Operation, input: Input, options: CallOptions) -> Self {
        Self {
            operation,
            state: State::New(Box::new(Call {
                options,
                ..Call::new(session, operation, input)
            })),
        }
    }

    /// Returns the next page with items, and `None` after the last. Each page is a call of its own, with its own timeout. After an error that is
    /// [`retryable`](Error::retryable) the same page can be requested again.
    pub async fn next_page(&mut self) -> Result<Option<AnyModel>, Error> {
        self.next_page_as().await
    }

    /// The same, as any kind of [`Answer`].
    pub fn next_page_as<T: Answer>(&mut self) -> BoxFuture<'_, Result<Option<T>, Error>> {
        // Boxed, because the compiler cannot see that the future itself is `Send` where `T` is an `AnyModel`.
        async move {
            let outcome = self.turn().await;
            if !matches!(&outcome, Ok(Some(_))) && !outcome.as_ref().is_err_and(Error::retryable) {
                self.state = State::Ended;
            }
            outcome.map_err(|error| error.of(self.operation.id))
        }
        .boxed()
    }

    async fn turn<T: Answer>(&mut self) -> Result<Option<T>, Error> {
        if let State::New(..) = self.state
            && let State::New(call) = std::mem::replace(&mut self.state, State::Ended)
        {
            self.state = State::Started(Box::new(PageCursor::new(*call)?));
        }
        let State::Started(cursor) = &mut self.state else {
            return Ok(None);
        };
        if cursor.pages >= MAX_PAGES {
            return Err(endless(format!("{} pages came and there are still more", cursor.pages)));
        }
        if cursor.is_circular {
            return Err(endless("a page leads back to one that came before".to_owned()));
        }
        // Nothing changes before the response is here, so a turn that is cancelled can be repeated.
        let response = cursor.request().await?;
        let Some(page) = cursor.take(response)? else {
            return Ok(None);
        };
        if cursor.is_over {
            self.state = State::Ended;
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::generated::operations::TASKS_LIST;
    use crate::{Client, Settings};

    #[tokio::test]
    async fn a_list_of_too_many_pages_is_endless() {
        let client = Client::new(Settings {
            base_url: Some("http://127.0.0.1:1".into()),
            ..Settings::default()
        });
        let client = client.unwrap();
        let mut cursor = PageCursor::new(Call::new(client.session(), &TASKS_LIST, Input::none())).unwrap();
        cursor.pages = MAX_PAGES;
        let mut pager = client.pager(&TASKS_LIST, Input::none(), CallOptions::default());
        pager.state = State::Started(Box::new(cursor));
        let error = pager.next_page().await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::EndlessList);
    }
}
