//! When to send again, and how long to wait before.

use std::time::Duration;

use crate::error::ErrorKind;
use crate::schema::Retry;
use crate::wire::{Effect, Failure};

const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// How often a call fetches a token in place of a refused one. Where the account has one valid token at a time, each process that fetches one ends
/// those of the others.
pub(crate) const MOST_RENEWALS: u32 = 8;
const RENEWAL_STEP: Duration = Duration::from_millis(250);

/// How long to wait before another token is fetched: not at all for the first, since a token ends after a day, and then a random time, so that the
/// processes of an account get out of each other's way.
pub(crate) fn renewal_wait(renewals: u32) -> Duration {
    (RENEWAL_STEP * renewals).mul_f64(fastrand::f64())
}

/// Whether a failed attempt may be followed by another.
pub(crate) fn is_allowed(class: Retry, failure: &Failure) -> bool {
    // What never left, or was refused before it was looked at, is safe for every class.
    let is_safe = failure.effect == Effect::None || class.may_repeat();
    let is_passing = matches!(
        failure.error.kind(),
        ErrorKind::ConnectionFailed | ErrorKind::ConnectionLost | ErrorKind::RateLimited | ErrorKind::Server | ErrorKind::Timeout
    );
    is_safe && is_passing
}

/// How long to wait before a retry, whose number is counted from 0: as long as the server's `Retry-After` asks, and not less than without one. That
/// doubles each time, and half of it is random, so that many clients do not come back at once.
pub(crate) fn wait(retry: u32, asked: Option<Duration>) -> Duration {
    let full = FIRST_WAIT.saturating_mul(1 << retry.min(10)).min(LONGEST_WAIT);
    let own = full.mul_f64(0.5 + fastrand::f64() / 2.0);
    asked.unwrap_or_default().max(own)
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
        assert!(
            wait(0, Some(Duration::ZERO)) >= FIRST_WAIT / 2,
            "a server that asks for no wait gets the usual one"
        );
    }
}
