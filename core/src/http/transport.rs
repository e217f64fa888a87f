//! The HTTP client and its TLS: rustls with ring and the public certificate authorities, so that every platform trusts the same.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::redirect::Policy;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use url::Url;

use crate::config::Config;
use crate::error::Error;

/// How many redirects a link to a recording may take.
const LINK_REDIRECTS: usize = 5;

/// How long a connection waits for the next request. Shorter than servers and balancers usually keep one: a request that is written to a connection
/// which just ended may or may not have arrived, and nobody could tell.
const IDLE: Duration = Duration::from_secs(20);

/// The HTTP clients of one SDK client. They share nothing but the settings.
pub(crate) struct Transport {
    /// For the API. Follows no redirect: a request must go where it was meant to, with its token, or nowhere.
    pub(crate) api: reqwest::Client,
    /// Made when it is first needed, as most programs never send a file.
    uploads: OnceLock<reqwest::Client>,
    /// Made when it is first needed, too.
    links: OnceLock<reqwest::Client>,
    tls: ClientConfig,
}

impl Transport {
    pub(crate) fn new(config: &Config) -> Result<Self, Error> {
        let tls = tls(config)?;
        Ok(Self {
            api: client(config, tls.clone(), Policy::none(), true)?,
            uploads: OnceLock::new(),
            links: OnceLock::new(),
            tls,
        })
    }

    /// For files on their way to the API, which may take longer than any silence may last.
    pub(crate) fn uploads(&self, config: &Config) -> Result<&reqwest::Client, Error> {
        once(&self.uploads, || client(config, self.tls.clone(), Policy::none(), false))
    }

    /// For links to recordings, which are elsewhere and get no token.
    pub(crate) fn links(&self, config: &Config) -> Result<&reqwest::Client, Error> {
        once(&self.links, || {
            client(config, self.tls.clone(), Policy::limited(LINK_REDIRECTS), true)
        })
    }
}

/// Two that come at once may both make one; the first is kept.
fn once(slot: &OnceLock<reqwest::Client>, make: impl FnOnce() -> Result<reqwest::Client, Error>) -> Result<&reqwest::Client, Error> {
    if let Some(client) = slot.get() {
        return Ok(client);
    }
    let client = make()?;
    Ok(slot.get_or_init(|| client))
}

fn client(config: &Config, tls: ClientConfig, redirects: Policy, ends_silence: bool) -> Result<reqwest::Client, Error> {
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(redirects)
        .user_agent(&config.user_agent)
        .connect_timeout(config.connect_timeout)
        .pool_idle_timeout(IDLE)
        .tcp_nodelay(true);
    if ends_silence {
        builder = builder.read_timeout(config.read_timeout);
    }
    if let Some(proxy) = &config.proxy {
        builder = builder.proxy(self::proxy(proxy)?);
    } else if config.is_loopback {
        // The system's proxy cannot reach this machine's own loopback address.
        builder = builder.no_proxy();
    }
    builder
        .build()
        .map_err(|_| Error::configuration("the HTTP client cannot be made from these settings"))
}

fn proxy(setting: &str) -> Result<reqwest::Proxy, Error> {
    const SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];
    Url::parse(setting)
        .ok()
        .filter(|url| SCHEMES.contains(&url.scheme()) && url.has_host())
        .and_then(|url| reqwest::Proxy::all(url).ok())
        .ok_or_else(|| Error::configuration("`proxy` is no proxy URL; it must look like http://host:port or socks5://host:port"))
}

fn tls(config: &Config) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    if let Some(setting) = &config.ca_certificate {
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
