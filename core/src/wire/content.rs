//! What a request is built from.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::form::FormFile;
use crate::model::Wire;
use crate::schema::Shape;

/// The content of a request, before it is written.
pub(crate) struct Content<'a> {
    pub(crate) params: &'a Wire,
    pub(crate) shape: Option<&'static Shape>,
    /// JSON beside or in place of the parameters: the body of a raw call, or the credentials.
    pub(crate) body: Option<&'a Value>,
    /// The file of an upload.
    pub(crate) file: Option<&'a FormFile>,
    pub(crate) extras: Extras<'a>,
}

/// What the options of a call add to a request. Each replaces a field or header of the same name.
#[derive(Clone, Copy)]
pub(crate) struct Extras<'a> {
    pub(crate) query: &'a Map<String, Value>,
    pub(crate) body: &'a Map<String, Value>,
    pub(crate) headers: &'a BTreeMap<String, String>,
}
