//! The emulated clock: it can run faster than the real one, stand still, and be moved ahead.

use std::time::{Duration, Instant};

use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// How the API writes a time.
const TIME_FORMAT: &str = "%Y-%m-%d %H:%M:%S";
/// The same with a zone.
const ZONED_FORMAT: &str = "%Y-%m-%d %H:%M:%S%:z";

/// A point on the emulated clock, in milliseconds since the emulator started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(u64);

impl Moment {
    /// When the emulator started.
    pub const START: Self = Self(0);

    /// The moment that comes so much later.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(millis(span)))
    }

    /// Milliseconds since the emulator started.
    #[must_use]
    pub fn millis(self) -> u64 {
        self.0
    }

    fn since_start(self) -> Duration {
        Duration::from_millis(self.0)
    }
}

/// The emulated clock.
///
/// It shows the account's wall-clock time and knows no daylight saving: an emulated day always has 24 hours, so that a run repeats on any
/// date and in any time zone.
#[derive(Debug)]
pub struct Clock {
    began_as: DateTime,
    offset: Offset,
    began_at: Instant,
    speed: f64,
    advanced: Duration,
}

impl Clock {
    /// A clock that shows `began_as` now and is ahead of UTC by `offset`. `speed` is how many emulated seconds pass in a real one; with 0 the clock moves only when it is
    /// [advanced](Self::advance).
    #[must_use]
    pub fn new(began_as: DateTime, offset: Offset, speed: f64) -> Self {
        Self {
            began_as,
            offset,
            began_at: Instant::now(),
            speed,
            advanced: Duration::ZERO,
        }
    }

    /// What it shows now.
    #[must_use]
    pub fn now(&self) -> Moment {
        let passed = Duration::try_from_secs_f64(self.began_at.elapsed().as_secs_f64() * self.speed).unwrap_or(Duration::MAX);
        Moment(millis(passed.saturating_add(self.advanced)))
    }

    /// How many emulated seconds pass in a real one.
    #[must_use]
    pub fn speed(&self) -> f64 {
        self.speed
    }

    /// Moves the clock ahead.
    pub fn advance(&mut self, span: Duration) {
        self.advanced = self.advanced.saturating_add(span);
    }

    /// How long to wait, in real time, until the clock shows `moment`; `None` when it stands still and will not get there by itself.
    #[must_use]
    pub fn real_time_until(&self, moment: Moment) -> Option<Duration> {
        let ahead = moment.since_start().saturating_sub(self.now().since_start());
        if ahead.is_zero() {
            return Some(Duration::ZERO);
        }
        Duration::try_from_secs_f64(ahead.as_secs_f64() / self.speed).ok()
    }

    /// The moment as the API writes it.
    #[must_use]
    pub fn text(&self, moment: Moment) -> String {
        self.shown(moment).strftime(TIME_FORMAT).to_string()
    }

    /// The moment in UTC, as `2026-11-23T01:00:00Z`.
    #[must_use]
    pub fn utc_text(&self, moment: Moment) -> String {
        let behind = SignedDuration::from_secs((-self.offset.seconds()).into());
        format!("{}Z", self.shown(moment).saturating_add(behind).strftime("%Y-%m-%dT%H:%M:%S"))
    }

    /// The moment as Unix seconds.
    #[must_use]
    pub fn unix(&self, moment: Moment) -> i64 {
        self.offset.to_timestamp(self.shown(moment)).map_or(0, Timestamp::as_second)
    }

    fn shown(&self, moment: Moment) -> DateTime {
        let span = SignedDuration::try_from(moment.since_start()).unwrap_or(SignedDuration::MAX);
        self.began_as.saturating_add(span)
    }

    /// Reads a time as the API writes it; a time before the emulator's start is its start. `None` when no calendar has it.
    #[must_use]
    pub fn moment(&self, text: &str) -> Option<Moment> {
        let time = DateTime::strptime(TIME_FORMAT, text).ok()?;
        Some(self.at(time))
    }

    /// Reads a time with its zone, as `2026-11-23 18:00:00+08:00`, in the same way.
    #[must_use]
    pub fn zoned_moment(&self, text: &str) -> Option<Moment> {
        let time = strtime::parse(ZONED_FORMAT, text).ok()?;
        let ahead = SignedDuration::from_secs(i64::from(self.offset.seconds()) - i64::from(time.offset()?.seconds()));
        Some(self.at(time.to_datetime().ok()?.saturating_add(ahead)))
    }

    fn at(&self, time: DateTime) -> Moment {
        let span = time.duration_since(self.began_as);
        Moment(u64::try_from(span.as_millis().max(0)).unwrap_or(u64::MAX))
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn still() -> Clock {
        Clock::new(date(2026, 3, 1).at(23, 59, 30, 0), Offset::constant(7), 0.0)
    }

    #[test]
    fn a_still_clock_moves_only_when_it_is_advanced() {
        let mut clock = still();
        assert_eq!(clock.now(), Moment::START);
        clock.advance(Duration::from_secs(45));
        assert_eq!(clock.text(clock.now()), "2026-03-02 00:00:15");
        assert_eq!(clock.real_time_until(clock.now()), Some(Duration::ZERO));
        assert_eq!(clock.real_time_until(clock.now().plus(Duration::from_millis(1))), None);
    }

    #[test]
    fn the_wait_shrinks_with_the_speed() {
        let clock = Clock::new(date(2026, 3, 1).at(0, 0, 0, 0), Offset::UTC, 60.0);
        let wait = clock.real_time_until(clock.now().plus(Duration::from_hours(1)));
        assert!(wait.is_some_and(|wait| wait <= Duration::from_mins(1)));
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        let clock = still();
        let moment = clock.moment("2026-03-02 09:00:00").expect("a time");
        assert_eq!(clock.text(moment), "2026-03-02 09:00:00");
        assert_eq!(clock.moment("2020-01-01 00:00:00"), Some(Moment::START));
        for bad in ["2026-02-30 09:00:00", "2026-03-02", "", "2026-03-02 25:00:00"] {
            assert_eq!(clock.moment(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn zones_are_taken_into_account() {
        let clock = still();
        let moment = clock.zoned_moment("2026-03-02 09:00:00+08:00").expect("a time");
        assert_eq!(clock.text(moment), "2026-03-02 08:00:00");
        assert_eq!(clock.utc_text(moment), "2026-03-02T01:00:00Z");
        assert_eq!(clock.unix(moment), 1_772_413_200);
        for bad in ["2026-02-30 09:00:00+08:00", "2026-03-02 09:00:00", "2026-03-02 09:00:00+99:00", ""] {
            assert_eq!(clock.zoned_moment(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn no_advance_overflows() {
        let mut clock = still();
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.text(clock.now()), "9999-12-31 23:59:59");
    }
}
