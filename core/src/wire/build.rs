//! Builds the request that goes over the wire.

use std::convert::Infallible;

use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

use super::body::Body;
use super::content::Content;
use super::endpoint::Endpoint;
use super::form_writer::FormWriter;
use super::route::Route;
use crate::crypto::{ENCRYPTED, SIGNED};
use crate::error::Error;
use crate::model::{ObjectWriter, Piece, Ref, Written};
use crate::schema::{AuthScheme, Location};

/// A request without its authorization. It can be sent any number of times.
pub(crate) struct OutgoingRequest {
    pub(crate) method: http::Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

pub(crate) fn build(endpoint: &Endpoint, route: &Route<'_>, content: &Content<'_>) -> Result<OutgoingRequest, Error> {
    let query = query(route, content);
    let body = body(route, content)?;
    let mut request = OutgoingRequest {
        method: route.method.clone(),
        url: endpoint.url(route),
        headers: HeaderMap::new(),
        body: Body::None,
    };
    request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    request.headers.insert(USER_AGENT, endpoint.user_agent.clone());
    match &endpoint.encryption {
        // The encryption is documented for the calls that carry a token. Neither the token call itself nor signed calls are said to be encrypted.
        Some(encryption) if route.auth == AuthScheme::Token && !(query.is_empty() && body.is_none()) => {
            let encrypted = encryption.encrypt(body.as_deref().unwrap_or(query.as_bytes()));
            if body.is_some() {
                // With a body, the query is no part of the documented scheme and stays in clear.
                request.set_query(&query);
                request.body = Body::Bytes(encrypted.body.into());
            } else {
                request.url.set_query(Some(&encrypted.body));
            }
            let headers = &mut request.headers;
            headers.insert(HeaderName::from_static(ENCRYPTED), HeaderValue::from_static("1"));
            headers.insert(HeaderName::from_static(SIGNED), secret_header(&encrypted.signed)?);
        }
        _ => {
            request.set_query(&query);
            request.body = body.map_or(Body::None, |json| Body::Bytes(json.into()));
        }
    }
    if route.location == Location::Multipart {
        let (content_type, form) = form(route, content)?;
        request.headers.insert(CONTENT_TYPE, secret_header(&content_type)?);
        request.body = form;
    }
    for (name, value) in content.extras.headers {
        let header =
            HeaderName::try_from(name).map_err(|_| Error::invalid_request("`extra_headers` has a name that no header can have"))?;
        request.headers.insert(header, secret_header(value)?);
    }
    Ok(request)
}

impl OutgoingRequest {
    fn set_query(&mut self, query: &str) {
        if !query.is_empty() {
            self.url.set_query(Some(query));
        }
    }
}

/// A header whose value is redacted in `Debug`.
pub(crate) fn secret_header(value: &str) -> Result<HeaderValue, Error> {
    let mut header =
        HeaderValue::try_from(value).map_err(|_| Error::invalid_request("`extra_headers` has a value that no header can have"))?;
    header.set_sensitive(true);
    Ok(header)
}

/// Calls `visit` with each field: the constants, the parameters, those of a raw body, and `extra`, which replaces others of the same name.
fn each_field<E>(
    route: &Route<'_>,
    content: &Content<'_>,
    extra: &Map<String, Value>,
    visit: &mut dyn FnMut(&str, &Piece<'_>) -> Result<(), E>,
) -> Result<(), E> {
    for (name, text) in route.constants.iter().filter(|(name, _)| !extra.contains_key(*name)) {
        visit(name, &Piece::Value(Written::wire(Ref::Text(text))))?;
    }
    content.params.each(&mut |name, piece| {
        if extra.contains_key(name) { Ok(()) } else { visit(name, &piece) }
    })?;
    let raw = content.body.and_then(Value::as_object).into_iter().flatten();
    for (name, value) in raw.filter(|(name, _)| !extra.contains_key(*name)).chain(extra) {
        visit(name, &Piece::Value(Written::wire(Ref::Json(value))))?;
    }
    Ok(())
}

fn query(route: &Route<'_>, content: &Content<'_>) -> String {
    let extra = content.extras.query;
    let mut query = form_urlencoded::Serializer::new(String::new());
    let mut write = |name: &str, piece: &Piece<'_>| {
        query.append_pair(name, &piece.query_text());
        Ok::<_, Infallible>(())
    };
    if route.location == Location::Query {
        let Ok(()) = each_field(route, content, extra, &mut write);
    } else {
        for (name, value) in extra {
            let Ok(()) = write(name, &Piece::Value(Written::wire(Ref::Json(value))));
        }
    }
    query.finish()
}

fn body(route: &Route<'_>, content: &Content<'_>) -> Result<Option<Vec<u8>>, Error> {
    if route.location != Location::Body {
        return if content.extras.body.is_empty() || route.location == Location::Multipart {
            Ok(None)
        } else {
            Err(Error::invalid_request(
                "`extra_body` is given, but this operation has no body; `extra_query` goes into the query",
            ))
        };
    }
    let mut json = Vec::new();
    let written = match content.body {
        Some(body) if !body.is_object() && !content.extras.body.is_empty() => {
            return Err(Error::invalid_request("`extra_body` is given, but the body is no object"));
        }
        Some(body) if !body.is_object() => serde_json::to_writer(&mut json, body),
        _ => write_object(&mut json, route, content),
    };
    match written {
        Ok(()) => Ok(Some(json)),
        Err(_) => Err(Error::invalid_request("the parameters cannot be written as JSON")),
    }
}

fn write_object(json: &mut Vec<u8>, route: &Route<'_>, content: &Content<'_>) -> Result<(), serde_json::Error> {
    let mut object = ObjectWriter::new(json);
    each_field(route, content, content.extras.body, &mut |name, piece| object.piece(name, piece))?;
    object.end();
    Ok(())
}

/// Writes the text of each field, and then the file.
fn form(route: &Route<'_>, content: &Content<'_>) -> Result<(String, Body), Error> {
    let file = content
        .file
        .ok_or_else(|| Error::invalid_request("this operation sends a file, and none is given"))?;
    let mut form = FormWriter::new()?;
    let Ok(()) = each_field(route, content, content.extras.body, &mut |name, piece| {
        form.text(name, &piece.query_text());
        Ok::<_, Infallible>(())
    });
    Ok((form.content_type(), form.file(file)))
}
