//! The items of all pages of a list, typed.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, Stream};

use super::pager::Pager;
use crate::calls::options::{CallOptions, option_setters};
use crate::calls::session::Session;
use crate::error::Error;
use crate::model::{Answer, Input, Model};
use crate::schema::Operation;

/// All items of a list, page after page: a [`Stream`], with a [`next`](Pages::next) that needs no other crate.
///
/// A page is requested with its first item. [`Pager`] says where a list ends, and what happens if it does not.
///
/// ```no_run
/// # async fn run(client: airudder::Client) -> Result<(), airudder::Error> {
/// let mut tasks = client.tasks().list_all(Default::default());
/// while let Some(task) = tasks.next().await {
///     println!("{:?}", task?.task_name);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "pages are asked for when their items are"]
pub struct Pages<P, T> {
    session: Arc<Session>,
    operation: &'static Operation,
    options: CallOptions,
    state: State<P>,
    items: fn(P) -> Vec<T>,
    ready: std::vec::IntoIter<T>,
}

enum State<P> {
    New(Input),
    Idle(Box<Pager>),
    Fetching(BoxFuture<'static, Turn<P>>),
    Ended,
}

/// A page, and the pager for the next one.
type Turn<P> = (Box<Pager>, Result<Option<P>, Error>);

/// Nothing in it is pinned in place.
impl<P, T> Unpin for Pages<P, T> {}

impl<P: Answer, T> Pages<P, T> {
    pub(crate) fn new(session: &Arc<Session>, operation: &'static Operation, params: impl Model, items: fn(P) -> Vec<T>) -> Self {
        Self {
            session: session.clone(),
            operation,
            options: CallOptions::default(),
            state: State::New(Input::typed(params)),
            items,
            ready: Vec::new().into_iter(),
        }
    }

    /// Returns the next item. An error is the last one.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns the next page as a whole. Skips the remaining items of the current one.
    pub async fn next_page(&mut self) -> Option<Result<P, Error>> {
        self.ready = Vec::new().into_iter();
        poll_fn(|context| self.poll_page(context)).await.transpose()
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<P>, Error>> {
        loop {
            match std::mem::replace(&mut self.state, State::Ended) {
                State::New(input) => {
                    let options = std::mem::take(&mut self.options);
                    self.state = State::Idle(Box::new(Pager::new(&self.session, self.operation, input, options)));
                }
                State::Idle(mut pager) => {
                    let fetching = async move {
                        let page = pager.next_page_as().await;
                        (pager, page)
                    };
                    self.state = State::Fetching(fetching.boxed());
                }
                State::Fetching(mut fetching) => {
                    let Poll::Ready((pager, page)) = fetching.poll_unpin(context) else {
                        self.state = State::Fetching(fetching);
                        return Poll::Pending;
                    };
                    if matches!(page, Ok(Some(_))) {
                        self.state = State::Idle(pager);
                    }
                    return Poll::Ready(page);
                }
                State::Ended => return Poll::Ready(Ok(None)),
            }
        }
    }
}

impl<P, T> Pages<P, T> {
    option_setters!(options);
}

impl<P: Answer, T> Stream for Pages<P, T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.ready.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.poll_page(context)) {
                Ok(Some(page)) => self.ready = (self.items)(page).into_iter(),
                Ok(None) => return Poll::Ready(None),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}

impl<P, T> fmt::Debug for Pages<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &self.operation.id)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
