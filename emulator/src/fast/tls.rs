//! A certificate for this machine's loopback address, made anew at each start.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls_pki_types::PrivateKeyDer;
use tokio_rustls::TlsAcceptor;

use super::error::FastError;

/// How to accept connections.
pub(super) struct Tls {
    pub(super) http1: TlsAcceptor,
    pub(super) http2: TlsAcceptor,
}

impl Tls {
    /// Writes the certificate to `path`, as PEM.
    pub(super) fn new(path: &Path) -> Result<Self, FastError> {
        let names = ["127.0.0.1".to_owned(), "localhost".to_owned()];
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).map_err(prepare)?;
        fs::write(path, cert.pem())?;
        let acceptor = |protocol: &[u8]| {
            let key = PrivateKeyDer::try_from(signing_key.serialize_der()).map_err(prepare)?;
            let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .map_err(prepare)?
                .with_no_client_auth()
                .with_single_cert(vec![cert.der().clone()], key)
                .map_err(prepare)?;
            config.alpn_protocols = vec![protocol.to_vec()];
            Ok::<_, FastError>(TlsAcceptor::from(Arc::new(config)))
        };
        Ok(Self {
            http1: acceptor(b"http/1.1")?,
            http2: acceptor(b"h2")?,
        })
    }
}

#[allow(clippy::needless_pass_by_value)] // to be named where an error is mapped
fn prepare(error: impl ToString) -> FastError {
    FastError::Prepare(error.to_string())
}
