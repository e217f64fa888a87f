//! Redacts one text.

use std::collections::HashSet;
use std::ops::Range;

use super::digits::{Digits, numbers};
use super::fold::{Folded, fold_text};
use super::index::Index;
use super::links::{emails, links};
use super::numbers::Numbers;
use super::words::{ids, is_boundary, is_searchable, is_telling, words};

/// How much of a text from outside is shown, in bytes.
pub(super) const LONGEST: usize = 300;
/// How much of it is read, in bytes. More than is shown, because redacting shortens it.
const READ: usize = LONGEST * 16;
/// The end of what is read of a longer text is not shown: a secret there may be cut.
const MARGIN: usize = 256;
/// A secret of more words is a sentence. Its words are common ones, and are hidden only together.
const MOST_NAMES: usize = 5;
/// So many words of a sentence are hidden wherever they stand together.
const PHRASE: usize = 3;
/// A secret of the account of this length is hidden within words, too.
const LONG_SECRET: usize = 8;

/// What stands in place of a redacted text. Where several would, the first.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Link,
    Email,
    Redacted,
    Number,
}

const MARKS: [(Mark, &str); 4] = [
    (Mark::Link, "[link]"),
    (Mark::Email, "[email]"),
    (Mark::Redacted, "[redacted]"),
    (Mark::Number, "[number]"),
];

/// A text from outside, in which secrets are searched for in any spelling. Its cost is linear in the length of the secrets.
pub(crate) struct Redactor<'a> {
    text: &'a str,
    is_cut: bool,
    folded: Folded,
    index: Index,
    digits: Digits,
    ids: Vec<Range<usize>>,
    open: HashSet<String>,
    account: HashSet<String>,
    /// The request's numbers, where they were found.
    numbers: Vec<Range<usize>>,
    /// For each mark and byte of the text, how many redacted ranges start there, less those that end.
    changes: [Vec<isize>; MARKS.len()],
    /// The texts and numbers that were found, for many contacts may have the same.
    found: HashSet<String>,
    found_numbers: HashSet<String>,
}

impl<'a> Redactor<'a> {
    pub(super) fn new(whole: &'a str) -> Self {
        let text = &whole[..whole.floor_char_boundary(READ)];
        let folded = Folded::new(text);
        Self {
            text,
            is_cut: text.len() < whole.len(),
            index: Index::new(&folded.text),
            digits: Digits::new(&folded.text),
            ids: ids(&folded.text),
            folded,
            open: HashSet::new(),
            account: HashSet::new(),
            numbers: Vec::new(),
            changes: std::array::from_fn(|_| vec![0; text.len() + 1]),
            found: HashSet::new(),
            found_numbers: HashSet::new(),
        }
    }

    /// Redacts a secret of the account.
    pub(crate) fn secret(&mut self, secret: &str) {
        let secret = fold_text(secret);
        let secret = secret.trim();
        if is_searchable(secret) {
            self.account.insert(secret.to_owned());
            self.hide(secret, secret.len() < LONG_SECRET);
        }
    }

    /// Redacts what a request says of people: the whole text, the names of which it consists, and its numbers.
    pub(crate) fn personal(&mut self, secret: &str) {
        let secret = fold_text(secret);
        let secret = secret.trim();
        // The call for a token holds the account's secrets, whose parts are no names.
        if self.account.contains(secret) {
            return;
        }
        if is_searchable(secret) {
            self.hide(secret, true);
        }
        // The words of links and addresses are no names.
        if !secret.contains("://") && !secret.contains('@') {
            self.parts(secret);
        }
        for number in numbers(secret) {
            let places = self.digits.find(&self.folded.text, &number);
            if places.is_empty() || !self.found_numbers.insert(number) {
                continue;
            }
            for range in places {
                self.numbers.push(range.clone());
                self.mark(Mark::Redacted, range);
            }
        }
    }

    /// Notes a value of the request that may be shown, although its digits look like a phone number.
    pub(crate) fn open(&mut self, value: &str) {
        let is_long = |run: &&str| run.len() >= 8;
        for run in value.split(|c: char| !c.is_ascii_digit()).filter(is_long) {
            if self.digits.contains(run) {
                self.open.insert(run.to_owned());
            }
        }
    }

    fn parts(&mut self, secret: &str) {
        let words = words(secret);
        if words.len() <= MOST_NAMES {
            for word in words.into_iter().map(|word| &secret[word]).filter(|word| is_telling(word)) {
                self.hide(word, true);
            }
        } else {
            for phrase in words.windows(PHRASE) {
                self.hide(&secret[phrase[0].start..phrase[PHRASE - 1].end], true);
            }
        }
    }

    /// Redacts `secret` wherever it stands, or where it is no part of a word.
    fn hide(&mut self, secret: &str, is_word: bool) {
        let places = self.index.find(&self.folded.text, secret);
        if places.is_empty() || !self.found.insert(secret.to_owned()) {
            return;
        }
        for range in places.into_iter().map(|at| at..at + secret.len()) {
            if !is_word || self.is_word(secret, &range) {
                self.mark(Mark::Redacted, range);
            }
        }
    }

    fn is_word(&self, secret: &str, range: &Range<usize>) -> bool {
        let text = &self.folded.text;
        let before = text[..range.start].chars().next_back();
        let after = text[range.end..].chars().next();
        let is_bounded = is_boundary(secret.chars().next(), before) && is_boundary(secret.chars().next_back(), after);
        let before = self.ids.partition_point(|id| id.end <= range.start);
        let is_in_id = self
            .ids
            .get(before)
            .is_some_and(|id| id.start <= range.start && range.end <= id.end && id != range);
        is_bounded && !is_in_id
    }

    fn mark(&mut self, mark: Mark, range: Range<usize>) {
        let range = self.folded.original(range);
        let changes = &mut self.changes[mark as usize];
        changes[range.start] += 1;
        changes[range.end] -= 1;
    }

    /// The redacted text.
    pub(crate) fn finish(mut self) -> String {
        for range in links(&self.folded) {
            self.mark(Mark::Link, range);
        }
        for range in emails(&self.folded.text) {
            self.mark(Mark::Email, range);
        }
        let mut skipped = [&*self.ids, &*self.numbers].concat();
        skipped.sort_unstable_by_key(|range| range.start);
        let numbers = Numbers {
            text: &self.folded.text,
            skipped: &skipped,
            open: &self.open,
        };
        for range in numbers.find() {
            self.mark(Mark::Number, range);
        }
        self.render()
    }

    fn render(&self) -> String {
        let shown = self.text.len().saturating_sub(if self.is_cut { MARGIN } else { 0 });
        let mut clean = String::with_capacity(LONGEST);
        let mut depths = [0; MARKS.len()];
        let mut last = None;
        let mut at = 0;
        for (start, c) in self.text.char_indices() {
            for (depth, changes) in depths.iter_mut().zip(&self.changes) {
                *depth += changes[at..=start].iter().sum::<isize>();
            }
            at = start + 1;
            if start >= shown || clean.len() >= LONGEST {
                break;
            }
            let mark = MARKS.iter().zip(depths).find_map(|(mark, depth)| (depth > 0).then_some(*mark));
            match mark {
                None => clean.push(if c.is_control() { ' ' } else { c }),
                Some((mark, text)) if last != Some(mark) => clean.push_str(text),
                Some(_) => {}
            }
            last = mark.map(|(mark, _)| mark);
        }
        clean.truncate(clean.floor_char_boundary(LONGEST));
        clean
    }
}
