//! Deliveries for tests of a receiver.

use secrecy::ExposeSecret as _;

use super::detect::known;
use super::headers::Headers;
use super::open::{Events, ID};
use crate::crypto::{ENCRYPTED, SIGNATURE, SIGNATURE_KEY, SIGNED, SignError, Unsigned};
use crate::error::Error;
use crate::generated::events::EventKind;

/// Names and values.
type HeaderList = Vec<(String, String)>;

impl Events {
    /// Returns a body as AI Rudder might post it for events of this kind, for tests of your receiver. It is the same every time, and its people do not
    /// exist.
    #[must_use]
    pub fn sample(kind: EventKind) -> Vec<u8> {
        kind.traits().sample.as_bytes().to_vec()
    }

    /// [`sample`](Self::sample) for a kind by its name.
    pub fn sample_of(&self, kind: &str) -> Result<Vec<u8>, Error> {
        known(kind).map(Self::sample).map_err(|error| error.of(ID))
    }

    /// Signs a body with the client's own `sign_secret` or `signer`, for tests of your receiver, and returns the headers. Sign what is sent: encrypt
    /// first.
    ///
    /// ```
    /// # let client = airudder::Client::new(airudder::Settings { base_url: Some("http://127.0.0.1:8181".into()), ..Default::default() })?;
    /// use airudder::{EventKind, Events};
    ///
    /// let body = Events::sample(EventKind::WorkflowChatbotSessionEnded);
    /// let headers = client.events().sign(&body)?;
    /// let event = client.events().unwrap(&body, &headers, Some("workflow.chatbot_session_ended"))?;
    /// assert_eq!(event.kind, "workflow.chatbot_session_ended");
    /// # Ok::<(), airudder::Error>(())
    /// ```
    pub fn sign(&self, body: &[u8]) -> Result<Vec<(String, String)>, Error> {
        let unsigned = self.0.unsigned(body, &Headers(&[]));
        let signature = self.0.expected_signature(&unsigned).map_err(|error| error.of(ID))?;
        Ok(self.signed_headers(signature))
    }

    /// The headers with a signature that was computed elsewhere.
    #[doc(hidden)]
    #[must_use]
    pub fn signed_headers(&self, signature: String) -> Vec<(String, String)> {
        let key = self.0.signing.key.as_ref();
        let key = key.map(|key| (SIGNATURE_KEY.to_owned(), key.expose_secret().to_owned()));
        std::iter::once((SIGNATURE.to_owned(), signature)).chain(key).collect()
    }

    /// The error for a `signer` that was asked elsewhere and failed.
    #[doc(hidden)]
    #[must_use]
    pub fn signer_failed(&self, text: &str) -> Error {
        self.0.no_signature(&SignError::new(text)).of(ID)
    }

    /// What to ask the client's `signer` in place of [`sign`](Self::sign), for one that awaits something.
    #[doc(hidden)]
    #[must_use]
    pub fn to_sign_for_test(&self, body: &[u8]) -> Option<Unsigned> {
        self.0.signing.signer.as_ref().map(|_| self.0.unsigned(body, &Headers(&[])))
    }

    /// Encrypts a body with the client's own key, for tests of your receiver, and returns it with its headers.
    ///
    /// ```
    /// # let client = airudder::Client::new(airudder::Settings {
    /// #     base_url: Some("http://127.0.0.1:8181".into()),
    /// #     encryption_key: Some("airudderredduria".into()),
    /// #     ..Default::default()
    /// # })?;
    /// use airudder::{EventKind, Events};
    ///
    /// let (body, headers) = client.events().encrypt(&Events::sample(EventKind::CallFinished))?;
    /// assert_eq!(client.events().unwrap(&body, &headers, None)?.kind, "call.finished");
    /// # Ok::<(), airudder::Error>(())
    /// ```
    pub fn encrypt(&self, body: &[u8]) -> Result<(Vec<u8>, HeaderList), Error> {
        let Some(encryption) = &self.0.encryption else {
            return Err(Error::event("no_key", "the client has no `encryption_key` to encrypt with").of(ID));
        };
        let encrypted = encryption.encrypt(body);
        let headers = vec![(ENCRYPTED.to_owned(), "1".to_owned()), (SIGNED.to_owned(), encrypted.signed)];
        Ok((encrypted.body.into_bytes(), headers))
    }
}
