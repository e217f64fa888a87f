//! Files to upload.

use airudder::FileSource;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

/// [`FileSource`] for JavaScript: a path, or bytes.
#[napi(object, object_to_js = false)]
#[allow(missing_debug_implementations)] // holds people's data
pub struct FileToUpload {
    pub path: Option<String>,
    pub bytes: Option<Buffer>,
    pub name: Option<String>,
    pub media_type: Option<String>,
}

impl From<FileToUpload> for FileSource {
    fn from(file: FileToUpload) -> Self {
        let source = match (file.bytes, file.name) {
            // A copy: JavaScript may change its own meanwhile.
            (Some(bytes), name) => Self::bytes(bytes.to_vec(), name.unwrap_or_else(|| "file".to_owned())),
            (None, None) => Self::path(file.path.unwrap_or_default()),
            (None, Some(name)) => Self::path(file.path.unwrap_or_default()).name(name),
        };
        match file.media_type {
            Some(media_type) => source.media_type(media_type),
            None => source,
        }
    }
}
