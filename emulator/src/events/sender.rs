//! Posts events to the customer's URL.

use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_TYPE, USER_AGENT};
use reqwest::Client;
use reqwest::redirect::Policy;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

use super::Delivery;
use crate::auth::{SIGN, SIGN_KEY};
use crate::crypto::{IS_ENCRYPTED, SIGNED};
use crate::settings::Settings;

/// Whether an event carries the Chatbot API's sign.
fn is_signed(kind: &str) -> bool {
    kind.starts_with("chatbot.") || kind == "workflow.chatbot_session_ended"
}

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
    pub async fn post(&self, delivery: &Delivery, settings: &Settings) -> Result<u16, &'static str> {
        let mut request = self
            .client
            .post(delivery.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, "Airudder");
        let mut body = delivery.body.to_string();
        if let Some(encryption) = &settings.encryption {
            let sealed = encryption.seal(body.as_bytes());
            request = request.header(IS_ENCRYPTED, "1").header(SIGNED, sealed.signed);
            body = sealed.text;
        }
        if is_signed(&delivery.kind) {
            let sign = settings.sign.of(body.as_bytes());
            request = request.header(SIGN_KEY, &settings.sign.key).header(SIGN, sign);
        }
        request = request.body(body);
        match request.send().await {
            Ok(response) => Ok(response.status().as_u16()),
            Err(error) if error.is_timeout() => Err("the receiver did not answer in time"),
            Err(error) if error.is_connect() => Err("the receiver could not be reached"),
            Err(_) => Err("the receiver cut the connection"),
        }
    }
}
