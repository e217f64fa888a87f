//! The body of a request.

use bytes::Bytes;

use super::form::Form;
use crate::error::Error;

/// A body that can be sent and read any number of times.
pub(crate) enum Body {
    None,
    Bytes(Bytes),
    /// A form whose file stays on the disk.
    Form(Form),
}

impl Body {
    /// Its bytes. `None` if a part of them is on the disk.
    pub(crate) fn bytes(&self) -> Option<Bytes> {
        match self {
            Self::None => Some(Bytes::new()),
            Self::Bytes(bytes) => Some(bytes.clone()),
            Self::Form(_) => None,
        }
    }

    /// Calls `visit` with all its bytes, chunk by chunk.
    pub(crate) async fn read(&self, mut visit: impl FnMut(&[u8]) + Send) -> Result<(), Error> {
        match self {
            Self::None => Ok(()),
            Self::Bytes(bytes) => {
                visit(bytes);
                Ok(())
            }
            Self::Form(form) => form.read(visit).await,
        }
    }
}
