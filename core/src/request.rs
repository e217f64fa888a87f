//! A call that waits to be awaited.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;

use futures_util::future::BoxFuture;
use serde_json::Value;

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::http::body::Body;
use crate::http::build::{Outgoing, Route, build};
use crate::http::quoted::Sent;
use crate::http::receive::{Answer as Received, Expect, Reply};
use crate::http::send::{Limits, send};
use crate::json::ReadError;
use crate::model::{Answer, Budget, Input, Model, Piece, Ref, Wire, Written, utf8};
use crate::operation::{Location, Operation};
use crate::options::CallOptions;
use crate::upload::Part;

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
        Prepared::new(&client, operation, input, options)?.answer(&client).await
    }
}

/// Our own words about an answer, never the answer's.
fn unreadable(error: &ReadError, data: &str) -> String {
    match error {
        ReadError::Missing(field) => format!("it has no `{}`", field.wire),
        ReadError::TooDeep => "its `data` is nested too deeply".to_owned(),
        ReadError::OverBudget => "its `data` unfolds to more than `max_response_bytes` allows".to_owned(),
        ReadError::Late => "it was not read before the call's deadline".to_owned(),
        _ => match error.position(data) {
            Some((line, column)) => format!("its `data` cannot be read, line {line} column {column}"),
            None => "its `data` cannot be read".to_owned(),
        },
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
    file: Option<Part>,
    options: CallOptions,
    outgoing: Outgoing,
    limits: Limits,
}

impl Prepared {
    pub(crate) fn new(client: &Client, operation: &'static Operation, input: Input, options: CallOptions) -> Result<Self, Error> {
        Self::make(client, operation, input, options, None).map_err(|error| error.of(operation.id))
    }

    /// A call that sends a file.
    pub(crate) fn with_file(
        client: &Client,
        operation: &'static Operation,
        input: Input,
        options: CallOptions,
        file: Part,
    ) -> Result<Self, Error> {
        Self::make(client, operation, input, options, Some(file)).map_err(|error| error.of(operation.id))
    }

    fn make(client: &Client, operation: &'static Operation, input: Input, options: CallOptions, file: Option<Part>) -> Result<Self, Error> {
        let config = &client.inner.config;
        let wire = input
            .into_wire(operation.caller_params(), config.names)
            .map_err(Error::invalid_request)?;
        let outgoing = build(
            config,
            &Route::of(operation, config),
            &sent(operation, &wire, file.as_ref(), &options),
        )?;
        let limits = match &outgoing.body {
            Body::Form(_) => Limits::of_upload(client, &options)?,
            Body::None | Body::Bytes(_) => Limits::new(client, &options)?,
        };
        Ok(Self {
            operation,
            wire,
            file,
            options,
            outgoing,
            limits,
        })
    }

    /// The same call with another value of one parameter, made now.
    pub(crate) fn set(&mut self, client: &Client, param: &str, value: Value) -> Result<(), Error> {
        let extra = match self.operation.location {
            Location::Body => &mut self.options.extra_body,
            Location::None | Location::Query | Location::Multipart => &mut self.options.extra_query,
        };
        extra.insert(param.to_owned(), value);
        let config = &client.inner.config;
        let build_anew = || {
            let route = Route::of(self.operation, config);
            let outgoing = build(config, &route, &sent(self.operation, &self.wire, self.file.as_ref(), &self.options))?;
            Ok((outgoing, Limits::new(client, &self.options)?))
        };
        let built = build_anew().map_err(|error: Error| error.of(self.operation.id));
        built.map(|(outgoing, limits)| {
            self.outgoing = outgoing;
            self.limits = limits;
        })
    }

    /// The value of a parameter, as a query string has it.
    pub(crate) fn param(&self, name: &str) -> Option<String> {
        let text = |value: &Value| Piece::Value(Written::wire(Ref::Json(value))).query_text();
        let mut extra = [&self.options.extra_query, &self.options.extra_body].into_iter();
        if let Some(value) = extra.find_map(|fields| fields.get(name)) {
            return Some(text(value));
        }
        let mut found = None;
        let outcome: Result<(), std::convert::Infallible> = self.wire.each(&mut |known, piece| {
            if known == name {
                found = Some(piece.query_text());
            }
            Ok(())
        });
        outcome.unwrap_or_default();
        found
    }

    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    /// The limits of the same call, made now.
    pub(crate) fn fresh_limits(&self, client: &Client) -> Result<Limits, Error> {
        Limits::new(client, &self.options).map_err(|error| error.of(self.operation.id))
    }

    pub(crate) async fn send(&self, client: &Client, expect: Expect<'_>, limits: Limits) -> Result<Received, Error> {
        let route = Route::of(self.operation, &client.inner.config);
        let sent = sent(self.operation, &self.wire, self.file.as_ref(), &self.options);
        send(client, &route, &sent, &self.outgoing, limits, expect).await
    }

    /// Sends it and opens the envelope.
    pub(crate) async fn reply(&self, client: &Client) -> Result<Reply, Error> {
        self.reply_to(client, Expect::Envelope).await
    }

    async fn reply_to(&self, client: &Client, expect: Expect<'_>) -> Result<Reply, Error> {
        match self.send(client, expect, self.limits).await? {
            Received::Envelope(reply) => Ok(reply),
            _ => Err(Error::internal("an answer was taken for a file").of(self.operation.id)),
        }
    }

    /// Reads the typed answer.
    pub(crate) fn read<T: Answer>(&self, reply: &Reply) -> Result<T, Error> {
        let data = utf8(reply.data()).map_err(|error| self.unusable(reply, unreadable(&error, "")))?;
        let Some(shape) = self.operation.answer else {
            return Err(self.unusable(reply, "this operation answers with a file; use download_file or download_folder"));
        };
        let budget = Budget::for_bytes(64 << 20, Some(self.limits.deadline.into_std()));
        T::read(shape, data, budget).map_err(|error| self.unusable(reply, unreadable(&error, data)))
    }

    /// The error of an answer that was a success and cannot be used.
    pub(crate) fn unusable(&self, reply: &Reply, detail: impl Into<String>) -> Error {
        let retry = self.operation.retry;
        Error::new(ErrorKind::InvalidResponse, detail)
            .of(self.operation.id)
            .with_status(reply.status.as_u16())
            .with_attempts(reply.attempts)
            .with_effect(retry.has_effect(), retry.may_repeat())
    }

    /// Sends it and reads the typed answer.
    pub(crate) async fn answer<T: Answer>(&self, client: &Client) -> Result<T, Error> {
        let reply = self.reply_to(client, Expect::Envelope).await?;
        self.read(&reply)
    }
}

fn sent<'a>(operation: &Operation, wire: &'a Wire, file: Option<&'a Part>, options: &'a CallOptions) -> Sent<'a> {
    Sent {
        wire,
        shape: operation.params,
        body: None,
        file,
        options,
    }
}
