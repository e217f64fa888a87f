//! Gets a recording from the address that an answer links to.

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue, LOCATION, USER_AGENT};
use http::{Method, StatusCode};
use url::Url;

use super::{Engine, stream};
use crate::error::{Error, ErrorKind};
use crate::wire::{TransportBody, TransportRequest, TransportResponse};

/// The most redirects of a link.
const MAX_REDIRECTS: usize = 5;

impl Engine {
    /// Gets what a link leads to. Its server is not AI Rudder's, so it gets neither token nor encryption.
    pub(crate) async fn follow(&self, link: &str) -> Result<TransportResponse, Error> {
        let nowhere = |kind| Error::new(kind, "the link to the recording leads nowhere");
        let mut url = Url::parse(link).map_err(|_| nowhere(ErrorKind::IncompleteDownload))?;
        let mut redirects = 0;
        loop {
            let response = self.get(url.clone()).await?;
            let status = response.status;
            if status.is_success() {
                return Ok(response);
            }
            match target(&url, &response).filter(|_| redirects < MAX_REDIRECTS) {
                Some(next) => url = next,
                None if status.is_server_error() => return Err(nowhere(ErrorKind::Server).with_status(status.as_u16())),
                None => return Err(nowhere(ErrorKind::IncompleteDownload).with_status(status.as_u16())),
            }
            redirects += 1;
        }
    }

    async fn get(&self, url: Url) -> Result<TransportResponse, Error> {
        let headers = [
            (ACCEPT_ENCODING, HeaderValue::from_static("identity")),
            (USER_AGENT, self.endpoint.user_agent.clone()),
        ];
        let request = TransportRequest {
            method: Method::GET,
            url,
            headers: HeaderMap::from_iter(headers),
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
