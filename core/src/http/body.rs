//! What a request carries.

use bytes::Bytes;

use crate::error::Error;
use crate::upload::Form;

/// The body of a request. It can be sent, and read, as often as it takes.
pub(crate) enum Body {
    None,
    Bytes(Bytes),
    /// With a file that stays on the disk.
    Form(Form),
}

impl Body {
    /// Its bytes, unless they are on the disk.
    pub(crate) fn bytes(&self) -> Option<Bytes> {
        match self {
            Self::None => Some(Bytes::new()),
            Self::Bytes(bytes) => Some(bytes.clone()),
            Self::Form(_) => None,
        }
    }

    /// Calls `visit` with all its bytes, piece by piece.
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
