//! JSON text as a source.

use std::borrow::Cow;

use super::error::ReadError;
use super::number::Number;
use super::text::Text;
use super::tokens::{Start, Tokens};

type Result<T> = std::result::Result<T, ReadError>;

/// JSON text as a source.
#[derive(Clone)]
pub struct JsonTokens<'a> {
    text: &'a str,
    /// The offset of the next byte.
    at: usize,
    /// Whether the last text has escapes.
    has_escapes: bool,
}

impl std::fmt::Debug for JsonTokens<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JsonTokens(at {})", self.at)
    }
}

impl<'a> JsonTokens<'a> {
    /// A source of the JSON in `text`. A byte order mark before it is skipped.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            at: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 },
            has_escapes: false,
        }
    }

    /// Checks that nothing but white space is left.
    pub(crate) fn end(&mut self) -> Result<()> {
        let is_end = self.peek().is_none() && self.at == self.text.len();
        if is_end { Ok(()) } else { Err(self.error()) }
    }

    /// The offset of the next token.
    pub(crate) fn place(&mut self) -> usize {
        self.peek();
        self.at
    }

    /// How many bytes are left.
    pub(crate) fn rest_len(&self) -> usize {
        self.text.len().saturating_sub(self.at)
    }

    /// Whether a value of a list or an object can end here.
    pub(crate) fn is_behind_value(&mut self) -> bool {
        matches!(self.peek(), Some(b',' | b'}' | b']'))
    }

    /// Passes any value, and returns its JSON. Only finds its end: what it returns may be no JSON.
    pub(crate) fn raw(&mut self) -> Result<&'a str> {
        let json = self.pass_value();
        self.or_error(json)
    }

    /// Passes the name of a field.
    pub(crate) fn raw_name(&mut self) -> Result<Cow<'a, str>> {
        let name = self.pass_any_name();
        self.or_error(name).map(Text::decode)
    }

    fn error(&self) -> ReadError {
        if self.at >= self.text.len() {
            ReadError::Eof
        } else {
            ReadError::Syntax(self.at)
        }
    }

    fn or_error<T>(&self, token: Option<T>) -> Result<T> {
        token.ok_or_else(|| self.error())
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.byte()? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Passes the next byte that is no white space, which has to be `expected`.
    fn take(&mut self, expected: u8) -> Option<()> {
        (self.peek()? == expected).then(|| self.at += 1)
    }

    /// Passes the separator of a list or an object, or its end. Tells whether there is more.
    fn pass_separator(&mut self, end: u8) -> Option<bool> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b',' => Some(true),
            byte => (byte == end).then_some(false),
        }
    }

    fn pass_word(&mut self, word: &str) -> Option<()> {
        self.rest()?.starts_with(word.as_bytes()).then(|| self.at += word.len())
    }

    /// Passes the start of a list or an object, and its end if it is empty. Returns whether a value follows.
    #[inline]
    fn pass_start(&mut self, start: u8, end: u8) -> Option<bool> {
        self.take(start)?;
        let is_empty = self.peek()? == end;
        self.at += usize::from(is_empty);
        Some(!is_empty)
    }

    /// What stands from `start` to here.
    fn since(&self, start: usize) -> Option<&'a str> {
        self.text.get(start..self.at)
    }

    fn rest(&self) -> Option<&'a [u8]> {
        self.text.as_bytes().get(self.at..)
    }

    /// Passes a text.
    #[inline]
    fn pass_token(&mut self) -> Option<Text<'a>> {
        let raw = self.pass_text()?;
        Text::json(raw, self.has_escapes)
    }

    /// Passes a text and returns it with its quotes. The result fits into registers, which makes up a fifth of the time.
    fn pass_text(&mut self) -> Option<&'a str> {
        if self.peek()? != b'"' {
            return None;
        }
        let start = self.at;
        let inside = end_of_text(self.text.as_bytes(), start + 1);
        self.at = inside.end;
        self.has_escapes = inside.has_escapes;
        inside.is_whole.then(|| self.since(start))?
    }

    /// Passes the name of a field, with the colon.
    #[inline]
    fn pass_any_name(&mut self) -> Option<Text<'a>> {
        let name = self.pass_token()?;
        self.take(b':')?;
        Some(name)
    }

    fn pass_value(&mut self) -> Option<&'a str> {
        let first = self.peek()?;
        let start = self.at;
        match first {
            b'"' => self.pass_text().map(drop)?,
            b'{' | b'[' => self.pass_nested()?,
            _ => {
                while !matches!(self.byte()?, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t') {
                    self.at += 1;
                }
            }
        }
        self.since(start)
    }

    fn pass_nested(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        let mut depth = 0_usize;
        let mut at = self.at;
        let is_whole = loop {
            let Some(byte) = bytes.get(at) else { break false };
            at += 1;
            match byte {
                b'"' => {
                    let inside = end_of_text(bytes, at);
                    at = inside.end;
                    if !inside.is_whole {
                        break false;
                    }
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        break true;
                    }
                }
                _ => {}
            }
        };
        self.at = at;
        is_whole.then_some(())
    }

    /// Passes the name of a field, with the colon, if it is `expected` and has no escapes.
    #[inline]
    fn pass_name(&mut self, expected: &str) -> Option<bool> {
        self.peek()?;
        let rest = self
            .rest()?
            .strip_prefix(b"\"")
            .and_then(|rest| rest.strip_prefix(expected.as_bytes()));
        if rest.and_then(<[u8]>::first) != Some(&b'"') {
            return Some(false);
        }
        self.at += expected.len() + 2;
        self.take(b':')?;
        Some(true)
    }

    /// Passes a number.
    #[inline]
    fn pass_number(&mut self) -> Option<Number<'a>> {
        let (bytes, start) = (self.text.as_bytes(), self.at);
        let mut at = start;
        while matches!(bytes.get(at), Some(b'0'..=b'9')) {
            at += 1;
        }
        let is_whole = !matches!(bytes.get(at), Some(b'.' | b'e' | b'E' | b'+' | b'-'));
        while matches!(bytes.get(at), Some(b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) {
            at += 1;
        }
        self.at = at;
        let digits = self.since(start)?;
        if is_whole { Number::of_digits(digits) } else { Number::new(digits) }
    }
}

impl Tokens for JsonTokens<'_> {
    type Mark = usize;

    #[inline]
    fn start(&mut self) -> Result<Start> {
        Ok(match self.peek() {
            Some(b'"') => Start::Text,
            Some(b'-' | b'0'..=b'9') => Start::Number,
            Some(b'{') => Start::Object,
            Some(b'[') => Start::List,
            Some(b'n') => Start::Null,
            Some(b't' | b'f') => Start::Boolean,
            _ => return Err(self.error()),
        })
    }

    fn null(&mut self) -> Result<()> {
        let token = self.pass_word("null");
        self.or_error(token)
    }

    fn boolean(&mut self) -> Result<bool> {
        let truth = self.peek() == Some(b't');
        let token = self.pass_word(if truth { "true" } else { "false" });
        self.or_error(token.map(|()| truth))
    }

    #[inline]
    fn number(&mut self) -> Result<Number<'_>> {
        let start = self.at;
        let number = self.pass_number();
        number.ok_or(ReadError::Syntax(start))
    }

    #[inline]
    fn text(&mut self) -> Result<Text<'_>> {
        let token = self.pass_token();
        self.or_error(token)
    }

    #[inline]
    fn enter(&mut self, container: Start) -> Result<bool> {
        let (start, end) = if container == Start::List { (b'[', b']') } else { (b'{', b'}') };
        let token = self.pass_start(start, end);
        self.or_error(token)
    }

    #[inline]
    fn next(&mut self, container: Start) -> Result<bool> {
        let token = self.pass_separator(if container == Start::List { b']' } else { b'}' });
        self.or_error(token)
    }

    #[inline]
    fn take_name(&mut self, expected: &str) -> Result<bool> {
        let token = self.pass_name(expected);
        self.or_error(token)
    }

    fn name(&mut self) -> Result<Cow<'_, str>> {
        self.raw_name()
    }

    fn skip(&mut self) -> Result<()> {
        self.raw().map(drop)
    }

    fn mark(&self) -> usize {
        self.at
    }

    fn rewind(&mut self, mark: &usize) -> usize {
        let again = self.at.saturating_sub(*mark);
        self.at = *mark;
        again
    }
}

/// Where a text ends.
struct TextEnd {
    /// Behind its last quote, or the byte that may not stand in it.
    end: usize,
    has_escapes: bool,
    is_whole: bool,
}

/// Finds the end of a text from behind its first quote. What has no meaning within a text is passed eight bytes at a time.
#[inline]
fn end_of_text(bytes: &[u8], start: usize) -> TextEnd {
    let mut at = start;
    let mut has_escapes = false;
    let is_whole = loop {
        if let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
            let special = special_bytes(u64::from_le_bytes(*chunk));
            if special == 0 {
                at += size_of::<u64>();
                continue;
            }
            at += (special.trailing_zeros() / 8) as usize;
        }
        match bytes.get(at) {
            Some(b'"') => {
                at += 1;
                break true;
            }
            Some(b'\\') => {
                has_escapes = true;
                at += 2;
            }
            Some(0x20..) => at += 1,
            _ => break false,
        }
    };
    TextEnd {
        end: at,
        has_escapes,
        is_whole,
    }
}

/// A bit for each byte that ends a text, begins an escape or is a control character. What stands above the lowest bit may be wrong.
const fn special_bytes(bytes: u64) -> u64 {
    const EACH: u64 = u64::from_le_bytes([1; 8]);
    const HIGHEST: u64 = EACH << 7;
    const fn below(bytes: u64, limit: u8) -> u64 {
        bytes.wrapping_sub(EACH * limit as u64) & !bytes
    }
    let quote = bytes ^ (EACH * b'"' as u64);
    let backslash = bytes ^ (EACH * b'\\' as u64);
    (below(quote, 1) | below(backslash, 1) | below(bytes, 0x20)) & HIGHEST
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_at_its_first_quote_wherever_that_is() {
        for length in 0..40 {
            for special in ["", "\\\"", "\\\\", "\\n", "é", "字", "\u{7f}"] {
                let inside = format!("{}{special}{}", "a".repeat(length), "b".repeat(length % 9));
                let text = format!("\"{inside}\" , \"more\"");
                let mut tokens = JsonTokens::new(&text);
                let token = tokens.pass_token().unwrap();
                assert!(token.as_plain().is_none_or(|text| text == inside));
                assert_eq!(token.as_plain().is_some(), !special.starts_with('\\'), "{text}");
                assert_eq!(tokens.at, inside.len() + 2);
            }
            for bad in ["\u{1}", "\n", "\u{1f}"] {
                let text = format!("\"{}{bad}{}\"", "a".repeat(length), "b".repeat(9));
                assert!(JsonTokens::new(&text).text().is_err(), "{text:?}");
            }
            assert!(JsonTokens::new(&format!("\"{}", "é".repeat(length))).text().is_err());
        }
    }

    #[test]
    fn a_name_is_passed_when_it_is_the_expected_one() {
        for (json, is_passed) in [
            (r#" "call" : 1"#, Some(true)),
            (r#""call":1"#, Some(true)),
            (r#""calls":1"#, Some(false)),
            (r#""cal":1"#, Some(false)),
            (r#""c\u0061ll":1"#, Some(false)),
            (r#""call" 1"#, None),
            (r#""call"#, Some(false)),
            ("}", Some(false)),
            ("", None),
        ] {
            let mut tokens = JsonTokens::new(json);
            assert_eq!(tokens.pass_name("call"), is_passed, "{json}");
            let rest = if is_passed == Some(true) {
                Some(b'1')
            } else {
                json.trim().bytes().next()
            };
            if is_passed.is_some() {
                assert_eq!(tokens.peek(), rest, "{json}");
            }
        }
    }
}
