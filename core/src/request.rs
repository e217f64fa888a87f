//! A call that waits to be awaited.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;

use futures_util::future::BoxFuture;

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::http::build::{Outgoing, Route, build};
use crate::http::quoted::Sent;
use crate::http::receive::{Answer as Received, Expect};
use crate::http::send::{Limits, send};
use crate::model::{AnyModel, Input, Model, ReadModel, Wire, from_json};
use crate::operation::Operation;
use crate::options::CallOptions;

/// A call of one operation. Await it to send it; dropping it, or the future, sends nothing more.
///
/// ```no_run
/// # async fn run(client: airudder::Client) -> Result<(), airudder::Error> {
/// let page = client.tasks().list(Default::default()).timeout(5.0).await?;
/// println!("{} tasks", page.tasks.len());
/// # Ok(())
/// # }
/// ```
#[must_use = "a request is sent when it is awaited"]
pub struct Request<T> {
    client: Client,
    operation: &'static Operation,
    input: Input,
    options: CallOptions,
    answer: PhantomData<fn() -> T>,
}

/// What an operation can answer: a model, or [`AnyModel`] when its type is only known at run time.
pub trait Answer: Sized + Send + 'static {
    /// Reads it from the JSON of the envelope's `data`.
    #[doc(hidden)]
    fn from_data(operation: &Operation, data: &[u8]) -> Result<Self, serde_json::Error>;
}

impl<T: ReadModel> Answer for T {
    fn from_data(_: &Operation, data: &[u8]) -> Result<Self, serde_json::Error> {
        from_json(data)
    }
}

impl Answer for AnyModel {
    fn from_data(operation: &Operation, data: &[u8]) -> Result<Self, serde_json::Error> {
        match operation.answer {
            Some(decode) => decode(data),
            None => Err(serde::de::Error::custom(
                "this operation answers with a file; use download_file or download_folder",
            )),
        }
    }
}

impl<T: Answer> Request<T> {
    pub(crate) fn new(client: &Client, operation: &'static Operation, params: impl Model) -> Self {
        Self::from_input(client, operation, Input::typed(params))
    }

    pub(crate) fn without_params(client: &Client, operation: &'static Operation) -> Self {
        Self::from_input(client, operation, Input::none())
    }

    pub(crate) fn from_input(client: &Client, operation: &'static Operation, input: Input) -> Self {
        Self {
            client: client.clone(),
            operation,
            input,
            options: CallOptions::default(),
            answer: PhantomData,
        }
    }

    async fn run(self) -> Result<T, Error> {
        let Self {
            client,
            operation,
            input,
            options,
            ..
        } = self;
        let call = Prepared::new(&client, operation, input, options)?;
        let received = call.send(&client, Expect::Envelope, call.limits()).await?;
        let Received::Envelope(reply) = received else {
            return Err(Error::internal("an answer was taken for a file").of(operation.id));
        };
        T::from_data(operation, reply.data()).map_err(|error| {
            Error::new(ErrorKind::InvalidResponse, unreadable(&error))
                .of(operation.id)
                .with_status(reply.status.as_u16())
                .with_attempts(reply.attempts)
                .with_effect(operation.retry.has_effect(), operation.retry.may_repeat())
        })
    }
}

/// Our own words about an answer, never the answer's.
fn unreadable(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.strip_prefix("it has no ") {
        Some(_) => text.split(" at line").next().unwrap_or_default().to_owned(),
        None if text.starts_with("recursion limit") => "its `data` is nested too deeply".to_owned(),
        None => format!("its `data` cannot be read, line {} column {}", error.line(), error.column()),
    }
}

impl<T: Answer> IntoFuture for Request<T> {
    type Output = Result<T, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        self.client.clone().speaking(self.run())
    }
}

impl<T> fmt::Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation.id)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// Setters that every kind of call has.
macro_rules! option_setters {
    ($($options:ident).+) => {
        /// Sets all options of this call at once.
        pub fn options(mut self, options: $crate::CallOptions) -> Self {
            self.$($options).+ = options;
            self
        }

        /// How long this call may take with all its retries, in seconds.
        pub fn timeout(mut self, seconds: f64) -> Self {
            self.$($options).+.timeout = Some(seconds);
            self
        }

        /// How often this call may be repeated, if it may be at all.
        pub fn max_retries(mut self, retries: u32) -> Self {
            self.$($options).+.max_retries = Some(retries);
            self
        }

        /// Adds a field to the query string.
        pub fn extra_query(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
            self.$($options).+.extra_query.insert(name.into(), value.into());
            self
        }

        /// Adds a field to the JSON body.
        pub fn extra_body(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
            self.$($options).+.extra_body.insert(name.into(), value.into());
            self
        }

        /// Adds a header.
        pub fn extra_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
            self.$($options).+.extra_headers.insert(name.into(), value.into());
            self
        }
    };
}
pub(crate) use option_setters;

impl<T> Request<T> {
    option_setters!(options);
}

/// An operation's call, checked and built.
pub(crate) struct Prepared {
    operation: &'static Operation,
    wire: Wire,
    options: CallOptions,
    outgoing: Outgoing,
    limits: Limits,
}

impl Prepared {
    pub(crate) fn new(client: &Client, operation: &'static Operation, input: Input, options: CallOptions) -> Result<Self, Error> {
        let config = &client.inner.config;
        let prepare = || {
            let wire = input
                .into_wire(operation.caller_params(), config.names)
                .map_err(Error::invalid_request)?;
            let route = Route::of(operation, config);
            let sent = Sent {
                wire: &wire,
                shape: operation.params,
                body: None,
                options: &options,
            };
            let outgoing = build(config, &route, &sent)?;
            Ok(Self {
                operation,
                wire,
                outgoing,
                limits: Limits::new(client, &options)?,
                options,
            })
        };
        prepare().map_err(|error: Error| error.of(operation.id))
    }

    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    /// The limits of the same call, made now.
    pub(crate) fn fresh_limits(&self, client: &Client) -> Result<Limits, Error> {
        Limits::new(client, &self.options).map_err(|error| error.of(self.operation.id))
    }

    pub(crate) async fn send(&self, client: &Client, expect: Expect, limits: Limits) -> Result<Received, Error> {
        let route = Route::of(self.operation, &client.inner.config);
        let sent = Sent {
            wire: &self.wire,
            shape: self.operation.params,
            body: None,
            options: &self.options,
        };
        send(client, &route, &sent, &self.outgoing, limits, expect).await
    }
}
