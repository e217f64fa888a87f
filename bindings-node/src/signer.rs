//! Signs through JavaScript.

use std::pin::Pin;

use airudder::{SignError, Signer, Unsigned};
use napi::Status;
use napi::bindgen_prelude::{Buffer, Promise};
use napi::threadsafe_function::ThreadsafeFunction;
use napi_derive::napi;

/// A function that signs. It runs on the thread of JavaScript that made the client. It does not keep the process alive; the call that waits for it does.
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

/// The signature, or the reason that there is none.
#[napi(object, object_to_js = false)]
#[derive(Clone)]
#[allow(missing_debug_implementations)] // a signature is a secret
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

/// Runs work that cannot wait for JavaScript, with the signer's answer at hand.
pub(crate) fn answered_now<T>(answered: Option<Answered>, work: impl FnOnce() -> T) -> T {
    match answered {
        Some(answered) => ANSWERED.sync_scope(answered, work),
        None => work(),
    }
}

/// Runs async work with the signer's answer at hand.
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

/// Signs through JavaScript.
pub(crate) struct JsSigner(pub(crate) Callback);

impl Signer for JsSigner {
    fn sign<'a>(&'a self, request: &'a Unsigned) -> Pin<Box<dyn Future<Output = Result<String, SignError>> + Send + 'a>> {
        if let Ok(answered) = ANSWERED.try_with(Clone::clone) {
            return Box::pin(std::future::ready(answered.into()));
        }
        let request = RequestToSign::from(request);
        Box::pin(async move {
            // The JavaScript side answers in any case, so this fails only when its thread ends.
            let ending = |_| SignError::new("its thread is ending");
            let answered = self.0.call_async(request).await.map_err(ending)?.await.map_err(ending)?;
            answered.into()
        })
    }
}
