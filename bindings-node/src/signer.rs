//! Signs through JavaScript.

use std::pin::Pin;

use airudder::{SignError, Signer, Unsigned};
use napi::Status;
use napi::bindgen_prelude::{Buffer, Promise};
use napi::threadsafe_function::ThreadsafeFunction;
use napi_derive::napi;

/// A function that signs. It runs on the thread of JavaScript that made the client, and by itself keeps no process alive: the call that waits for it does.
pub type Callback = ThreadsafeFunction<RequestToSign, Promise<Answered>, RequestToSign, Status, false, true>;

/// [`Unsigned`] for JavaScript.
#[napi(object, object_from_js = false)]
#[allow(missing_debug_implementations)] // holds people's data
pub struct RequestToSign {
    pub method: String,
    pub path: String,
    pub sign_key: String,
    pub body: Option<Buffer>,
    pub body_sha256: Option<String>,
}

/// The sign, or why there is none.
#[napi(object, object_to_js = false)]
#[allow(missing_debug_implementations)] // a sign is a secret
pub struct Answered {
    pub sign: Option<String>,
    pub failure: Option<String>,
}

/// Has core sign through JavaScript.
pub(crate) struct JsSigner(pub(crate) Callback);

impl Signer for JsSigner {
    fn sign<'a>(&'a self, request: &'a Unsigned) -> Pin<Box<dyn Future<Output = Result<String, SignError>> + Send + 'a>> {
        let request = RequestToSign {
            method: request.method.clone(),
            path: request.path.clone(),
            sign_key: request.sign_key.clone(),
            body: request.body.as_ref().map(|body| body.to_vec().into()),
            body_sha256: request.body_sha256.clone(),
        };
        Box::pin(async move {
            // Only a thread that is ending calls nothing more: the JavaScript side answers whatever a signer does.
            let ending = |_| SignError::new("its thread is ending");
            let answered = self.0.call_async(request).await.map_err(ending)?.await.map_err(ending)?;
            match answered.sign {
                Some(sign) => Ok(sign),
                None => Err(SignError::new(answered.failure.unwrap_or_default())),
            }
        })
    }
}
