//! The client, as JavaScript holds it.

use std::sync::Arc;

use airudder::{Client, Signer};
use napi_derive::napi;

use crate::call;
use crate::cancellation::Cancellation;
use crate::failure::{Outcome, guarded_now};
use crate::inbox::Inbox;
use crate::options::{Settings, read};
use crate::pager::NativePager;
use crate::signer::{Callback, JsSigner};
use crate::upload::FileToUpload;

/// A client, as JavaScript holds it.
#[napi(js_name = "NativeClient")]
#[derive(Debug)]
pub struct NativeClient(pub(crate) Client);

/// Makes a client from its settings. Every request names the runtime in its `User-Agent`.
#[napi]
pub fn connect(settings: String, runtime: String, signer: Option<Callback>) -> Outcome<NativeClient> {
    guarded_now(|| {
        let settings = airudder::Settings {
            user_agent: Some(runtime),
            signer: signer.map(|callback| Arc::new(JsSigner(callback)) as Arc<dyn Signer>),
            ..read::<Settings>(&settings)?.into()
        };
        Client::new(settings).map(NativeClient)
    })
}

#[napi]
impl NativeClient {
    /// Calls the operation of this id, or sends the raw request. With `is_listened`, a download reports its progress to the inbox.
    #[napi]
    #[allow(clippy::too_many_arguments)] // one crossing
    pub fn call(
        &self,
        inbox: &Inbox,
        number: u32,
        operation: String,
        input: Option<String>,
        options: Option<String>,
        cancellation: Option<&Cancellation>,
        is_listened: bool,
    ) {
        let client = self.0.clone();
        let listener = is_listened.then(|| inbox.listener(number));
        inbox.run(number, cancellation, async move {
            call::call(&client, &operation, input.as_deref(), options.as_deref(), listener).await
        });
    }

    /// Carries out an operation that sends a file.
    #[napi]
    #[allow(clippy::too_many_arguments)] // one crossing
    pub fn upload(
        &self,
        inbox: &Inbox,
        number: u32,
        operation: String,
        input: Option<String>,
        options: Option<String>,
        file: FileToUpload,
        cancellation: Option<&Cancellation>,
    ) {
        let client = self.0.clone();
        let file = file.into();
        inbox.run(number, cancellation, async move {
            call::upload(&client, &operation, input.as_deref(), options.as_deref(), file).await
        });
    }

    /// Whether a call that is cancelled in flight may have been applied.
    #[napi]
    pub fn may_have_effect(&self, operation: String, input: Option<String>) -> bool {
        call::may_have_effect(&operation, input.as_deref())
    }

    /// The pages of a list. Sends nothing by itself.
    #[napi]
    pub fn pager(&self, operation: String, input: Option<String>, options: Option<String>) -> Outcome<NativePager> {
        guarded_now(|| call::pager(&self.0, &operation, input.as_deref(), options.as_deref()).map(NativePager::new))
    }
}
