//! Uploaded files.

pub mod links;

use std::collections::HashMap;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::envelope::Refusal;
use crate::form::Upload;

/// Longer files are refused.
const MAX_FILE: usize = 16_000_000;
/// What a file can be sent as.
const TYPES: [&str; 4] = ["image", "video", "audio", "file"];
/// The types of files whose sender does not say, by the ending of their names.
const ENDINGS: [(&str, &str); 8] = [
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("mp4", "video/mp4"),
    ("mp3", "audio/mpeg"),
    ("ogg", "audio/ogg"),
    ("wav", "audio/wav"),
];

#[derive(Debug, Clone)]
struct File {
    name: String,
    content_type: String,
    bytes: Bytes,
}

/// All files, by their ids.
#[derive(Debug)]
pub struct Files {
    base_url: String,
    by_id: HashMap<String, File>,
}

impl Files {
    /// No files; their links lead to the emulator at `base_url`.
    #[must_use]
    pub fn new(base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            by_id: HashMap::new(),
        }
    }

    /// Keeps a file under this id and gives the API's answer. `wanted` is what it shall be sent as, if the request says.
    pub fn keep(&mut self, id: String, upload: Upload, wanted: Option<&str>) -> Result<Value, Refusal> {
        let field = &upload.field;
        if upload.bytes.is_empty() {
            return Err(Refusal::bad_request(format!("{field}: the file is empty")));
        }
        if upload.bytes.len() > MAX_FILE {
            return Err(Refusal::bad_request(format!("{field}: the file has more than 16 MB")));
        }
        let content_type = content_type(&upload);
        let family = content_type.split('/').next().unwrap_or_default();
        let own = if TYPES.contains(&family) { family } else { "file" };
        let kind = match wanted {
            None => own,
            Some(wanted) if !TYPES.contains(&wanted) => {
                return Err(Refusal::bad_request(format!("type: must be one of {}", TYPES.join(", "))));
            }
            // Everything can be sent as a file.
            Some(wanted) if wanted != "file" && wanted != own => {
                return Err(Refusal::bad_request(format!(
                    "type: the file's media type is not of the type {wanted}"
                )));
            }
            Some(wanted) => wanted,
        };
        let answer = json!({
            "file_id": id,
            "origin_url": format!("{}/files/{id}", self.base_url),
            "name": upload.name,
            "type": kind,
            "size": upload.bytes.len(),
        });
        let file = File {
            name: upload.name,
            content_type,
            bytes: upload.bytes,
        };
        self.by_id.insert(id, file);
        Ok(answer)
    }
}

fn content_type(upload: &Upload) -> String {
    let given = upload.content_type.as_str();
    if !matches!(given, "" | "application/octet-stream") {
        return given.to_ascii_lowercase();
    }
    let ending = upload.name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let known = ENDINGS.iter().find(|(known, _)| *known == ending);
    known
        .map_or("application/octet-stream", |(_, content_type)| content_type)
        .to_owned()
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn upload(name: &str, content_type: &str, bytes: &'static [u8]) -> Upload {
        Upload {
            field: "file".to_owned(),
            name: name.to_owned(),
            content_type: content_type.to_owned(),
            bytes: Bytes::from_static(bytes),
        }
    }

    #[test]
    fn what_a_file_is_sent_as_follows_from_its_type() {
        let mut files = Files::new("http://127.0.0.1:1");
        let mut keep = |upload, wanted| files.keep("f1".to_owned(), upload, wanted).map(|answer| answer["type"].clone());
        assert_eq!(keep(upload("a", "image/png", b"x"), None).expect("kept"), "image");
        assert_eq!(keep(upload("a.MP4", "", b"x"), None).expect("kept"), "video");
        assert_eq!(
            keep(upload("a.mp3", "application/octet-stream", b"x"), Some("audio")).expect("kept"),
            "audio"
        );
        assert_eq!(keep(upload("a.pdf", "application/pdf", b"x"), None).expect("kept"), "file");
        assert_eq!(keep(upload("a.png", "image/png", b"x"), Some("file")).expect("kept"), "file");
        for (wrong, wanted) in [
            (upload("a.png", "image/png", b""), None),
            (upload("a.pdf", "application/pdf", b"x"), Some("image")),
            (upload("a.png", "image/png", b"x"), Some("sticker")),
        ] {
            assert_eq!(keep(wrong, wanted).expect_err("refused").status, 400);
        }
        let mut long = upload("a.png", "image/png", b"");
        long.bytes = Bytes::from(vec![0; MAX_FILE + 1]);
        assert_eq!(keep(long, None).expect_err("refused").message, "file: the file has more than 16 MB");
    }
}
