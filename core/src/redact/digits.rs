//! Numbers by their digits, however they are separated.

use std::iter::Peekable;
use std::ops::Range;

use super::index::Index;

/// How many of a number's last digits identify it: what its country's own spelling has in common with E.164.
const SIGNIFICANT: usize = 8;
/// Numbers with fewer digits are searched for as texts only.
const SHORTEST: usize = 6;
/// How many characters may separate two digits of a number.
const LONGEST_GAP: usize = 3;
const BARRIER: char = '\n';

/// The digits of a text, in runs. Digits of one run have no more than separators between them.
pub(super) struct Digits {
    text: String,
    /// Where each byte of `text` stands.
    places: Vec<usize>,
    index: Index,
}

impl Digits {
    pub(super) fn new(folded: &str) -> Self {
        let (mut text, mut places) = (String::new(), Vec::new());
        each_digit(folded, &mut |c, at| {
            text.push(c);
            places.push(at);
        });
        Self {
            index: Index::new(&text),
            text,
            places,
        }
    }

    pub(super) fn contains(&self, digits: &str) -> bool {
        !self.index.find(&self.text, digits).is_empty()
    }

    /// Where the number with these digits stands in `folded`, the text of which these are the digits.
    pub(super) fn find(&self, folded: &str, number: &str) -> Vec<Range<usize>> {
        let number = number.trim_start_matches('0');
        if number.len() < SHORTEST {
            return Vec::new();
        }
        let (head, tail) = number.split_at(number.len().saturating_sub(SIGNIFICANT));
        let is_short = tail.len() < SIGNIFICANT;
        let found = self.index.find(&self.text, tail).into_iter();
        found
            .filter(|at| !is_short || self.is_number(folded, *at, tail.len()))
            .map(|at| self.range(folded, head, at, tail.len()))
            .collect()
    }

    /// Whether digits are not part of a longer number.
    fn is_number(&self, folded: &str, at: usize, length: usize) -> bool {
        let bytes = folded.as_bytes();
        let is_digit = |place: Option<usize>| place.and_then(|place| bytes.get(place)).is_some_and(u8::is_ascii_digit);
        let before = self.places.get(at).and_then(|place| place.checked_sub(1));
        let after = self.places.get(at + length - 1).map(|place| place + 1);
        !is_digit(before) && !is_digit(after)
    }

    /// The whole number around the digits at `at`.
    fn range(&self, folded: &str, head: &str, at: usize, length: usize) -> Range<usize> {
        let digits = self.text.as_bytes();
        let mut first = at;
        let mut rest: Peekable<_> = head.bytes().rev().peekable();
        while let Some(expected) = rest.peek().copied() {
            let before = |count: usize| first.checked_sub(count).and_then(|index| digits.get(index)).copied();
            if before(1) == Some(expected) {
                rest.next();
                first -= 1;
            } else if before(1) == Some(b'0') && before(2) == Some(expected) {
                // The zero of "+62 (0)812".
                first -= 1;
            } else {
                break;
            }
        }
        let bytes = folded.as_bytes();
        let mut start = self.places.get(first).copied().unwrap_or_default();
        let mut end = self.places.get(at + length - 1).map_or(start, |last| last + 1);
        while start > 0 && bytes[start - 1].is_ascii_digit() {
            start -= 1;
        }
        while bytes.get(end).is_some_and(u8::is_ascii_digit) {
            end += 1;
        }
        while start > 0 && (bytes[start - 1] == b'+' || bytes[start - 1] == b'(' && bytes[start..end].contains(&b')')) {
            start -= 1;
        }
        start..end
    }
}

/// The numbers of a secret that are searched for by their digits.
pub(super) fn numbers(folded: &str) -> Vec<String> {
    if folded.bytes().filter(u8::is_ascii_digit).count() < SHORTEST {
        return Vec::new();
    }
    let mut digits = String::new();
    each_digit(folded, &mut |c, _| digits.push(c));
    digits
        .split(BARRIER)
        .filter(|run| run.len() >= SHORTEST)
        .map(str::to_owned)
        .collect()
}

/// Calls `visit` with each digit, and with a barrier between digits of different runs.
fn each_digit(folded: &str, visit: &mut dyn FnMut(char, usize)) {
    let mut gap = 0;
    let mut is_first = true;
    for (at, c) in folded.char_indices() {
        if c.is_ascii_digit() {
            if gap > LONGEST_GAP && !is_first {
                visit(BARRIER, at);
            }
            visit(c, at);
            (gap, is_first) = (0, false);
        } else if c.is_alphanumeric() || matches!(c, ',' | ';' | '+') {
            gap = LONGEST_GAP + 1;
        } else {
            gap += 1;
        }
    }
}
