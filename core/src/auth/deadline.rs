use tokio::time::{Instant, timeout_at};

use crate::error::{Error, ErrorKind};

/// Awaits an authorization until the deadline.
pub(super) async fn by<T>(deadline: Instant, what: &str, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    timeout_at(deadline, work).await.unwrap_or_else(|_| {
        Err(Error::new(
            ErrorKind::Timeout,
            format!("no {what} before the call's deadline; the request itself was not sent"),
        ))
    })
}
