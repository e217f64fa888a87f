//! Days and times as AI Rudder writes them, from the forms in which the standard libraries of the languages write theirs.

use std::borrow::Cow;

use crate::schema::Format;

const DAY: &str = "must be a day as YYYY-MM-DD";
const ACCOUNT_TIME: &str = "must be a time as YYYY-MM-DD HH:MM:SS, in the time zone of the account";
const ACCOUNT_TIME_WITH_ZONE: &str = "must carry no zone: it is a time in the time zone of the account, as YYYY-MM-DD HH:MM:SS";
const ZONED_TIME: &str = "must be a time with its zone, as 2026-11-23 18:00:00+08:00";
const NAIVE: &str = "must carry its zone, as 2026-11-23 18:00:00+08:00; a time without zone would be a guess";
const NO_SUCH_DAY: &str = "is a day that the calendar does not have";
const NO_SUCH_TIME: &str = "is a time that no clock shows";

/// The text as it goes over the wire, or what is wrong with it.
pub(crate) fn wire_form(format: Format, text: &str) -> Result<Cow<'_, str>, &'static str> {
    match format {
        Format::Any | Format::E164 => Ok(text.into()),
        Format::Date => match day(text) {
            Some((day, "")) => in_calendar(day).map(|()| text.into()),
            _ => Err(DAY),
        },
        Format::AccountTime => {
            let (day, clock, zone) = parts(text).ok_or(ACCOUNT_TIME)?;
            match zone {
                "" => written(text, day, &clock, ""),
                _ if offset(zone).is_some() => Err(ACCOUNT_TIME_WITH_ZONE),
                _ => Err(ACCOUNT_TIME),
            }
        }
        Format::ZonedTime => {
            let (day, clock, zone) = parts(text).ok_or(ZONED_TIME)?;
            match zone {
                "" => Err(NAIVE),
                _ => written(text, day, &clock, offset(zone).ok_or(ZONED_TIME)?),
            }
        }
    }
}

/// The time in the form of the wire: the given text itself when it has that form.
fn written<'a>(text: &'a str, day: &str, clock: &str, zone: &str) -> Result<Cow<'a, str>, &'static str> {
    in_calendar(day)?;
    let in_range = |part: &str, limit: u8| part.parse().is_ok_and(|number: u8| number < limit);
    let zone_in_range = zone.get(1..3).is_none_or(|hours| in_range(hours, 24)) && zone.get(4..).is_none_or(|minutes| in_range(minutes, 60));
    let mut numbers = clock.split(':');
    let clock_in_range = [24, 60, 60]
        .into_iter()
        .all(|limit| numbers.next().is_some_and(|part| in_range(part, limit)));
    if !clock_in_range || !zone_in_range {
        return Err(NO_SUCH_TIME);
    }
    let form = format!("{day} {clock}{zone}");
    Ok(if form == text { text.into() } else { form.into() })
}

/// The day, the time of day with its seconds, and the zone as it stands there. RFC 3339 has a `T` between day and time, and fractions of seconds;
/// Java leaves out seconds that are none.
fn parts(text: &str) -> Option<(&str, String, &str)> {
    let (day, rest) = day(text)?;
    let rest = rest.strip_prefix([' ', 'T', 't'])?;
    let (minutes, rest) = digits(rest, "00:00")?;
    let (clock, rest) = match digits(rest, ":00") {
        Some((seconds, rest)) => (format!("{minutes}{seconds}"), rest),
        None => return Some((day, format!("{minutes}:00"), rest)),
    };
    let Some(fraction) = rest.strip_prefix('.') else {
        return Some((day, clock, rest));
    };
    let zone = fraction.trim_start_matches(|letter: char| letter.is_ascii_digit());
    (zone.len() < fraction.len()).then_some((day, clock, zone))
}

fn day(text: &str) -> Option<(&str, &str)> {
    digits(text, "0000-00-00")
}

/// `+08:00` of what stands for it.
fn offset(zone: &str) -> Option<&str> {
    match zone {
        "Z" | "z" | "-00:00" => Some("+00:00"),
        _ => match digits(zone, "+00:00").or_else(|| digits(zone, "-00:00")) {
            Some((offset, "")) => Some(offset),
            _ => None,
        },
    }
}

/// Splits off what has a digit where `pattern` has `0`, and else the same characters.
fn digits<'a>(text: &'a str, pattern: &str) -> Option<(&'a str, &'a str)> {
    let (head, rest) = text.split_at_checked(pattern.len())?;
    let fits = |(byte, want): (u8, u8)| if want == b'0' { byte.is_ascii_digit() } else { byte == want };
    head.bytes().zip(pattern.bytes()).all(fits).then_some((head, rest))
}

fn in_calendar(day: &str) -> Result<(), &'static str> {
    let mut numbers = day.split('-').map(|part| part.parse::<u16>().unwrap_or_default());
    let mut next = || numbers.next().unwrap_or_default();
    let (year, month, day) = (next(), next(), next());
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    };
    if (1..=days).contains(&day) { Ok(()) } else { Err(NO_SUCH_DAY) }
}
