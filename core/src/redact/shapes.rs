//! Numbers that are no phone numbers: dates, times, amounts, addresses of the Internet.

use std::ops::Range;

/// The most digits of an amount beside which a currency stands. Phone numbers with their country code have more.
const LONGEST_AMOUNT: usize = 12;
/// The most digits of an amount by its form alone.
const LONGEST_BARE_AMOUNT: usize = 9;
const CURRENCIES: [&str; 24] = [
    "$", "brl", "cny", "dollars", "eur", "idr", "inr", "mxn", "myr", "php", "rm", "rmb", "rp", "rp.", "rupiah", "sgd", "thb", "usd", "vnd",
    "€", "£", "¥", "₫", "₹",
];

/// The end of a date, a time or an address that starts at `at`.
pub(super) fn fixed(bytes: &[u8], at: usize) -> Option<usize> {
    date_time(bytes, at).or_else(|| time(bytes, at)).or_else(|| ipv4(bytes, at))
}

/// The end of an amount that starts at `at`: `1.250.000`, `1250000.50`.
pub(super) fn amount(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let first = digits(bytes, at);
    if first == 0 || bytes[at] == b'0' {
        return None;
    }
    let (mut end, mut count) = (at + first, first);
    while bytes.get(end) == Some(&b'.') && digits(bytes, end + 1) == 3 && first <= 3 {
        end += 4;
        count += 3;
    }
    let is_grouped = end > at + first;
    let fraction = match bytes.get(end) {
        Some(b',') if is_grouped => digits(bytes, end + 1),
        Some(b'.') if !is_grouped => digits(bytes, end + 1),
        _ => 0,
    };
    if (1..=2).contains(&fraction) {
        end += 1 + fraction;
    } else if !is_grouped {
        return None;
    }
    let longest = if has_currency(text, &(at..end)) {
        LONGEST_AMOUNT
    } else if is_grouped {
        LONGEST_BARE_AMOUNT
    } else {
        7
    };
    let goes_on = matches!(bytes.get(end), Some(b'.' | b'-' | b'/')) && digits(bytes, end + 1) > 0;
    (count <= longest && !goes_on).then_some(end)
}

/// Whether digits, which may be grouped by thousands, are an amount by the currency beside them.
pub(super) fn is_amount(text: &str, range: &Range<usize>) -> bool {
    let number = &text[range.clone()];
    let groups: Vec<&str> = number.split(' ').collect();
    let is_grouped = groups.len() == 1 || groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3);
    let count = number.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ');
    is_grouped && is_plain && count <= LONGEST_AMOUNT && !number.starts_with('0') && has_currency(text, range)
}

fn has_currency(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].trim_end_matches(' ');
    let after = text[range.end..].trim_start_matches(' ');
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    CURRENCIES.iter().any(|currency| {
        let is_letters = is_word(currency.chars().next());
        let is_before = before
            .strip_suffix(currency)
            .is_some_and(|rest| !is_letters || !is_word(rest.chars().next_back()));
        let is_after = after
            .strip_prefix(currency)
            .is_some_and(|rest| !is_letters || !is_word(rest.chars().next()));
        is_before || is_after
    })
}

/// The end of an address with four numbers.
pub(super) fn ipv4(bytes: &[u8], at: usize) -> Option<usize> {
    let mut end = at;
    for index in 0..4 {
        if index > 0 {
            (bytes.get(end) == Some(&b'.')).then_some(())?;
            end += 1;
        }
        let length = digits(bytes, end);
        let is_octet = (1..=3).contains(&length) && number(bytes, end, length) <= 255 && (length == 1 || bytes[end] != b'0');
        is_octet.then_some(())?;
        end += length;
    }
    let goes_on = bytes.get(end) == Some(&b'.') && digits(bytes, end + 1) > 0;
    (!goes_on).then_some(end)
}

fn date_time(bytes: &[u8], at: usize) -> Option<usize> {
    let end = date(bytes, at)?;
    let gap = match bytes.get(end) {
        Some(b't') => 1,
        _ => bytes[end..].iter().take(2).take_while(|byte| **byte == b' ').count(),
    };
    Some(if gap > 0 { time(bytes, end + gap).unwrap_or(end) } else { end })
}

fn date(bytes: &[u8], at: usize) -> Option<usize> {
    let part = |start: usize, length: usize| (digits(bytes, start) == length).then(|| number(bytes, start, length));
    let is_day = |year: u32, month: u32, day: u32| (1900..2200).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    let separator = |start: usize| bytes.get(start).copied().filter(|byte| matches!(byte, b'-' | b'/' | b'.'));
    match digits(bytes, at) {
        4 if separator(at + 4)? == separator(at + 7)? => is_day(part(at, 4)?, part(at + 5, 2)?, part(at + 8, 2)?).then_some(at + 10),
        2 if separator(at + 2)? == separator(at + 5)? => {
            let (first, second, year) = (part(at, 2)?, part(at + 3, 2)?, part(at + 6, 4)?);
            (is_day(year, second, first) || is_day(year, first, second)).then_some(at + 10)
        }
        // Without separators it is a date only of this century: `20261124`, `20261124180627`.
        length @ (8 | 14) => {
            let is_date =
                bytes[at..].starts_with(b"20") && is_day(number(bytes, at, 4), number(bytes, at + 4, 2), number(bytes, at + 6, 2));
            let is_time = length == 8 || number(bytes, at + 8, 2) < 24 && number(bytes, at + 10, 2) < 60 && number(bytes, at + 12, 2) < 60;
            let end = at + length;
            (is_date && is_time).then(|| match bytes.get(end) {
                Some(b't') if length == 8 && digits(bytes, end + 1) == 6 => end + 7,
                _ => end,
            })
        }
        _ => None,
    }
}

fn time(bytes: &[u8], at: usize) -> Option<usize> {
    let part = |start: usize, below: u32| (digits(bytes, start) == 2 && number(bytes, start, 2) < below).then_some(start + 2);
    let hours = digits(bytes, at);
    if !(1..=2).contains(&hours) || number(bytes, at, hours) > 24 || bytes.get(at + hours) != Some(&b':') {
        return None;
    }
    let mut end = part(at + hours + 1, 60)?;
    if bytes.get(end) == Some(&b':') {
        end = part(end + 1, 61)?;
        let fraction = digits(bytes, end + 1);
        if matches!(bytes.get(end), Some(b'.' | b',')) && fraction > 0 {
            end += 1 + fraction;
        }
    }
    Some(zone(bytes, end).unwrap_or(end))
}

fn zone(bytes: &[u8], at: usize) -> Option<usize> {
    let start = at + usize::from(bytes.get(at) == Some(&b' '));
    matches!(bytes.get(start), Some(b'+' | b'-')).then_some(())?;
    match digits(bytes, start + 1) {
        2 if bytes.get(start + 3) == Some(&b':') && digits(bytes, start + 4) == 2 => Some(start + 6),
        2 => Some(start + 3),
        4 => Some(start + 5),
        _ => None,
    }
}

/// How many digits start at `at`.
fn digits(bytes: &[u8], at: usize) -> usize {
    bytes
        .get(at..)
        .map_or(0, |rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count())
}

fn number(bytes: &[u8], at: usize, length: usize) -> u32 {
    let digits = bytes.get(at..at + length).unwrap_or_default();
    digits.iter().fold(0, |number: u32, digit| {
        number.saturating_mul(10).saturating_add(u32::from(digit - b'0'))
    })
}
