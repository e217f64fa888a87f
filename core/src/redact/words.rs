//! Words, and the ids that look like some.

use std::ops::Range;

/// Words of messages that identify no person.
const COMMON: [&str; 26] = [
    "and", "call", "code", "contact", "error", "failed", "false", "for", "from", "invalid", "message", "missing", "mobile", "name", "none",
    "not", "null", "number", "phone", "robot", "task", "the", "true", "value", "with", "yes",
];
/// A part of a secret that is a number is hidden on its own from this length on: years, days and house numbers identify no person.
const LONG_NUMBER: usize = 5;
/// The lengths of hexadecimal ids.
const ID_LENGTHS: [usize; 5] = [16, 24, 32, 40, 64];
const UUID: [usize; 5] = [8, 4, 4, 4, 12];

/// Whether a secret can be searched for: shorter ones would break words, and they identify no person.
pub(super) fn is_searchable(text: &str) -> bool {
    match text.chars().take(3).count() {
        3.. => true,
        2 => !text.is_ascii(),
        _ => false,
    }
}

/// Whether a word of a secret is hidden on its own.
pub(super) fn is_telling(word: &str) -> bool {
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    is_searchable(word) && !COMMON.contains(&word) && (!is_number || word.len() >= LONG_NUMBER)
}

/// Where the words of a text are.
pub(super) fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (is_separator(c), start) {
            (false, None) => start = Some(at),
            (true, Some(first)) => {
                words.push(first..at);
                start = None;
            }
            _ => {}
        }
    }
    words.extend(start.map(|first| first..text.len()));
    words
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || (c.is_ascii_punctuation() && c != '\'')
        || matches!(c, '\u{2000}'..='\u{2018}' | '\u{201a}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{b7}' | '\u{30fb}')
}

/// Whether a word that starts or ends with `edge` has a boundary towards its neighbour.
pub(super) fn is_boundary(edge: Option<char>, neighbour: Option<char>) -> bool {
    let (Some(edge), Some(neighbour)) = (edge, neighbour) else {
        return true;
    };
    if !edge.is_alphanumeric() || !neighbour.is_alphanumeric() || is_spaceless(edge) || is_spaceless(neighbour) {
        return true;
    }
    edge.is_numeric() != neighbour.is_numeric()
}

/// Whether the character belongs to a script that writes no spaces between words.
const fn is_spaceless(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The hexadecimal ids and UUIDs of a folded text.
pub(super) fn ids(folded: &str) -> Vec<Range<usize>> {
    let bytes = folded.as_bytes();
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        while bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
            at += 1;
        }
        if at > start {
            words.push(start..at);
        }
        at += 1;
    }
    let is_hex = |word: &Range<usize>| bytes[word.clone()].iter().all(u8::is_ascii_hexdigit);
    let mut ids = Vec::new();
    let mut index = 0;
    while let Some(word) = words.get(index) {
        let uuid = words.get(index..index + UUID.len()).filter(|parts| {
            let is_part = |(part, length): (&Range<usize>, &usize)| part.len() == *length && is_hex(part);
            let is_joined = |pair: &[Range<usize>]| pair[1].start == pair[0].end + 1 && bytes[pair[0].end] == b'-';
            parts.iter().zip(&UUID).all(is_part) && parts.windows(2).all(is_joined)
        });
        if let Some(parts) = uuid {
            ids.push(word.start..parts[UUID.len() - 1].end);
            index += UUID.len();
            continue;
        }
        let has_letter = bytes[word.clone()].iter().any(u8::is_ascii_alphabetic);
        if ID_LENGTHS.contains(&word.len()) && is_hex(word) && (has_letter || word.len() >= 32) {
            ids.push(word.clone());
        }
        index += 1;
    }
    ids
}
