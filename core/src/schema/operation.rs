//! One endpoint, as the contract describes it.

use serde_json::{Value, json};

use super::shape::Shape;
use super::source::Source;

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
    /// Makes a phone ring or the like: sent again only if it provably was not carried out.
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

/// How a request is authorized.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthScheme {
    /// The app key and secret in the body.
    Credentials,
    /// `Authorization: Token <token>`.
    Token,
    /// `X-AIRudder-Sign-Key` and `X-AIRudder-Sign`, and no token: the Chatbot API.
    Sign,
}

impl AuthScheme {
    /// The word for it, as in the contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Token => "token",
            Self::Sign => "sign",
        }
    }
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
    /// Into a `multipart/form-data` body, beside a file.
    Multipart,
}

/// What an operation answers with instead of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Downloads {
    /// One file.
    File,
    /// Several files, for a folder.
    Folder,
}

impl Downloads {
    /// The word for it, as in the contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Folder => "folder",
        }
    }
}

/// The file that an operation sends.
#[derive(Debug)]
#[non_exhaustive]
pub struct Upload {
    /// Its name as an argument in Rust and Python.
    pub name: &'static str,
    /// Its name as an argument in Node and Kotlin.
    pub camel: &'static str,
    /// Its name in the form.
    pub wire: &'static str,
}

/// How the pages of a list are requested, all by wire names.
#[derive(Debug)]
#[non_exhaustive]
pub struct Paging {
    /// What leads to the next page.
    pub step: PageStep,
    /// The parameter that says how much a page holds.
    pub size: Option<&'static str>,
    /// The field of the answer that holds the page's items.
    pub items: &'static str,
    /// The field of the answer that counts the items of all pages.
    pub total: Option<&'static str>,
}

/// What leads from one page to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageStep {
    /// A parameter that counts pages from 1.
    Number {
        /// The parameter.
        param: &'static str,
    },
    /// A parameter that says where the next page begins.
    Cursor {
        /// The parameter. The first page is asked for without it.
        param: &'static str,
        /// The field of a page's last item whose value it takes.
        from: &'static str,
    },
}

impl PageStep {
    /// The parameter that tells the pages apart.
    #[must_use]
    pub const fn param(self) -> &'static str {
        match self {
            Self::Number { param } | Self::Cursor { param, .. } => param,
        }
    }
}

/// One endpoint of AI Rudder's API. All of them are in [`OPERATIONS`](crate::OPERATIONS).
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
    /// How it is authorized.
    pub auth: AuthScheme,
    /// Where its parameters go.
    pub location: Location,
    /// Its parameters.
    pub params: Option<&'static Shape>,
    /// Fields that it sends always, by wire name.
    pub constants: &'static [(&'static str, &'static str)],
    /// The fields of its answer. `None` for downloads.
    pub answer: Option<&'static Shape>,
    /// Set when the answer is a file, or several.
    pub download: Option<Downloads>,
    /// Set when a file is sent along.
    pub upload: Option<Upload>,
    /// Set when the answer is one page of many.
    pub paging: Option<Paging>,
    /// The title of its page in AI Rudder's documentation: the first English one, else the first.
    pub page: &'static str,
    /// All titles of AI Rudder's pages on it.
    pub pages: &'static [&'static str],
    /// What it does, in one line.
    pub summary: &'static str,
}

impl Operation {
    /// The parameters that a caller gives. Credentials come from the client.
    pub(crate) fn caller_params(&self) -> Option<&'static Shape> {
        self.params.filter(|_| self.auth != AuthScheme::Credentials)
    }
}

impl Operation {
    /// What is known of it at run time, for the bindings.
    pub(crate) fn to_value(&self) -> Value {
        let paging = self.paging.as_ref().map(|paging| {
            let (kind, from) = match paging.step {
                PageStep::Number { .. } => ("page", None),
                PageStep::Cursor { from, .. } => ("cursor", Some(from)),
            };
            json!({
                "kind": kind, "param": paging.step.param(), "from": from,
                "size": paging.size, "items": paging.items, "total": paging.total,
            })
        });
        json!({
            "id": self.id,
            "family": self.family,
            "name": self.name,
            "method": self.method.as_str(),
            "path": self.path,
            "source": self.source.as_str(),
            "retry": self.retry.as_str(),
            "auth": self.auth.as_str(),
            "page": self.page,
            "pages": self.pages,
            "summary": self.summary,
            "download": self.download.map(Downloads::as_str),
            "upload": self.upload.as_ref().map(|upload| upload.name),
            "paging": paging,
        })
    }
}
