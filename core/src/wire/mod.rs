//! What goes over the wire: requests are built and encrypted here, responses decrypted, opened and classified.

mod body;
mod build;
mod classify;
mod content;
mod data_reader;
mod endpoint;
mod envelope;
mod form;
mod form_writer;
mod progress;
mod receive;
mod refusals;
mod request_redaction;
mod route;
mod transport;

pub use transport::{Transport, TransportBody, TransportError, TransportErrorKind, TransportRequest, TransportResponse, TransportStream};

pub(crate) use body::Body;
pub(crate) use build::{OutgoingRequest, build, secret_header};
pub(crate) use classify::{Effect, Failure, lost, retry_after, silent, unsent};
pub(crate) use content::{Content, Extras};
pub(crate) use data_reader::{AnswerReader, DataReader, ValueReader};
pub(crate) use endpoint::Endpoint;
pub(crate) use form::{Form, FormFile, FormFileContent, open_file};
pub(crate) use progress::{Progress, in_chunks};
pub(crate) use receive::{Accept, ApiResponse, Received, Receiving, receive};
pub(crate) use request_redaction::RequestRedaction;
pub(crate) use route::Route;
pub(crate) use transport::{Network, NetworkTransport};
