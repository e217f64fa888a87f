//! The source of an upload's bytes.

use std::fmt;
use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::error::Error;
use crate::schema::Upload;
use crate::wire::{FormFile, FormFileContent, open_file};

/// The name of a file without one.
const NAMELESS: &str = "file";

/// A file to send: one on the disk, or bytes in memory.
///
/// A path is enough where one is asked for: `"photo.png"` becomes the file of this path.
///
/// ```
/// use airudder::FileSource;
///
/// let photo = FileSource::path("/srv/photos/1.png").name("front door.png");
/// let table = FileSource::bytes("callee,name\n", "contacts.csv").media_type("text/csv");
/// ```
#[derive(Clone)]
pub struct FileSource {
    content: Content,
    name: Option<String>,
    media_type: Option<String>,
}

#[derive(Clone)]
enum Content {
    Path(PathBuf),
    Bytes(Bytes),
}

impl FileSource {
    /// A file on the disk. It is read in chunks while it is sent, and once before if the call is signed; it must not change meanwhile.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self {
            content: Content::Path(path.into()),
            name: None,
            media_type: None,
        }
    }

    /// Bytes in memory, and the name of the file.
    pub fn bytes(bytes: impl Into<Bytes>, name: impl Into<String>) -> Self {
        Self {
            content: Content::Bytes(bytes.into()),
            name: Some(name.into()),
            media_type: None,
        }
    }

    /// Sets the name of the file for AI Rudder; by default the last part of its path.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the media type, such as `image/png`; by default that of the name's extension, or `application/octet-stream`.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Checks the file before anything is sent.
    pub(crate) async fn open(self, upload: &Upload) -> Result<FormFile, Error> {
        let (content, own_name) = match self.content {
            Content::Bytes(bytes) => (FormFileContent::Bytes(bytes), None),
            Content::Path(path) => {
                let (_, stamp) = open_file(&path, upload.name).await?;
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
                (FormFileContent::Stored { path, stamp }, name)
            }
        };
        let name = self.name.or(own_name).unwrap_or_else(|| NAMELESS.to_owned());
        let media_type = self
            .media_type
            .unwrap_or_else(|| mime_guess::from_path(&name).first_or_octet_stream().to_string());
        if media_type.is_empty() || media_type.bytes().any(|byte| !(b' '..=b'~').contains(&byte)) {
            return Err(Error::invalid_request(format!(
                "`{}` has a media type that is none; one looks like image/png",
                upload.name
            )));
        }
        Ok(FormFile {
            field: upload.wire,
            argument: upload.name,
            name,
            media_type,
            content,
        })
    }
}

impl From<PathBuf> for FileSource {
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

impl From<&Path> for FileSource {
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}

impl From<&str> for FileSource {
    fn from(path: &str) -> Self {
        Self::path(path)
    }
}

impl From<String> for FileSource {
    fn from(path: String) -> Self {
        Self::path(path)
    }
}

impl fmt::Debug for FileSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Files are often named after people.
        let bytes = match &self.content {
            Content::Bytes(bytes) => Some(bytes.len()),
            Content::Path(_) => None,
        };
        f.debug_struct("FileSource")
            .field("bytes", &bytes)
            .field("media_type", &self.media_type)
            .finish_non_exhaustive()
    }
}
