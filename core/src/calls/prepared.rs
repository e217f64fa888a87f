//! A checked call of an operation: the part that all kinds of calls share.

use std::convert::Infallible;
use std::sync::Arc;

use serde_json::Value;

use super::call::Call;
use super::options::CallOptions;
use super::session::Session;
use crate::engine::{Exchange, Limits};
use crate::error::{Error, ErrorKind};
use crate::json::ReadError;
use crate::model::{Answer, Case, Piece, Ref, Wire, Written};
use crate::schema::{AuthScheme, Location, Operation};
use crate::wire::{Accept, AnswerReader, ApiResponse, Content, DataReader, FormFile, Received, build};

pub(super) struct Prepared {
    pub(super) session: Arc<Session>,
    pub(super) operation: &'static Operation,
    params: Wire,
    credentials: Option<Value>,
    file: Option<FormFile>,
    options: CallOptions,
    pub(super) limits: Limits,
}

impl Prepared {
    /// Checks a call, which may send a file.
    pub(super) fn new(call: Call, file: Option<FormFile>) -> Result<Self, Error> {
        let Call {
            session,
            operation,
            input,
            options,
        } = call;
        let params = input.into_wire(operation.caller_params(), Case::Snake);
        let limits = match &file {
            Some(file) if file.is_stored() => session.file_limits(&options),
            _ => session.limits(&options),
        };
        Ok(Self {
            params: params.map_err(|problem| Error::invalid_request(problem).of(operation.id))?,
            credentials: (operation.auth == AuthScheme::Credentials).then(|| session.credentials.body()),
            limits: limits.map_err(|error| error.of(operation.id))?,
            session,
            operation,
            file,
            options,
        })
    }

    /// Starts the limits anew.
    pub(super) fn restart(&mut self) -> Result<(), Error> {
        self.limits = self.fresh_limits()?;
        Ok(())
    }

    /// Sets a parameter.
    pub(super) fn set(&mut self, param: &str, value: Value) {
        let extra = match self.operation.location {
            Location::Body => &mut self.options.extra_body,
            Location::None | Location::Query | Location::Multipart => &mut self.options.extra_query,
        };
        extra.insert(param.to_owned(), value);
    }

    /// The value of a parameter, as a query string has it.
    pub(super) fn param(&self, name: &str) -> Option<String> {
        let text = |value: &Value| Piece::Value(Written::wire(Ref::Json(value))).query_text();
        let mut extra = [&self.options.extra_query, &self.options.extra_body].into_iter();
        if let Some(value) = extra.find_map(|fields| fields.get(name)) {
            return Some(text(value));
        }
        let mut found = None;
        let Ok(()) = self.params.each(&mut |known, piece| {
            if known == name {
                found = Some(piece.query_text());
            }
            Ok::<_, Infallible>(())
        });
        found
    }

    /// The values of the parameters, in the contract's order: what a call of an operation is about.
    pub(super) fn identity(&self) -> Vec<String> {
        let fields = self.operation.params.into_iter().flat_map(|shape| shape.fields);
        fields.filter_map(|field| self.param(field.wire)).collect()
    }

    /// The limits of the same call, started now.
    pub(super) fn fresh_limits(&self) -> Result<Limits, Error> {
        let limits = self.session.limits(&self.options);
        limits.map_err(|error| error.of(self.operation.id))
    }

    pub(super) async fn send<R: DataReader>(&self, accept: Accept, reader: &R, limits: Limits) -> Result<Received<R::Data>, Error> {
        let endpoint = &self.session.engine.endpoint;
        let route = endpoint.route(self.operation);
        let content = Content {
            params: &self.params,
            shape: self.operation.params,
            body: self.credentials.as_ref(),
            file: self.file.as_ref(),
            extras: self.options.extras(),
        };
        let exchange = Exchange {
            request: &build(endpoint, &route, &content).map_err(|error| error.of(route.id))?,
            route: &route,
            content: &content,
            accept,
            reader,
            limits,
        };
        self.session.send(&exchange).await
    }

    /// Sends it, opens the envelope, and reads its data.
    pub(super) async fn response<T: Answer>(&self) -> Result<ApiResponse<T>, Error> {
        let shape = self.operation.answer.ok_or_else(|| {
            Error::invalid_request("this operation answers with a file; use download_file or download_folder").of(self.operation.id)
        })?;
        let reader = AnswerReader::new(shape, self.session.engine.budget(&self.limits));
        match self.send(Accept::Envelope, &reader, self.limits).await? {
            Received::Envelope(response) => Ok(response),
            _ => Err(Error::internal("an answer was taken for a file").of(self.operation.id)),
        }
    }

    /// Sends it and returns the answer.
    pub(super) async fn answer<T: Answer>(&self) -> Result<T, Error> {
        self.data(self.response().await?)
    }

    /// The data of a response.
    pub(super) fn data<D>(&self, response: ApiResponse<D>) -> Result<D, Error> {
        let (response, data) = response.take_data();
        data.map_err(|error| self.unread(&response, &error))
    }

    /// The error of data that cannot be read.
    pub(super) fn unread<D>(&self, response: &ApiResponse<D>, error: &ReadError) -> Error {
        let kind = match error {
            ReadError::Late => ErrorKind::Timeout,
            _ => ErrorKind::InvalidResponse,
        };
        self.failed(response, kind, unread(error, response.json()))
    }

    /// The error of a successful response that cannot be used.
    pub(super) fn unusable<D>(&self, response: &ApiResponse<D>, detail: impl Into<String>) -> Error {
        self.failed(response, ErrorKind::InvalidResponse, detail)
    }

    fn failed<D>(&self, response: &ApiResponse<D>, kind: ErrorKind, detail: impl Into<String>) -> Error {
        let retry = self.operation.retry;
        Error::new(kind, detail)
            .of(self.operation.id)
            .with_status(response.status.as_u16())
            .with_attempts(response.attempts)
            .with_effect(retry.has_effect(), retry.may_repeat())
    }
}

/// Says why data cannot be read, without showing any of it.
pub(super) fn unread(error: &ReadError, data: &str) -> String {
    match error {
        ReadError::Missing(field) => format!("it has no `{}`", field.wire),
        ReadError::TooDeep => "its `data` is nested too deeply".to_owned(),
        ReadError::OverBudget => "its `data` unfolds to more than `max_response_bytes` allows".to_owned(),
        ReadError::Late => "its answer was not read before the call's deadline".to_owned(),
        _ => match error.position(data.as_bytes()) {
            Some((line, column)) => format!("its `data` cannot be read, line {line} column {column}"),
            None => "its `data` cannot be read".to_owned(),
        },
    }
}
