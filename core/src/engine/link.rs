//! Gets a recording from the address that an answer links to.

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue, LOCATION, RANGE, USER_AGENT};
use http::{Method, StatusCode};
use url::Url;

use super::{Engine, stream};
use crate::error::{Error, ErrorKind};
use crate::wire::{TransportBody, TransportRequest, TransportResponse, retry_after};

/// The most redirects of a link.
const MAX_REDIRECTS: usize = 5;

impl Engine {
    /// Gets what a link leads to, with these headers. Its server is not AI Rudder's, so it gets neither token nor encryption, and no `Referer`.
    ///
    /// A range that the server refuses is no error: the caller can ask for the whole.
    pub(crate) async fn follow(&self, link: &str, headers: &HeaderMap) -> Result<TransportResponse, Error> {
        let nowhere = |kind| Error::new(kind, "the link to the recording leads nowhere");
        let mut url = Url::parse(link).map_err(|_| nowhere(ErrorKind::IncompleteDownload))?;
        let mut redirects = 0;
        loop {
            let response = self.get(url.clone(), headers.clone()).await?;
            let status = response.status;
            if status.is_success() || (status == StatusCode::RANGE_NOT_SATISFIABLE && headers.contains_key(RANGE)) {
                return Ok(response);
            }
            let Some(next) = target(&url, &response).filter(|_| redirects < MAX_REDIRECTS) else {
                let kind = match status {
                    StatusCode::TOO_MANY_REQUESTS => ErrorKind::RateLimited,
                    _ if status.is_server_error() => ErrorKind::Server,
                    _ => ErrorKind::IncompleteDownload,
                };
                let error = nowhere(kind).with_status(status.as_u16());
                return Err(error.with_retry_after(retry_after(&response.headers)));
            };
            url = next;
            redirects += 1;
        }
    }

    async fn get(&self, url: Url, mut headers: HeaderMap) -> Result<TransportResponse, Error> {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        headers.insert(USER_AGENT, self.endpoint.user_agent.clone());
        let request = TransportRequest {
            method: Method::GET,
            url,
            headers,
            body: TransportBody::Bytes(Bytes::new()),
        };
        let response = stream::send(self.transport.as_ref(), request, self.read_timeout).await;
        response.map_err(|failure| failure.error)
    }
}

/// The address that a redirect leads to, which may be relative.
fn target(url: &Url, response: &TransportResponse) -> Option<Url> {
    let is_redirect = matches!(
        response.status,
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let location = response.headers.get(LOCATION).filter(|_| is_redirect)?.to_str().ok()?;
    url.join(location).ok()
}
