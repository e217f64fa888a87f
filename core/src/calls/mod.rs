//! Calls: what a user awaits.

mod call;
mod download;
mod interruption;
mod options;
mod pages;
mod prepared;
mod raw;
mod request;
mod session;
mod upload;

pub use download::{Download, DownloadProgress, FileRequest, FolderRequest};
pub use interruption::Interruption;
pub use options::CallOptions;
pub use pages::{Pager, Pages};
pub use raw::{RawAnswer, RawCall, RawRequest};
pub use request::Request;
pub use upload::{FileSource, UploadRequest};

pub(crate) use session::{Session, seconds};
