//! Makes the request that goes over the wire.

use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use url::Url;
use url::form_urlencoded;

use crate::config::Config;
use crate::encryption::{ENCRYPTED, SIGNED};
use crate::error::Error;
use crate::http::body::Body;
use crate::http::quoted::Sent;
use crate::model::{ObjectWriter, Piece, Ref, Written};
use crate::operation::{AuthScheme, Location, Operation, Retry, Source};
use crate::upload::FormWriter;

/// Where a request goes and how it is treated: an operation as configured, or a raw call.
pub(crate) struct Route<'a> {
    pub(crate) id: &'a str,
    /// Set when the path is an operation's, and so one of few.
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) method: http::Method,
    pub(crate) path: &'a str,
    pub(crate) retry: Retry,
    pub(crate) auth: AuthScheme,
    pub(crate) location: Location,
    pub(crate) constants: &'a [(&'a str, &'a str)],
    /// Set when nobody is sure of the path: how it is known, and the page where it can be looked up.
    pub(crate) unsure: Option<(Source, &'a str)>,
    /// Whether an answer may be JSON without AI Rudder's envelope.
    pub(crate) open_answer: bool,
}

impl<'a> Route<'a> {
    pub(crate) fn of(operation: &'static Operation, config: &'a Config) -> Self {
        let (path, replaced) = config.path(operation);
        Self {
            id: operation.id,
            operation: Some(operation),
            method: operation.method.into(),
            path,
            retry: operation.retry,
            auth: operation.auth,
            location: operation.location,
            constants: operation.constants,
            unsure: (operation.source != Source::Documented && !replaced).then_some((operation.source, operation.page)),
            open_answer: false,
        }
    }
}

/// A request, ready to be sent as often as it takes.
pub(crate) struct Outgoing {
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

pub(crate) fn build(config: &Config, route: &Route<'_>, sent: &Sent<'_>) -> Result<Outgoing, Error> {
    let query = query(route, sent);
    let body = body(config, route, sent)?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let mut outgoing = Outgoing {
        url: url(config, route),
        headers,
        body: Body::None,
    };
    match &config.encryption {
        // The encryption is documented for the calls that carry a token. Nothing says that the token call itself is encrypted, nor that signed
        // calls are, so they are not.
        Some(encryption) if route.auth == AuthScheme::Token && !(query.is_empty() && body.is_none()) => {
            let plaintext = body.as_deref().unwrap_or(query.as_bytes());
            let sealed = encryption.seal(plaintext);
            if body.is_some() {
                // With a body, the query is no part of the documented scheme and stays in clear.
                outgoing.set_query(&query);
                outgoing.body = Body::Bytes(sealed.body.into());
            } else {
                outgoing.url.set_query(Some(&sealed.body));
            }
            outgoing
                .headers
                .insert(HeaderName::from_static(ENCRYPTED), HeaderValue::from_static("1"));
            outgoing
                .headers
                .insert(HeaderName::from_static(SIGNED), secret_header(&sealed.signed)?);
        }
        _ => {
            outgoing.set_query(&query);
            outgoing.body = body.map_or(Body::None, |json| Body::Bytes(json.into()));
        }
    }
    if route.location == Location::Multipart {
        let (content_type, form) = form(route, sent)?;
        outgoing.headers.insert(CONTENT_TYPE, secret_header(&content_type)?);
        outgoing.body = form;
    }
    for (name, value) in &sent.options.extra_headers {
        let header =
            HeaderName::try_from(name).map_err(|_| Error::invalid_request("`extra_headers` has a name that no header can have"))?;
        outgoing.headers.insert(header, secret_header(value)?);
    }
    Ok(outgoing)
}

impl Outgoing {
    fn set_query(&mut self, query: &str) {
        if !query.is_empty() {
            self.url.set_query(Some(query));
        }
    }
}

/// A header whose value no `Debug` shows.
pub(crate) fn secret_header(value: &str) -> Result<HeaderValue, Error> {
    let mut header =
        HeaderValue::try_from(value).map_err(|_| Error::invalid_request("`extra_headers` has a value that no header can have"))?;
    header.set_sensitive(true);
    Ok(header)
}

/// The base URL may have a path of its own, as behind a gateway; the operation's path comes after it.
fn url(config: &Config, route: &Route<'_>) -> Url {
    let make = || {
        let mut url = config.base_url.clone();
        let path = format!("{}{}", url.path().trim_end_matches('/'), route.path);
        url.set_path(&path);
        url
    };
    match route.operation {
        Some(operation) => config.urls.get(operation, make),
        None => make(),
    }
}

fn query(route: &Route<'_>, sent: &Sent<'_>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if route.location == Location::Query {
        for (name, value) in route.constants {
            query.append_pair(name, value);
        }
        let outcome: Result<(), std::convert::Infallible> = sent.wire.each(&mut |name, value| {
            if !sent.options.extra_query.contains_key(name) {
                query.append_pair(name, &value.query_text());
            }
            Ok(())
        });
        outcome.unwrap_or_default();
    }
    for (name, value) in &sent.options.extra_query {
        query.append_pair(name, &Piece::Value(Written::wire(Ref::Json(value))).query_text());
    }
    query.finish()
}

fn body(config: &Config, route: &Route<'_>, sent: &Sent<'_>) -> Result<Option<Vec<u8>>, Error> {
    if route.location != Location::Body {
        return if sent.options.extra_body.is_empty() || route.location == Location::Multipart {
            Ok(None)
        } else {
            Err(Error::invalid_request(
                "`extra_body` is given, but this operation has no body; `extra_query` goes into the query",
            ))
        };
    }
    let mut json = Vec::new();
    let written = match sent.body {
        Some(body) if !body.is_object() && !sent.options.extra_body.is_empty() => {
            return Err(Error::invalid_request("`extra_body` is given, but the body is no object"));
        }
        Some(body) if !body.is_object() => serde_json::to_writer(&mut json, body),
        _ => write_object(&mut json, config, route, sent),
    };
    match written {
        Ok(()) => Ok(Some(json)),
        Err(_) => Err(Error::invalid_request("the parameters cannot be written as JSON")),
    }
}

fn write_object(json: &mut Vec<u8>, config: &Config, route: &Route<'_>, sent: &Sent<'_>) -> Result<(), serde_json::Error> {
    let mut object = ObjectWriter::new(json);
    if route.auth == AuthScheme::Credentials {
        object.entry("APPKey", config.app_key.expose_secret())?;
        object.entry("APPSecret", config.app_secret.expose_secret())?;
    }
    let extra = &sent.options.extra_body;
    for (name, value) in route.constants.iter().filter(|(name, _)| !extra.contains_key(*name)) {
        object.entry(name, value)?;
    }
    sent.wire.each(&mut |name, piece| {
        if extra.contains_key(name) {
            Ok(())
        } else {
            object.piece(name, &piece)
        }
    })?;
    let raw = sent.body.and_then(Value::as_object).into_iter().flatten();
    for (name, value) in raw.filter(|(name, _)| !extra.contains_key(*name)).chain(extra) {
        object.entry(name, value)?;
    }
    object.end();
    Ok(())
}

/// The text of each field, and then the file.
fn form(route: &Route<'_>, sent: &Sent<'_>) -> Result<(String, Body), Error> {
    let file = sent
        .file
        .ok_or_else(|| Error::invalid_request("this operation sends a file, and none is given"))?;
    let mut form = FormWriter::new()?;
    let extra = &sent.options.extra_body;
    for (name, value) in route.constants.iter().filter(|(name, _)| !extra.contains_key(*name)) {
        form.text(name, value);
    }
    let outcome: Result<(), std::convert::Infallible> = sent.wire.each(&mut |name, piece| {
        if !extra.contains_key(name) {
            form.text(name, &piece.query_text());
        }
        Ok(())
    });
    outcome.unwrap_or_default();
    for (name, value) in extra {
        form.text(name, &Piece::Value(Written::wire(Ref::Json(value))).query_text());
    }
    Ok((form.content_type(), form.file(file)))
}
