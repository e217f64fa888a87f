//! The one spelling in which texts are compared.

use std::borrow::Cow;
use std::ops::Range;

/// The zeros of the decimal digits that the phones and keyboards of AI Rudder's markets write. Nine more digits follow each.
const ZEROS: [u32; 17] = [
    0x0660, 0x06f0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1810,
];

/// A text in lower case, with ASCII digits, plain spaces and dashes, and without percent encoding and JSON escapes. Invisible characters are left
/// out. Each byte knows the bytes of the original that it stands for.
#[derive(Default)]
pub(super) struct Folded {
    pub(super) text: String,
    spans: Vec<(usize, usize)>,
    /// Whether a byte stands for an escape.
    escaped: Vec<bool>,
}

impl Folded {
    pub(super) fn new(text: &str) -> Self {
        let mut folded = Self::default();
        fold(text, &mut |c, start, end| {
            let before = folded.text.len();
            folded.text.push(c);
            let added = folded.text.len() - before;
            let is_escaped = matches!(text.as_bytes().get(start), Some(b'%' | b'\\')) && end > start + 1;
            folded.spans.extend(std::iter::repeat_n((start, end), added));
            folded.escaped.extend(std::iter::repeat_n(is_escaped, added));
        });
        folded
    }

    /// The bytes of the original that a range stands for.
    pub(super) fn original(&self, range: Range<usize>) -> Range<usize> {
        let start = self.spans.get(range.start).map_or(0, |span| span.0);
        let end = range
            .end
            .checked_sub(1)
            .and_then(|last| self.spans.get(last))
            .map_or(start, |span| span.1);
        start..end
    }

    pub(super) fn is_escaped(&self, at: usize) -> bool {
        self.escaped.get(at).copied().unwrap_or_default()
    }
}

/// The text alone.
pub(super) fn fold_text(text: &str) -> Cow<'_, str> {
    let is_folded = |byte: u8| (b' '..=b'~').contains(&byte) && !byte.is_ascii_uppercase() && !matches!(byte, b'%' | b'\\');
    if text.bytes().all(is_folded) {
        return text.into();
    }
    let mut folded = String::with_capacity(text.len());
    fold(text, &mut |c, _, _| folded.push(c));
    folded.into()
}

/// Calls `push` with each folded character, and where its original starts and ends.
fn fold(text: &str, push: &mut dyn FnMut(char, usize, usize)) {
    let mut at = 0;
    while let Some(literal) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let bytes = &text.as_bytes()[at..];
        let (c, length) = match literal {
            '%' => percent(bytes),
            '\\' => escape(bytes),
            _ => None,
        }
        .unwrap_or((literal, literal.len_utf8()));
        fold_char(c, &mut |c| push(c, at, at + length));
        at += length;
    }
}

fn fold_char(c: char, push: &mut dyn FnMut(char)) {
    let code = u32::from(c);
    if c.is_ascii() && !c.is_ascii_control() {
        return push(c.to_ascii_lowercase());
    }
    if let Some(digit) = ZEROS.iter().find_map(|zero| code.checked_sub(*zero).filter(|digit| *digit < 10)) {
        return push(char::from_digit(digit, 10).unwrap_or(c));
    }
    match c {
        '\u{ff01}'..='\u{ff5e}' => push(char::from_u32(code - 0xfee0).unwrap_or(c).to_ascii_lowercase()),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => push('-'),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' => {}
        _ if c.is_whitespace() || c.is_control() => push(' '),
        _ => c.to_lowercase().for_each(push),
    }
}

/// The character of a percent encoding, and its length in bytes.
fn percent(bytes: &[u8]) -> Option<(char, usize)> {
    let decoded = |index: usize| match bytes.get(index * 3..index * 3 + 3)? {
        [b'%', high, low] => byte(&[*high, *low]),
        _ => None,
    };
    let first = decoded(0)?;
    let count = match first {
        0..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    let utf8: Vec<u8> = (0..count).map_while(decoded).collect();
    let c = std::str::from_utf8(&utf8).ok()?.chars().next()?;
    Some((c, count * 3))
}

/// The character of a JSON escape, and its length in bytes.
fn escape(bytes: &[u8]) -> Option<(char, usize)> {
    let unit = |start: usize| match bytes.get(start..start + 6)? {
        [b'\\', b'u', digits @ ..] => Some(u16::from_be_bytes([byte(&digits[..2])?, byte(&digits[2..])?])),
        _ => None,
    };
    match bytes.get(1)? {
        b'/' => Some(('/', 2)),
        b'"' => Some(('"', 2)),
        b'n' | b't' | b'r' => Some((' ', 2)),
        _ => {
            let first = unit(0)?;
            match char::decode_utf16([first]).next()? {
                Ok(c) => Some((c, 6)),
                Err(_) => char::decode_utf16([first, unit(6)?]).next()?.ok().map(|c| (c, 12)),
            }
        }
    }
}

fn byte(digits: &[u8]) -> Option<u8> {
    let value = |digit: &u8| char::from(*digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    match digits {
        [high, low] => Some(value(high)? << 4 | value(low)?),
        _ => None,
    }
}
