//! Calls of any path, for what the contract does not have.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::call::awaitable;
use super::options::{CallOptions, option_setters};
use super::prepared::unread;
use super::session::Session;
use crate::engine::Exchange;
use crate::error::{Error, ErrorKind};
use crate::model::{Extra, Model, Ref, Shape, Slot as _, Wire};
use crate::schema::{AuthScheme, Kind, Location, Retry, shapes};
use crate::wire::{Accept, Content, Received, Route, ValueReader, build};

/// Below this path is the Chatbot API, whose calls are signed.
const SIGNED: &str = "/api/";

/// A request to any path.
#[derive(Clone, Default)]
pub struct RawRequest {
    /// The HTTP method, such as `GET`.
    pub method: String,
    /// The path, from its first `/`. A request below `/api/`, where the Chatbot API is, is signed; any other carries a token.
    pub path: String,
    /// The query string's fields.
    pub query: Map<String, Value>,
    /// The JSON body.
    pub body: Option<Value>,
    /// When it may be sent again: `read`, `repeatable` or `once`. By default a GET is `read` and everything else is `once`.
    pub retry: Option<String>,
}

impl RawRequest {
    /// The name of raw calls in errors.
    pub(super) const ID: &str = "raw";
}

impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// The answer to a raw request.
#[derive(Clone, Default, PartialEq)]
pub struct RawAnswer {
    /// The HTTP status.
    pub http_status: i64,
    /// The envelope's code, if the answer has one.
    pub code: Option<i64>,
    /// The envelope's status.
    pub status: Option<String>,
    /// The envelope's message.
    pub message: Option<String>,
    /// The envelope's data, or the whole answer if it has no envelope; null if it is empty.
    pub data: Value,
    extra: Extra,
}

shapes! {
    SHAPE = "RawAnswer" {
        "http_status" "httpStatus" "http_status": Kind::Integer, Any, Documented, optional, open;
        "code" "code" "code": Kind::Integer, Any, Documented, optional, open;
        "status" "status" "status": Kind::Text, Any, Documented, optional, open;
        "message" "message" "message": Kind::Text, Any, Documented, optional, sensitive;
        "data" "data" "data": Kind::Json, Any, Documented, optional, sensitive;
    }
}

impl Model for RawAnswer {
    fn shape(&self) -> &'static Shape {
        &SHAPE
    }

    fn get(&self, index: usize) -> Ref<'_> {
        match index {
            0 => self.http_status.view(),
            1 => self.code.view(),
            2 => self.status.view(),
            3 => self.message.view(),
            4 => self.data.view(),
            _ => Ref::Absent,
        }
    }

    fn extra(&self) -> &Extra {
        &self.extra
    }
}

impl fmt::Debug for RawAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::model::Redacted(Ref::Model(self)).fmt(f)
    }
}

/// A raw call. Await it to send it.
#[must_use = "a request is sent when it is awaited"]
pub struct RawCall {
    session: Arc<Session>,
    request: RawRequest,
    options: CallOptions,
}

impl fmt::Debug for RawCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawCall")
            .field("request", &self.request)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl RawCall {
    pub(crate) fn new(session: &Arc<Session>, request: RawRequest) -> Self {
        Self {
            session: session.clone(),
            request,
            options: CallOptions::default(),
        }
    }

    option_setters!(options);

    async fn run(self) -> Result<RawAnswer, Error> {
        self.answer().await.map_err(|error| error.of(RawRequest::ID))
    }

    async fn answer(self) -> Result<RawAnswer, Error> {
        let Self {
            session,
            request,
            mut options,
        } = self;
        let route = route(&request)?;
        for (name, value) in &request.query {
            options.extra_query.entry(name.clone()).or_insert_with(|| value.clone());
        }
        let content = Content {
            params: &Wire::None,
            shape: None,
            body: request.body.as_ref(),
            file: None,
            extras: options.extras(),
        };
        let limits = session.limits(&options)?;
        let exchange = Exchange {
            route: &route,
            content: &content,
            request: &build(&session.engine.endpoint, &route, &content)?,
            accept: Accept::Any,
            reader: &ValueReader(session.engine.budget(&limits)),
            limits,
        };
        let Received::Envelope(response) = session.send(&exchange).await? else {
            return Err(Error::internal("an answer was taken for a file"));
        };
        let data = response.data.map_err(|error| {
            Error::new(ErrorKind::InvalidResponse, unread(&error, response.envelope.json(&response.body)))
                .with_status(response.status.as_u16())
                .with_attempts(response.attempts)
                .with_effect(route.retry.has_effect(), route.retry.may_repeat())
        })?;
        let envelope = response.envelope;
        Ok(RawAnswer {
            http_status: response.status.as_u16().into(),
            code: envelope.code,
            status: envelope.status,
            message: envelope.message,
            data,
            extra: Extra::default(),
        })
    }
}

/// When a raw request may be sent again. `None` for a name that means nothing.
pub(super) fn retry_of(method: &str, name: Option<&str>) -> Option<Retry> {
    match name {
        None if method.eq_ignore_ascii_case("GET") => Some(Retry::Read),
        None => Some(Retry::Once),
        Some(name) => Retry::from_name(name),
    }
}

fn route(request: &RawRequest) -> Result<Route<'_>, Error> {
    let method = http::Method::from_bytes(request.method.to_ascii_uppercase().as_bytes())
        .map_err(|_| Error::invalid_request("`method` is no HTTP method"))?;
    if !request.path.starts_with('/') || request.path.contains(['?', '#']) {
        return Err(Error::invalid_request(
            "`path` must start with `/` and hold no query; that goes into `query`",
        ));
    }
    let retry = retry_of(&request.method, request.retry.as_deref());
    let retry = retry.ok_or_else(|| Error::invalid_request("`retry` must be read, repeatable or once"))?;
    Ok(Route {
        id: RawRequest::ID,
        operation: None,
        method,
        path: &request.path,
        retry,
        auth: if request.path.starts_with(SIGNED) {
            AuthScheme::Sign
        } else {
            AuthScheme::Token
        },
        location: if request.body.is_some() { Location::Body } else { Location::None },
        constants: &[],
        unsure: None,
    })
}

awaitable!(RawCall => RawAnswer);
