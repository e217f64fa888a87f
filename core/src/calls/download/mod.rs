//! Downloads: recordings are streamed into files under a temporary name, checked against their length, and then moved into place in one step.

mod links;
mod request;
mod save;

pub use request::{FileRequest, FolderRequest};
pub use save::Download;
