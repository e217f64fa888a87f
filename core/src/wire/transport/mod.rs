//! The network, as the rest of the SDK sees it.

mod interface;
mod network;
mod tls;

pub use interface::{Transport, TransportBody, TransportError, TransportErrorKind, TransportRequest, TransportResponse, TransportStream};

pub(crate) use network::{Network, NetworkTransport};
