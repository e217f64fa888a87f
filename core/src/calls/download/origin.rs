use std::path::PathBuf;

use crate::wire::TransportResponse;

/// A file that was downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Download {
    /// Where it is.
    pub path: PathBuf,
    /// How many bytes it has.
    pub bytes: u64,
    /// What the server said it is, such as `audio/wav`.
    pub content_type: Option<String>,
}

/// The source of a download's bytes.
pub(super) enum Origin {
    Response(TransportResponse),
    Bytes(Vec<u8>),
    Link(String),
}
