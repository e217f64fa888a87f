//! The items of all pages of a list, typed.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, Stream};

use super::Pager;
use crate::client::Client;
use crate::error::Error;
use crate::model::Answer;
use crate::model::{Input, Model};
use crate::operation::Operation;
use crate::options::CallOptions;
use crate::request::option_setters;

/// All items of a list, page after page: a [`Stream`], with a [`next`](Pages::next) that needs no other crate.
///
/// A page is asked for when its first item is; dropping this asks for no more. How the end is known, and what happens when there is none, says
/// [`Pager`].
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
    client: Client,
    operation: &'static Operation,
    options: CallOptions,
    state: State<P>,
    items: fn(P) -> Vec<T>,
    ready: std::vec::IntoIter<T>,
}

enum State<P> {
    New(Input),
    Between(Box<Pager>),
    Asking(BoxFuture<'static, Turn<P>>),
    Over,
}

/// What asking for a page brings, and the pager for the next one.
type Turn<P> = (Box<Pager>, Result<Option<P>, Error>);

/// Nothing in it is ever pinned.
impl<P, T> Unpin for Pages<P, T> {}

impl<P: Answer, T> Pages<P, T> {
    pub(crate) fn new(client: &Client, operation: &'static Operation, params: impl Model, items: fn(P) -> Vec<T>) -> Self {
        Self {
            client: client.clone(),
            operation,
            options: CallOptions::default(),
            state: State::New(Input::typed(params)),
            items,
            ready: Vec::new().into_iter(),
        }
    }

    /// The next item. An error is the last that comes.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The next page as a whole, for what it says beside its items. What was not taken of the page before is passed over.
    pub async fn next_page(&mut self) -> Option<Result<P, Error>> {
        self.ready = Vec::new().into_iter();
        poll_fn(|context| self.poll_page(context)).await.transpose()
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<P>, Error>> {
        loop {
            match std::mem::replace(&mut self.state, State::Over) {
                State::New(input) => {
                    let options = std::mem::take(&mut self.options);
                    self.state = State::Between(Box::new(Pager::new(&self.client, self.operation, input, options)));
                }
                State::Between(mut pager) => {
                    let asking = async move {
                        let page = pager.next().await;
                        (pager, page)
                    };
                    self.state = State::Asking(asking.boxed());
                }
                State::Asking(mut asking) => {
                    let Poll::Ready((pager, page)) = asking.poll_unpin(context) else {
                        self.state = State::Asking(asking);
                        return Poll::Pending;
                    };
                    if matches!(page, Ok(Some(_))) {
                        self.state = State::Between(pager);
                    }
                    return Poll::Ready(page);
                }
                State::Over => return Poll::Ready(Ok(None)),
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
