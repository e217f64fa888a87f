//! The network, as the rest of the SDK sees it.

mod decompress;
mod interface;
mod network;
mod tls;

pub use interface::{Transport, TransportBody, TransportError, TransportErrorKind, TransportRequest, TransportResponse, TransportStream};

pub(crate) use network::{Network, NetworkTransport, PROXY_CREDENTIALS};
