//! Phone numbers that the request did not hold.

use std::collections::HashSet;
use std::ops::Range;

use super::shapes::{amount, fixed, is_amount};

/// So many digits may be a phone number after a `+`, and so many without one. Fewer are a quota, an error code, or an id.
const SHORTEST_AFTER_PLUS: usize = 6;
const SHORTEST: usize = 8;
/// The most digits of a number in E.164.
const LONGEST: usize = 15;
/// Digits without a separator that are a whole number: the next group is another one.
const WHOLE: usize = 10;
/// How many characters may separate the groups of a number.
const LONGEST_GAP: usize = 3;

/// What is known of a folded text when phone numbers are looked for.
pub(super) struct Numbers<'a> {
    pub(super) text: &'a str,
    /// Where no phone number is looked for: ids, and what is redacted already. Sorted.
    pub(super) skipped: &'a [Range<usize>],
    /// Digits of the request's own that may be shown.
    pub(super) open: &'a HashSet<String>,
}

impl Numbers<'_> {
    /// Where they are.
    pub(super) fn find(&self) -> Vec<Range<usize>> {
        let bytes = self.text.as_bytes();
        let mut found = Vec::new();
        let mut skipped = self.skipped.iter().peekable();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            while skipped.next_if(|range| range.end <= at).is_some() {}
            if let Some(range) = skipped.peek().filter(|range| range.start <= at) {
                at = range.end;
                continue;
            }
            let limit = skipped.peek().map_or(bytes.len(), |range| range.start);
            at = match byte {
                b'+' => self.number(at, limit, &mut found),
                b'0'..=b'9' => match self.kept(at) {
                    Some(end) => end,
                    None => self.number(at, limit, &mut found),
                },
                _ => at + 1,
            };
        }
        found
    }

    /// The end of a number at `at` that is no phone number.
    fn kept(&self, at: usize) -> Option<usize> {
        self.barrier(at).or_else(|| amount(self.text, at))
    }

    /// The end of a number at `at` that cannot be part of a phone number.
    fn barrier(&self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let group = bytes.get(at..).unwrap_or_default();
        let length = group.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let is_open = || length >= SHORTEST && self.open.contains(&self.text[at..at + length]);
        fixed(bytes, at).or_else(|| is_open().then_some(at + length))
    }

    /// Reads the number that starts at `at`, and returns where the next one may start.
    fn number(&self, at: usize, limit: usize, found: &mut Vec<Range<usize>>) -> usize {
        let bytes = &self.text.as_bytes()[..limit];
        let has_plus = bytes.get(at) == Some(&b'+');
        let mut groups: Vec<Range<usize>> = Vec::new();
        let mut next = at + usize::from(has_plus);
        loop {
            let gap = bytes
                .get(next..)
                .unwrap_or_default()
                .iter()
                .take_while(|byte| is_separator(**byte))
                .count();
            let longest = if groups.is_empty() && !has_plus { 0 } else { LONGEST_GAP };
            let start = next + gap;
            let length = bytes
                .get(start..)
                .unwrap_or_default()
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            let count: usize = groups.iter().map(ExactSizeIterator::len).sum();
            let is_whole =
                gap > 0 && groups.last().is_some_and(|group| group.len() >= WHOLE) || count >= SHORTEST && count + length > LONGEST;
            let may_be_barrier = if has_plus { count >= SHORTEST } else { count > 0 };
            if gap > longest || length == 0 || is_whole || may_be_barrier && self.barrier(start).is_some() {
                break;
            }
            next = start + length;
            groups.push(start..next);
        }
        let Some(last) = groups.last() else {
            return at + 1;
        };
        let mut range = at..last.end;
        if !self.is_phone(&groups, &range, has_plus) {
            return range.end;
        }
        let has_bracket = bytes[range.clone()].contains(&b')');
        if range.start > 0 && bytes[range.start - 1] == b'(' && has_bracket {
            range.start -= 1;
        }
        let end = range.end;
        found.push(range);
        end
    }

    fn is_phone(&self, groups: &[Range<usize>], range: &Range<usize>, has_plus: bool) -> bool {
        let count: usize = groups.iter().map(ExactSizeIterator::len).sum();
        if has_plus {
            return count >= SHORTEST_AFTER_PLUS;
        }
        // "used 10000/20000"
        let is_ratio = match groups {
            [used, limit] => {
                self.text[used.end..limit.start].trim() == "/"
                    && [used, limit].iter().all(|group| group.len() < SHORTEST)
                    && !self.text[range.clone()].starts_with('0')
            }
            _ => false,
        };
        count >= SHORTEST && !is_ratio && !is_amount(self.text, range)
    }
}

const fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b'.' | b'(' | b')' | b'/')
}
