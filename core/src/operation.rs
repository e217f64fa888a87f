//! What is known of one endpoint: the row of the contract that the request path works from.

use crate::model::{Decoder, Shape};

/// How sure a fact about AI Rudder's API is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// Read on AI Rudder's own page.
    Documented,
    /// Seen in public client code that others wrote; probable, not confirmed.
    Reported,
    /// Neither: extrapolated from the page's title and method.
    Assumed,
}

impl Source {
    /// The word for it, as in the contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Reported => "reported",
            Self::Assumed => "assumed",
        }
    }
}

/// The HTTP method of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
}

impl From<Method> for http::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Post => Self::POST,
        }
    }
}

impl Method {
    /// The method as it stands in a request line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// When a request may be sent again. It is a property of what the operation does, not of its HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retry {
    /// Changes nothing, so it may be repeated after any passing failure.
    Read,
    /// Sets a state: twice is the same as once.
    Repeatable,
    /// Makes a phone ring or the like: sent again only when it provably was not carried out.
    Once,
}

impl Retry {
    /// The word for it, as in the contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Repeatable => "repeatable",
            Self::Once => "once",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Read, Self::Repeatable, Self::Once]
            .into_iter()
            .find(|class| class.as_str() == name)
    }

    /// Whether a request that the server may have seen can be sent again.
    pub(crate) const fn may_repeat(self) -> bool {
        !matches!(self, Self::Once)
    }

    /// Whether carrying it out changes anything.
    pub(crate) const fn has_effect(self) -> bool {
        !matches!(self, Self::Read)
    }
}

/// How a request shows who sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthScheme {
    /// The app key and secret in the body.
    Credentials,
    /// `Authorization: Token <token>`.
    Token,
}

/// Where an operation's parameters go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// It has none.
    None,
    /// Into the query string.
    Query,
    /// Into the JSON body.
    Body,
}

/// One endpoint of AI Rudder's API. All of them stand in [`OPERATIONS`](crate::OPERATIONS).
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// Its id, the same in every language: `tasks.create`.
    pub id: &'static str,
    /// The family it belongs to: `tasks`.
    pub family: &'static str,
    /// Its name in the family: `create`.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path, unless `routes` replaces it.
    pub path: &'static str,
    /// How sure the path is.
    pub source: Source,
    /// When it may be sent again.
    pub retry: Retry,
    /// How it shows who sends it.
    pub auth: AuthScheme,
    /// Where its parameters go.
    pub location: Location,
    /// Its parameters.
    pub params: Option<&'static Shape>,
    /// Fields that it sends always, by wire name.
    pub constants: &'static [(&'static str, &'static str)],
    /// Makes the typed answer; none for downloads.
    pub answer: Option<Decoder>,
    /// The title of its page in AI Rudder's documentation.
    pub page: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
}

impl Operation {
    /// The parameters that a caller gives: credentials are the client's to give.
    pub(crate) fn caller_params(&self) -> Option<&'static Shape> {
        self.params.filter(|_| self.auth != AuthScheme::Credentials)
    }
}
