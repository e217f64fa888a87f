use crate::error::Error;

/// What to answer AI Rudder.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reply {
    /// The HTTP status. AI Rudder sends an event again after anything but 200.
    pub status: u16,
    /// `handled`, `duplicate`, `unhandled` (no handler is registered), `busy` (another delivery of it is being handled), `failed` or `refused`.
    pub outcome: &'static str,
    /// Why an event is refused: [`Error::reason`](crate::Error::reason).
    pub reason: Option<&'static str>,
    /// What happened and what to do, for the log of the receiver only. It holds no people's data.
    pub message: Option<String>,
}

/// The outcome of handling an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It is never handled again.
    Handled,
    /// AI Rudder is asked to send it again.
    Failed,
    /// It has no handler.
    Unhandled,
}

impl Reply {
    pub(super) fn new(status: u16, outcome: &'static str) -> Self {
        Self {
            status,
            outcome,
            reason: None,
            message: None,
        }
    }

    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self {
            message: Some(message.into()),
            ..Self::new(500, "failed")
        }
    }

    pub(super) fn refused(error: &Error) -> Self {
        let status = match error.reason() {
            Some("sign") => 401,
            Some("too_large") => 413,
            Some("coding") => 415,
            _ => 400,
        };
        Self {
            reason: error.reason(),
            message: Some(error.message()),
            ..Self::new(status, "refused")
        }
    }
}
