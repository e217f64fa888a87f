//! Signs through Kotlin.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use airudder::{SignError, Signer, Unsigned};
use tokio::task::spawn_blocking;

/// [`airudder::Signer`] for Kotlin. It may block: it is called on a thread of its own.
#[uniffi::export(with_foreign)]
pub trait NativeSigner: Send + Sync {
    fn sign(&self, request: RequestToSign) -> Result<String, SignerFailure>;
}

/// [`Unsigned`] for Kotlin.
#[derive(uniffi::Record)]
#[allow(missing_debug_implementations)] // holds people's data
pub struct RequestToSign {
    pub method: String,
    pub path: String,
    pub sign_key: String,
    pub body: Option<Vec<u8>>,
    pub body_sha256: Option<String>,
}

impl From<&Unsigned> for RequestToSign {
    fn from(request: &Unsigned) -> Self {
        Self {
            method: request.method.clone(),
            path: request.path.clone(),
            sign_key: request.sign_key.clone(),
            body: request.body.as_ref().map(|body| body.to_vec()),
            body_sha256: request.body_sha256.clone(),
        }
    }
}

/// The exception of a signer.
#[derive(Debug, uniffi::Error)]
pub enum SignerFailure {
    /// With the exception's class: its text could hold anything.
    Threw { exception: String },
}

impl std::fmt::Display for SignerFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self::Threw { exception } = self;
        write!(f, "it threw {exception}")
    }
}

impl From<uniffi::UnexpectedUniFFICallbackError> for SignerFailure {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Threw {
            exception: "an exception".to_owned(),
        }
    }
}

/// Signs through Kotlin.
pub(crate) struct KotlinSigner(pub(crate) Arc<dyn NativeSigner>);

impl Signer for KotlinSigner {
    fn sign<'a>(&'a self, request: &'a Unsigned) -> Pin<Box<dyn Future<Output = Result<String, SignError>> + Send + 'a>> {
        let signer = Arc::clone(&self.0);
        let request = RequestToSign::from(request);
        Box::pin(async move {
            match spawn_blocking(move || signer.sign(request)).await {
                Ok(sign) => sign.map_err(SignError::new),
                Err(_) => Err(SignError::new("it could not be called")),
            }
        })
    }
}
