//! TLS: rustls with ring and the public certificate authorities, so that every platform trusts the same.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use crate::error::Error;

/// The TLS settings, with the authorities of `ca_certificate` beside the public ones.
pub(super) fn tls(ca_certificate: Option<&str>) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    if let Some(setting) = ca_certificate {
        for certificate in certificates(setting)? {
            roots
                .add(certificate)
                .map_err(|_| Error::configuration("`ca_certificate` holds something that is no certificate of an authority"))?;
        }
    }
    let mut tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| Error::configuration("this machine offers no TLS version that is safe"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(tls)
}

fn certificates(setting: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let pem = if setting.contains("-----BEGIN") {
        setting.as_bytes().to_vec()
    } else {
        std::fs::read(setting).map_err(|error| Error::configuration(format!("`ca_certificate` cannot be read: {}", error.kind())))?
    };
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        .map_err(|_| Error::configuration("`ca_certificate` is damaged PEM"))?;
    if certificates.is_empty() {
        return Err(Error::configuration("`ca_certificate` holds no PEM certificate"));
    }
    Ok(certificates)
}
