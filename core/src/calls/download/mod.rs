//! Downloads: recordings are streamed into partial files beside their targets, checked against their length, and then moved into place in one step.
//!
//! # Partial files
//!
//! The name of a partial file is a hash of its target's name, and a number: `.airudder-<hash>-0.part`. A random name would leave one file behind for
//! each killed process, and none of them could be found again. With a fixed name the next download of the same target finds what the killed one
//! left, and resumes or replaces it. A hash has a fixed length, so that a target with the longest name that the file system takes still has one.
//!
//! Beside it stands `.airudder-<hash>-0.json`, its record. The record is locked for as long as the download runs, so a second process or thread that
//! downloads the same target takes the next number, and neither writes into the file of the other; the last to finish replaces the target. The
//! system releases the lock of a killed process. The record is what is locked, not the partial file, because a finished partial file becomes
//! the target, and a lock on a target would be in the way of whoever reads it.
//!
//! The record also says what the bytes belong to: the call and the link, as a hash, and the validator of the link's server, a strong `ETag` or a
//! `Last-Modified` that is old enough to be one. With it the bytes are resumed by `Range` and `If-Range`. Without a validator nobody can say that the
//! rest is of the same file, so the leftover is emptied. Only bytes that were synced to the disk count in the record: after a power failure a file
//! may be longer than what was written of it.
//!
//! A download that fails or is cancelled removes both files. Only a killed process leaves them.

mod links;
mod partial;
mod progress;
mod ranges;
mod request;
mod save;

pub use progress::DownloadProgress;
pub use request::{FileRequest, FolderRequest};
pub use save::Download;
