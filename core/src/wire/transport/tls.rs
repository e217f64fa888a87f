//! TLS: rustls with ring and the public certificate authorities, so that every platform trusts the same.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use crate::error::Error;

/// The variables that OpenSSL knows for authorities, and with it curl, Python and Node.
const VARIABLES: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// The TLS settings, with the authorities of `ca_certificate`, `SSL_CERT_FILE` and `SSL_CERT_DIR` beside the public ones.
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
    // A certificate that rustls cannot use is skipped here: whole directories of them are another program's.
    roots.add_parsable_certificates(certificates_of_environment()?);
    let mut tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| Error::configuration("this machine offers no TLS version that is safe"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(tls)
}

/// The authorities of the environment. A variable that leads nowhere would only be seen as an unknown issuer later.
fn certificates_of_environment() -> Result<Vec<CertificateDer<'static>>, Error> {
    let is_set = |variable: &&str| std::env::var_os(variable).is_some_and(|value| !value.is_empty());
    let set: Vec<&str> = VARIABLES.into_iter().filter(is_set).collect();
    if set.is_empty() {
        return Ok(Vec::new());
    }
    let found = rustls_native_certs::load_native_certs();
    if found.certs.is_empty() {
        return Err(Error::configuration(format!(
            "no certificate of an authority is where {} of the environment leads; correct the variable or remove it",
            set.join(" or ")
        )));
    }
    Ok(found.certs)
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
