//! Writes `multipart/form-data`: some text, and one file.
//!
//! It is framed here and not by the HTTP library because the signature covers its exact bytes.

use super::body::Body;
use super::form::{Form, FormFile, FormFileContent};
use crate::error::Error;

/// Writes a form.
pub(crate) struct FormWriter {
    boundary: String,
    bytes: Vec<u8>,
}

impl FormWriter {
    /// The boundary is random, so that no file can contain it on purpose.
    pub(crate) fn new() -> Result<Self, Error> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|_| Error::internal("this machine gives no random bytes"))?;
        Ok(Self {
            boundary: format!("airudder-{:032x}", u128::from_be_bytes(random)),
            bytes: Vec::new(),
        })
    }

    pub(crate) fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    pub(crate) fn text(&mut self, name: &str, value: &str) {
        let head = format!(
            "--{}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{value}\r\n",
            self.boundary,
            quoted(name)
        );
        self.bytes.extend_from_slice(head.as_bytes());
    }

    /// Appends the file and ends the form.
    pub(crate) fn file(mut self, file: &FormFile) -> Body {
        let head = format!(
            "--{}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
            self.boundary,
            quoted(file.field),
            quoted(&file.name),
            file.media_type
        );
        self.bytes.extend_from_slice(head.as_bytes());
        let tail = format!("\r\n--{}--\r\n", self.boundary);
        match &file.content {
            FormFileContent::Bytes(bytes) => {
                self.bytes.extend_from_slice(bytes);
                self.bytes.extend_from_slice(tail.as_bytes());
                Body::Bytes(self.bytes.into())
            }
            FormFileContent::Stored { path, stamp } => Body::Form(Form {
                head: self.bytes.into(),
                path: path.clone(),
                stamp: *stamp,
                tail: tail.into(),
                argument: file.argument,
            }),
        }
    }
}

/// A name inside the quotes of a part's head, written as browsers do.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
