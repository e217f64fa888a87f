//! Files to upload.

use airudder::FileSource;

/// [`FileSource`] for Kotlin.
#[derive(uniffi::Record)]
#[allow(missing_debug_implementations)] // holds people's data
pub struct FileToUpload {
    pub content: UploadContent,
    pub name: Option<String>,
    pub media_type: Option<String>,
}

/// Where a file's bytes are.
#[derive(uniffi::Enum)]
#[allow(missing_debug_implementations)] // holds people's data
pub enum UploadContent {
    Stored { path: String },
    InMemory { bytes: Vec<u8> },
}

impl From<FileToUpload> for FileSource {
    fn from(file: FileToUpload) -> Self {
        let source = match (file.content, &file.name) {
            (UploadContent::Stored { path }, None) => Self::path(path),
            (UploadContent::Stored { path }, Some(name)) => Self::path(path).name(name),
            (UploadContent::InMemory { bytes }, name) => Self::bytes(bytes, name.clone().unwrap_or_default()),
        };
        match file.media_type {
            Some(media_type) => source.media_type(media_type),
            None => source,
        }
    }
}
