//! The transport over connections of this machine.

use std::error::Error as StdError;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, TryStreamExt as _};
use http::header::{ACCEPT_ENCODING, HeaderValue};
use reqwest::redirect::Policy;
use rustls::ClientConfig;
use url::Url;

use super::decompress::{ACCEPTED, Coding, decompress};
use super::interface::{Transport, TransportBody, TransportError, TransportErrorKind, TransportRequest, TransportResponse};
use super::tls::tls;
use crate::error::Error;

/// How long an idle connection is kept. Shorter than servers and balancers usually keep one: a request that is written to a connection that just
/// closed may or may not have arrived.
const IDLE: Duration = Duration::from_secs(20);

/// The settings of connections.
pub(crate) struct Network {
    pub(crate) connect_timeout: Duration,
    pub(crate) proxy: Option<String>,
    pub(crate) ca_certificate: Option<String>,
    pub(crate) is_loopback: bool,
}

pub(crate) struct NetworkTransport {
    client: reqwest::Client,
}

impl NetworkTransport {
    pub(crate) fn new(network: &Network) -> Result<Self, Error> {
        let tls = tls(network.ca_certificate.as_deref())?;
        let client = client(network, tls)?;
        Ok(Self { client })
    }

    async fn execute(&self, request: TransportRequest) -> Result<TransportResponse, TransportError> {
        let TransportRequest {
            method,
            url,
            headers,
            body,
        } = request;
        let is_https = url.scheme() == "https";
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = headers;
        request
            .headers_mut()
            .entry(ACCEPT_ENCODING)
            .or_insert(HeaderValue::from_static(ACCEPTED));
        *request.body_mut() = match body {
            TransportBody::Bytes(bytes) => (!bytes.is_empty()).then(|| bytes.into()),
            TransportBody::Stream(stream) => Some(reqwest::Body::wrap_stream(stream)),
        };
        let mut response = self.client.execute(request).await.map_err(|error| unsent(&error, is_https))?;
        let mut headers = std::mem::take(response.headers_mut());
        let coding = Coding::take(&mut headers);
        let status = response.status();
        let body = Box::pin(response.bytes_stream().map_err(|error| broken(&error)));
        Ok(TransportResponse {
            status,
            headers,
            body: decompress(coding, body),
        })
    }
}

impl Transport for NetworkTransport {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        self.execute(request).boxed()
    }
}

fn client(network: &Network, tls: ClientConfig) -> Result<reqwest::Client, Error> {
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(network.connect_timeout)
        .pool_idle_timeout(IDLE)
        .tcp_nodelay(true);
    if let Some(proxy) = &network.proxy {
        builder = builder.proxy(self::proxy(proxy)?);
    } else if network.is_loopback || is_proxy_off() {
        // The system's proxy cannot reach this machine's own loopback address.
        builder = builder.no_proxy();
    }
    builder
        .build()
        .map_err(|_| Error::configuration("the HTTP client cannot be made from these settings"))
}

/// Whether `NO_PROXY` is `*`, which reqwest applies to names of hosts and not to addresses.
fn is_proxy_off() -> bool {
    let setting = std::env::var("NO_PROXY").or_else(|_| std::env::var("no_proxy"));
    setting.is_ok_and(|hosts| hosts.split(',').any(|host| host.trim() == "*"))
}

fn proxy(setting: &str) -> Result<reqwest::Proxy, Error> {
    const SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];
    Url::parse(setting)
        .ok()
        .filter(|url| SCHEMES.contains(&url.scheme()) && url.has_host())
        .and_then(|url| reqwest::Proxy::all(url).ok())
        .ok_or_else(|| Error::configuration("`proxy` is no proxy URL; it must look like http://host:port or socks5://host:port"))
}

/// The advice for a proxy that requires credentials.
pub(crate) const PROXY_CREDENTIALS: &str = "the proxy wants a user name and a password; give both in the URL of `proxy`, before its host";

/// The failure of a request without a response.
fn unsent(error: &reqwest::Error, is_https: bool) -> TransportError {
    let kind = if error.is_connect() || error.is_builder() || is_unprocessed(error) {
        TransportErrorKind::NotSent
    } else if error.is_timeout() {
        TransportErrorKind::TimedOut
    } else {
        TransportErrorKind::Lost
    };
    let cause = innermost(error);
    let detail = match advice(&cause, is_https) {
        Some(advice) => format!("{cause}; {advice}"),
        None => cause,
    };
    TransportError::new(kind, detail)
}

/// What to do about a cause that a setting explains. The libraries offer no more than its text.
fn advice(cause: &str, is_https: bool) -> Option<&'static str> {
    if cause.starts_with("tunnel error: proxy authorization required") {
        Some(PROXY_CREDENTIALS)
    } else if cause.starts_with("tunnel error") {
        Some("the proxy did not connect to the host of `base_url`; check `proxy`, and what the proxy allows")
    } else if is_https && cause.contains("InvalidContentType") {
        Some("the port does not speak TLS: if it speaks plain HTTP, use the scheme `http` in `base_url`")
    } else if is_https && cause.contains("certificate") {
        Some("if the certificate is your own or your proxy's, set `ca_certificate` to its authority")
    } else if !is_https && cause.starts_with("invalid HTTP version") {
        Some("the port does not speak plain HTTP: if it speaks TLS, use the scheme `https` in `base_url`")
    } else {
        None
    }
}

/// Whether the server said by HTTP/2 that it did not process the request: it is shutting down, or it refused the stream.
fn is_unprocessed(error: &reqwest::Error) -> bool {
    let causes = std::iter::successors(error.source(), |cause| StdError::source(*cause));
    causes.filter_map(|cause| cause.downcast_ref::<h2::Error>()).any(|error| {
        let is_shutdown = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
        let is_refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
        error.is_remote() && (is_shutdown || is_refused)
    })
}

/// The failure of a response that did not arrive whole.
fn broken(error: &reqwest::Error) -> TransportError {
    let kind = if error.is_timeout() {
        TransportErrorKind::TimedOut
    } else {
        TransportErrorKind::Lost
    };
    TransportError::new(kind, innermost(error))
}

/// The text of the first cause: reqwest's own text shows the URL.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &(dyn StdError + 'static) = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if cause.is::<reqwest::Error>() {
        return String::new();
    }
    cause.to_string()
}
