//! From a delivery to an event: authenticate, decrypt, detect the kind, read.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::authenticated::Authenticated;
use super::coding::decode;
use super::detect::{detect, known, name, named, unwrapped};
use super::event::{self, Event};
use super::fields::Fields;
use super::headers::Headers;
use super::identity;
use super::payload::Payload;
use super::rules::Rules;
use super::text::{self, EventText};
use crate::crypto::{ENCRYPTED, SIGNATURE, SIGNED, Unsigned};
use crate::error::Error;
use crate::generated::events::EventKind;
use crate::json::{Budget, ReadError, read_value};
use crate::model::{Language, utf8};

/// Receives events with the encryption and the signing keys of a client.
///
/// Anybody may post to a public URL. [`unwrap`](Self::unwrap) takes at most `max_event_bytes`, in time and memory that are linear in the body, and
/// fails with errors of one kind only: [`ErrorKind::Event`](crate::ErrorKind::Event), whose [`reason`](crate::Error::reason) says what is wrong.
#[derive(Clone)]
pub struct Events(pub(super) Arc<Rules>);

/// Reads the payload of a kind.
type ReadData<D> = fn(Option<EventKind>, &str, Budget) -> Result<D, ReadError>;

impl Events {
    pub(crate) fn new(rules: Rules) -> Self {
        Self(Arc::new(rules))
    }

    /// Returns the size of the largest body that is taken: the setting `max_event_bytes`.
    #[must_use]
    pub fn max_bytes(&self) -> usize {
        self.0.max_bytes
    }

    /// Opens an event: checks `X-AIRudder-Sign`, decrypts the body if the header `Is-Encrypted: 1` says so, checks `Signed`, and reads it.
    ///
    /// `body` is the body of the request, untouched; `headers` are all of its headers. The kind is the one given (`"call.finished"`), or the one
    /// that the body names in `event` or `type`, or the one whose fields it has. An event whose kind cannot be detected has
    /// [`EventData::Unknown`](crate::EventData::Unknown).
    ///
    /// A signature is checked if there is one, and required for the kinds that AI Rudder documents it for. Give the kind: the sender of a forged event
    /// chooses the fields by which a kind is detected.
    ///
    /// That events are encrypted like answers and signed like requests is assumed, because AI Rudder's pages on it could not be read.
    ///
    /// ```
    /// let client = airudder::Client::new(airudder::Settings {
    ///     base_url: Some("http://127.0.0.1:8181".into()),
    ///     ..Default::default()
    /// })?;
    /// let event = client.events().unwrap(br#"{"callid": "c1", "talkduration": 12}"#, &[], None)?;
    /// assert_eq!(event.kind, "call.finished");
    ///
    /// let error = client.events().unwrap(b"hello", &[], None).unwrap_err();
    /// assert_eq!(error.reason(), Some("not_json"));
    /// # Ok::<(), airudder::Error>(())
    /// ```
    pub fn unwrap(&self, body: &[u8], headers: &[(String, String)], kind: Option<&str>) -> Result<Event, Error> {
        self.unwrap_expecting(body, headers, kind, None)
    }

    /// The same with a signature that was computed elsewhere, for a `signer` that awaits something: ask it with what
    /// [`to_sign`](Self::to_sign) returns.
    pub fn unwrap_expecting(
        &self,
        body: &[u8],
        headers: &[(String, String)],
        kind: Option<&str>,
        expected_signature: Option<&str>,
    ) -> Result<Event, Error> {
        let opened = self.open(body, &Headers(headers), kind, expected_signature, event::read);
        let opened = opened.map_err(|error| error.of(ID))?;
        Ok(Event::new(name(opened.kind), opened.data, opened.authenticated, opened.key))
    }

    /// The same, with the payload's text beside the event.
    pub(super) fn unwrap_keeping(
        &self,
        body: &[u8],
        headers: &[(String, String)],
        kind: Option<&str>,
        expected_signature: Option<&str>,
    ) -> Result<(Event, Payload), Error> {
        let opened = self.open(body, &Headers(headers), kind, expected_signature, Payload::read);
        let opened = opened.map_err(|error| error.of(ID))?;
        let (data, payload) = opened.data;
        Ok((Event::new(name(opened.kind), data, opened.authenticated, opened.key), payload))
    }

    /// The same with the data as JSON text, for a language that makes its own objects of it.
    pub fn unwrap_text<L: Language>(
        &self,
        body: &[u8],
        headers: &[(String, String)],
        kind: Option<&str>,
        expected_signature: Option<&str>,
    ) -> Result<EventText<L>, Error> {
        let opened = self.open(body, &Headers(headers), kind, expected_signature, text::read);
        let opened = opened.map_err(|error| error.of(ID))?;
        Ok(EventText {
            kind: name(opened.kind).to_owned(),
            data: opened.data,
            authenticated: opened.authenticated,
            key: opened.key,
        })
    }

    /// Returns what to ask the client's `signer` for this event. `None` if no signature is checked, or no signer is needed for it.
    #[must_use]
    pub fn to_sign(&self, body: &[u8], headers: &[(String, String)]) -> Option<Unsigned> {
        let headers = Headers(headers);
        let is_checked = self.0.verify && self.0.signing.signer.is_some() && body.len() <= self.0.max_bytes;
        let is_signed = is_checked && matches!(headers.one(SIGNATURE), Ok(Some(_)));
        let body = is_signed.then(|| decode(body, &headers, self.0.max_bytes).ok()).flatten()?;
        (body.len() <= self.0.max_bytes).then(|| self.0.unsigned(&body, &headers))
    }

    /// Returns the signature that the client's `signer` gives this event, waiting for it. `None` if it need not be asked.
    pub(super) async fn expected_signature(&self, body: &[u8], headers: &[(String, String)]) -> Result<Option<String>, Error> {
        let (Some(signer), Some(unsigned)) = (&self.0.signing.signer, self.to_sign(body, headers)) else {
            return Ok(None);
        };
        let signature = signer.sign(&unsigned).await;
        signature.map(Some).map_err(|error| self.0.no_signature(&error).of(ID))
    }

    /// The error for a body that a framework has parsed, or for text where bytes are required. `what` says what was given: `a dict`.
    #[doc(hidden)]
    #[must_use]
    pub fn not_raw(&self, what: &str) -> Error {
        let detail = format!(
            "`body` is {what}, but the signature and the encryption cover the exact bytes of the request; pass its raw body, as bytes, before \
             any framework parses it"
        );
        Error::event("not_raw", detail).of(ID)
    }

    /// Opens an event, and reads its data by `read`.
    fn open<D>(
        &self,
        body: &[u8],
        headers: &Headers<'_>,
        kind: Option<&str>,
        expected_signature: Option<&str>,
        read: ReadData<D>,
    ) -> Result<Opened<D>, Error> {
        let rules = &self.0;
        if body.len() > rules.max_bytes {
            return Err(too_large(body.len(), rules.max_bytes));
        }
        let kind = kind.map(known).transpose()?;
        // Headers that contradict each other are refused before anything is computed.
        headers.one(ENCRYPTED)?;
        headers.one(SIGNED)?;

        let body = &*decode(body, headers, rules.max_bytes)?;
        if body.len() > rules.max_bytes {
            return Err(too_large_unpacked(rules.max_bytes));
        }

        let is_signed = rules.authenticate(body, headers, expected_signature)?;
        let plaintext = rules.decrypt(body, headers)?;
        let authenticated = match (is_signed, &plaintext) {
            (true, _) => Authenticated::Signature,
            (false, Cow::Owned(_)) => Authenticated::Encryption,
            (false, Cow::Borrowed(_)) => Authenticated::Nothing,
        };
        let payload = payload(&plaintext)?;
        let fields = Fields::find(payload).ok_or_else(|| not_an_object(payload))?;
        let (wrapper, payload, fields) = match unwrapped(&fields) {
            Some((kind, body)) => (Some(kind), body, Fields::find(body).ok_or_else(|| not_an_object(payload))?),
            None => (None, payload, fields),
        };
        let kind = kind_of(kind, wrapper.or_else(|| named(&fields)), &fields)?;
        let data = read(kind, payload, Budget::for_bytes(payload.len() as u64, None)).map_err(|error| unreadable(&error, payload))?;

        if kind.is_some_and(|kind| kind.traits().signed) && rules.verify && !is_signed {
            return Err(Error::event(
                "missing_header",
                "the header `X-AIRudder-Sign` is missing, which events of this kind carry; pass all headers of the request, and let no proxy drop any",
            ));
        }
        rules.check_age(kind, &fields)?;
        let key = identity::key(kind, &fields, authenticated).map_err(|error| unreadable(&error, payload))?;
        Ok(Opened {
            kind,
            data,
            authenticated,
            key,
        })
    }
}

/// An event that is opened.
struct Opened<D> {
    kind: Option<EventKind>,
    data: D,
    authenticated: Authenticated,
    key: String,
}

/// The kind of an event: the given one, unless the body names another. Whoever has a proven event of one kind could else post it as another.
fn kind_of(given: Option<EventKind>, named: Option<EventKind>, fields: &Fields<'_>) -> Result<Option<EventKind>, Error> {
    let Some(given) = given else {
        return Ok(named.or_else(|| detect(fields)));
    };
    match named {
        Some(named) if named != given => Err(Error::event(
            "wrong_kind",
            format!(
                "it was posted to the URL of `{}` and says that it is of the kind `{}`; check which URLs AI Rudder was given, and look at who sent this",
                given.as_str(),
                named.as_str()
            ),
        )),
        _ => Ok(Some(given)),
    }
}

/// The operation that errors name.
pub(super) const ID: &str = "events.unwrap";

/// The text of a body, without a byte order mark.
fn payload(plaintext: &[u8]) -> Result<&str, Error> {
    let text = utf8(plaintext).map_err(|error| unreadable_bytes(&error, plaintext))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The error of a payload without fields: invalid JSON, or a value of another type.
fn not_an_object(payload: &str) -> Error {
    let budget = Budget::for_bytes(payload.len() as u64, None);
    let error = read_value(payload, budget).err().unwrap_or(ReadError::Syntax(0));
    unreadable(&error, payload)
}

fn unreadable(error: &ReadError, payload: &str) -> Error {
    unreadable_bytes(error, payload.as_bytes())
}

/// Says where reading ended, and never what is there.
fn unreadable_bytes(error: &ReadError, payload: &[u8]) -> Error {
    let detail = match error.position(payload) {
        Some((line, column)) => format!(
            "its body cannot be read as a JSON object, seen at line {line} column {column}; pass the raw body of the request untouched, with all its \
             headers"
        ),
        None => "its body cannot be read".to_owned(),
    };
    Error::event("not_json", detail)
}

fn too_large(bytes: usize, limit: usize) -> Error {
    Error::event(
        "too_large",
        format!("it has {bytes} bytes and `max_event_bytes` is {limit}; raise it if AI Rudder really sends such events"),
    )
}

fn too_large_unpacked(limit: usize) -> Error {
    Error::event(
        "too_large",
        format!("it unpacks to more than {limit} bytes, which `max_event_bytes` is; raise it if AI Rudder really sends such events"),
    )
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events")
            .field("encryption", &self.0.encryption)
            .field("verify", &self.0.verify)
            .field("max_bytes", &self.0.max_bytes)
            .field("max_age", &self.0.max_age)
            .finish_non_exhaustive()
    }
}
