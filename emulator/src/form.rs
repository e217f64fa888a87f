//! Bodies of `multipart/form-data`.

use bytes::Bytes;
use futures_util::stream;
use multer::Multipart;
use serde_json::{Map, Value, json};

use crate::envelope::Refusal;

/// A form: texts, and files if any.
#[derive(Debug, Default)]
pub struct Form {
    /// The fields that are texts.
    pub texts: Vec<(String, String)>,
    /// The fields that are files.
    pub files: Vec<Upload>,
}

/// A file of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The name of its field.
    pub field: String,
    /// The name that the sender gave it.
    pub name: String,
    /// The type that the sender gave it.
    pub content_type: String,
    /// Its content.
    pub bytes: Bytes,
}

impl Form {
    /// Whether a body of this type is a form.
    #[must_use]
    pub fn is(content_type: &str) -> bool {
        content_type.trim_start().to_ascii_lowercase().starts_with("multipart/form-data")
    }

    /// Reads a form. A field is a file when it has a file name.
    pub async fn read(content_type: &str, body: Bytes) -> Result<Self, Refusal> {
        // The library's words may repeat what stands in the body.
        let refuse = |_| Refusal::bad_request("the body is no form as its Content-Type says");
        let boundary = multer::parse_boundary(content_type).map_err(refuse)?;
        let mut parts = Multipart::new(stream::iter([Ok::<_, std::io::Error>(body)]), boundary);
        let mut form = Self::default();
        while let Some(part) = parts.next_field().await.map_err(refuse)? {
            let field = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(name) => form.files.push(Upload {
                    field,
                    name,
                    content_type: part.content_type().map(ToString::to_string).unwrap_or_default(),
                    bytes: part.bytes().await.map_err(refuse)?,
                }),
                None => form.texts.push((field, part.text().await.map_err(refuse)?)),
            }
        }
        Ok(form)
    }

    /// The form as JSON for the contract: whole numbers where it wants some, and of each file its name.
    #[must_use]
    pub fn fields(&self, integers: &[String]) -> Value {
        let texts = self
            .texts
            .iter()
            .map(|(name, text)| (name.clone(), parameter(name, text, integers)));
        let files = self.files.iter().map(|file| (file.field.clone(), Value::from(file.name.as_str())));
        Value::Object(texts.chain(files).collect::<Map<_, _>>())
    }

    /// The form as the journal shows it.
    #[must_use]
    pub fn view(&self) -> Value {
        let files: Vec<_> = self
            .files
            .iter()
            .map(|file| json!({"field": file.field, "name": file.name, "content_type": file.content_type, "bytes": file.bytes.len()}))
            .collect();
        json!({"fields": self.texts.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(), "files": files})
    }
}

/// What came as text, as a number where the contract wants one and it is one.
#[must_use]
pub fn parameter(name: &str, text: &str, integers: &[String]) -> Value {
    let number = integers.iter().any(|integer| integer == name).then(|| text.parse::<i64>().ok());
    number.flatten().map_or_else(|| Value::from(text), Value::from)
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=cut";
    const BODY: &str = "--cut\r\nContent-Disposition: form-data; name=\"size\"\r\n\r\n7\r\n\
        --cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\u{1}\r\n--\r\n--cut--\r\n";

    #[tokio::test]
    async fn a_form_has_texts_and_files() {
        assert!(Form::is(TYPE) && !Form::is("application/json"));
        let form = Form::read(TYPE, Bytes::from_static(BODY.as_bytes())).await.expect("a form");
        assert_eq!(form.fields(&["size".to_owned()]), json!({"size": 7, "file": "a.png"}));
        assert_eq!(form.files[0].bytes, "\u{1}\r\n--");
        assert_eq!(
            form.view(),
            json!({"fields": {"size": "7"}, "files": [{"field": "file", "name": "a.png", "content_type": "image/png", "bytes": 5}]})
        );
    }

    #[tokio::test]
    async fn what_is_no_form_is_refused() {
        for (content_type, body) in [("multipart/form-data", BODY), (TYPE, "--cut\r\n"), (TYPE, &BODY[..90])] {
            let refused = Form::read(content_type, Bytes::from(body.to_owned())).await.expect_err("refused");
            assert_eq!(refused.message, "the body is no form as its Content-Type says");
        }
    }
}
