//! When to send again, and how long to wait before.

use std::time::Duration;

use crate::error::ErrorKind;
use crate::schema::Retry;
use crate::wire::{Effect, Failure};

const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// Whether a failed attempt may be followed by another.
pub(crate) fn is_allowed(class: Retry, failure: &Failure) -> bool {
    match failure.error.kind() {
        // It never left, or was refused before it was looked at: safe for every class.
        ErrorKind::ConnectionFailed | ErrorKind::RateLimited => failure.effect == Effect::None,
        ErrorKind::ConnectionLost | ErrorKind::Timeout | ErrorKind::Server => class.may_repeat(),
        _ => false,
    }
}

/// How long to wait before a retry, whose number is counted from 0. The server's `Retry-After` is kept; otherwise the wait doubles each time, and
/// half of it is random, so that many clients do not come back at once.
pub(crate) fn wait(retry: u32, asked: Option<Duration>) -> Duration {
    if let Some(asked) = asked {
        return asked;
    }
    let full = FIRST_WAIT.saturating_mul(1 << retry.min(10)).min(LONGEST_WAIT);
    full.mul_f64(0.5 + fastrand::f64() / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stay_bounded() {
        for retry in 0..40 {
            let wait = wait(retry, None);
            assert!(wait >= FIRST_WAIT / 2 && wait <= LONGEST_WAIT);
        }
        assert!(wait(4, None) > wait(0, None));
        assert_eq!(wait(0, Some(Duration::from_secs(17))), Duration::from_secs(17));
    }
}
