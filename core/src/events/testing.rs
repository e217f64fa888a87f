//! Deliveries for tests of a receiver.

use secrecy::ExposeSecret as _;

use super::headers::Headers;
use super::{EventKind, Events, SIGN, SIGN_KEY};
use crate::encryption::{ENCRYPTED, SIGNED};
use crate::error::Error;
use crate::signing::SignError;

/// Names and values.
type HeaderList = Vec<(String, String)>;

impl Events {
    /// A body as AI Rudder might post it for events of this kind, for tests of your receiver. The same every time; its people do not exist.
    #[must_use]
    pub fn sample(kind: EventKind) -> Vec<u8> {
        kind.traits().sample.as_bytes().to_vec()
    }

    /// [`sample`](Self::sample) for a kind by its name.
    pub fn sample_of(&self, kind: &str) -> Result<Vec<u8>, Error> {
        super::read::known(kind).map(Self::sample).map_err(|error| self.told(error))
    }

    /// The headers of a body that is signed with the client's own `sign_secret` or `signer`, for tests of your receiver. Sign what is sent: encrypt
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
        let unsigned = self.unsigned(body, &Headers(&[]));
        let sign = self.expected_sign(&unsigned).map_err(|error| self.told(error))?;
        Ok(self.signed_headers(sign))
    }

    /// The headers with a sign that was computed elsewhere.
    #[doc(hidden)]
    #[must_use]
    pub fn signed_headers(&self, sign: String) -> Vec<(String, String)> {
        let key = self.0.signing.key.as_ref();
        let key = key.map(|key| (SIGN_KEY.to_owned(), key.expose_secret().to_owned()));
        std::iter::once((SIGN.to_owned(), sign)).chain(key).collect()
    }

    /// The error for a `signer` that was asked elsewhere and gave no sign.
    #[doc(hidden)]
    #[must_use]
    pub fn signer_failed(&self, words: &str) -> Error {
        self.told(self.no_sign(&SignError::new(words)))
    }

    /// What the client's `signer` is to be asked for in place of [`sign`](Self::sign), when it has to wait for something.
    #[doc(hidden)]
    #[must_use]
    pub fn to_sign_for_test(&self, body: &[u8]) -> Option<crate::Unsigned> {
        self.0.signing.signer.as_ref().map(|_| self.unsigned(body, &Headers(&[])))
    }

    /// A body encrypted with the client's own key, and the headers that say so, for tests of your receiver.
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
            return Err(self.told(Error::event("no_key", "the client has no `encryption_key` to encrypt with")));
        };
        let sealed = encryption.seal(body);
        let headers = vec![(ENCRYPTED.to_owned(), "1".to_owned()), (SIGNED.to_owned(), sealed.signed)];
        Ok((sealed.body.into_bytes(), headers))
    }
}
