//! Posts events to the customer's URL.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use url::Url;

use super::parcel::Parcel;

/// Posts events.
#[derive(Debug)]
pub struct Sender {
    client: Client,
}

impl Sender {
    /// `timeout` is how long the receiver may take for one event.
    pub fn new(timeout: Duration) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        // Passed by hand, as the choice of a provider for the whole process is not a library's to make.
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .timeout(timeout)
            // As the headers are documented; receivers that compare them letter by letter are not punished here.
            .http1_title_case_headers()
            // A redirect is not the confirmation of a receiver.
            .redirect(Policy::none())
            // The receiver is usually on this machine, where no proxy finds it.
            .no_proxy()
            .build()?;
        Ok(Self { client })
    }

    /// Posts an event and gives the receiver's HTTP status, or why there is none.
    pub async fn post(&self, url: Url, parcel: &Parcel) -> Result<u16, &'static str> {
        let mut request = self.client.post(url).body(parcel.body.clone());
        for (name, value) in &parcel.headers {
            request = request.header(*name, value);
        }
        match request.send().await {
            Ok(response) => Ok(response.status().as_u16()),
            Err(error) if error.is_builder() => Err("no header can hold the sign key"),
            Err(error) if error.is_timeout() => Err("the receiver did not answer in time"),
            Err(error) if error.is_connect() => Err("the receiver could not be reached"),
            Err(_) => Err("the receiver cut the connection"),
        }
    }
}
