//! Uploads: a file is sent as `multipart/form-data`, from the disk without ever being in memory as a whole.

mod request;
mod source;

pub use request::UploadRequest;
pub use source::FileSource;
