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
#[derive(Clone)]
#[allow(missing_debug_implementations)] // a sign is a secret
pub struct Answered {
    pub sign: Option<String>,
    pub failure: Option<String>,
}

impl From<&Unsigned> for RequestToSign {
    fn from(request: &Unsigned) -> Self {
        Self {
            method: request.method.clone(),
            path: request.path.clone(),
            sign_key: request.sign_key.clone(),
            body: request.body.as_ref().map(|body| body.to_vec().into()),
            body_sha256: request.body_sha256.clone(),
        }
    }
}

tokio::task_local! {
    static ANSWERED: Answered;
}

/// Does what cannot wait for JavaScript, with what the signer has answered already.
pub(crate) fn answered_now<T>(answered: Option<Answered>, work: impl FnOnce() -> T) -> T {
    match answered {
        Some(answered) => ANSWERED.sync_scope(answered, work),
        None => work(),
    }
}

/// The same for what itself may wait for other things.
pub(crate) async fn answered_before<T>(answered: Option<Answered>, work: impl Future<Output = T>) -> T {
    match answered {
        Some(answered) => ANSWERED.scope(answered, work).await,
        None => work.await,
    }
}

impl From<Answered> for Result<String, SignError> {
    fn from(answered: Answered) -> Self {
        answered.sign.ok_or_else(|| SignError::new(answered.failure.unwrap_or_default()))
    }
}

/// Has core sign through JavaScript.
pub(crate) struct JsSigner(pub(crate) Callback);

impl Signer for JsSigner {
    fn sign<'a>(&'a self, request: &'a Unsigned) -> Pin<Box<dyn Future<Output = Result<String, SignError>> + Send + 'a>> {
        if let Ok(answered) = ANSWERED.try_with(Clone::clone) {
            return Box::pin(std::future::ready(answered.into()));
        }
        let request = RequestToSign::from(request);
        Box::pin(async move {
            // Only a thread that is ending calls nothing more: the JavaScript side answers whatever a signer does.
            let ending = |_| SignError::new("its thread is ending");
            let answered = self.0.call_async(request).await.map_err(ending)?.await.map_err(ending)?;
            answered.into()
        })
    }
}
