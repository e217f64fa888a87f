//! Goes through JSON text token by token.
//!
//! It takes less than the JSON library does, never more: whoever reads with it asks that library when it gives nothing.

use std::borrow::Cow;

use serde_json::Number;

pub(crate) struct Cursor<'a> {
    text: &'a str,
    /// Where the next byte to be read stands.
    pub(crate) at: usize,
    /// How many letters of the last text are escaped.
    escapes: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { text, at: 0, escapes: 0 }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no white space.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.byte()? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Passes the next byte that is no white space, which has to be `expected`.
    pub(crate) fn take(&mut self, expected: u8) -> Option<()> {
        (self.peek()? == expected).then(|| self.at += 1)
    }

    /// Passes the separator of a list or an object, or its end. Tells whether there is more.
    pub(crate) fn is_more(&mut self, end: u8) -> Option<bool> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b',' => Some(true),
            byte => (byte == end).then_some(false),
        }
    }

    /// Passes the end of a list or an object that is empty, and tells whether it is.
    pub(crate) fn is_empty(&mut self, end: u8) -> Option<bool> {
        let is_empty = self.peek()? == end;
        self.at += usize::from(is_empty);
        Some(is_empty)
    }

    pub(crate) fn word(&mut self, word: &str) -> Option<()> {
        self.rest()?.starts_with(word.as_bytes()).then(|| self.at += word.len())
    }

    pub(crate) fn is_at_end(&mut self) -> bool {
        self.peek().is_none() && self.at == self.text.len()
    }

    /// What stands from `start` to here.
    pub(crate) fn since(&self, start: usize) -> Option<&'a str> {
        self.text.get(start..self.at)
    }

    /// What stands from here on.
    pub(crate) fn rest_text(&self) -> Option<&'a str> {
        self.text.get(self.at..)
    }

    fn rest(&self) -> Option<&'a [u8]> {
        self.text.as_bytes().get(self.at..)
    }

    /// A text, in its quotes.
    #[inline]
    pub(crate) fn quoted(&mut self) -> Option<Quoted<'a>> {
        let json = self.pass_text()?;
        let escapes = self.escapes;
        Some(Quoted { json, escapes })
    }

    /// What it gives goes back in registers, and with the number of escapes would not: that was a fifth of the whole time.
    fn pass_text(&mut self) -> Option<&'a str> {
        self.peek()?;
        let start = self.at;
        self.take(b'"')?;
        self.escapes = 0;
        loop {
            self.pass_letters();
            match self.byte()? {
                b'"' => {
                    self.at += 1;
                    return self.since(start);
                }
                b'\\' => {
                    self.escapes += 1;
                    self.at += 2;
                }
                0..=0x1f => return None,
                _ => self.at += 1,
            }
        }
    }

    /// Passes what has no meaning within a text, eight bytes at a time.
    #[inline]
    fn pass_letters(&mut self) {
        while let Some(bytes) = self.rest().and_then(<[u8]>::first_chunk) {
            let special = special_bytes(u64::from_le_bytes(*bytes));
            if special != 0 {
                self.at += (special.trailing_zeros() / 8) as usize;
                return;
            }
            self.at += size_of::<u64>();
        }
    }

    /// The name of an object's field, with the colon.
    #[inline]
    pub(crate) fn name(&mut self) -> Option<Quoted<'a>> {
        let name = self.quoted()?;
        self.take(b':')?;
        Some(name)
    }

    /// Passes any value, and gives its JSON. It is only looked for where it ends: what is no JSON may be passed, too.
    pub(crate) fn skip(&mut self) -> Option<&'a str> {
        let first = self.peek()?;
        let start = self.at;
        match first {
            b'"' => return self.pass_text(),
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
        let mut depth = 0_usize;
        loop {
            match self.byte()? {
                b'"' => {
                    self.pass_text()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }

    /// Passes the name of an object's field, with the colon, if it is the one that is expected and written plainly.
    #[inline]
    pub(crate) fn pass_name(&mut self, expected: &str) -> Option<bool> {
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

    pub(crate) fn digits(&mut self) -> Option<Digits<'a>> {
        let start = self.at;
        let sign = usize::from(self.byte()? == b'-');
        self.at += sign;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        let whole = self.since(start + sign)?.len();
        let is_whole = !matches!(self.byte(), Some(b'.' | b'e' | b'E'));
        while matches!(self.byte(), Some(b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) {
            self.at += 1;
        }
        let json = self.since(start)?;
        let has_needless_zero = json.as_bytes().get(sign) == Some(&b'0') && json != "0";
        Some(Digits {
            json,
            is_canonical: is_whole && json.len() == whole + sign && (1..=LONGEST).contains(&whole) && !has_needless_zero,
        })
    }
}

/// So many digits fit into 64 bits, and into the 53 that JavaScript has.
const LONGEST: usize = 15;

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

/// A text as JSON has it.
#[derive(Clone, Copy)]
pub(crate) struct Quoted<'a> {
    json: &'a str,
    /// How many of its letters are escaped.
    escapes: usize,
}

impl<'a> Quoted<'a> {
    /// What it says, when nothing in it is escaped.
    #[inline]
    pub(crate) fn plain(self) -> Option<&'a str> {
        let end = self.json.len().checked_sub(1).filter(|_| self.escapes == 0)?;
        self.json.get(1..end)
    }

    /// What it says.
    pub(crate) fn text(self) -> Option<Cow<'a, str>> {
        match self.plain() {
            Some(text) => Some(text.into()),
            None => serde_json::from_str(self.json).ok().map(Cow::Owned),
        }
    }

    /// Writes the JSON that the JSON library writes for what it says, and tells its length.
    #[inline]
    pub(crate) fn write(self, out: &mut String) -> Option<usize> {
        if self.escapes > 0 && !has_usual_escapes(self.json) {
            return self.write_anew(out);
        }
        out.push_str(self.json);
        Some(self.json.len())
    }

    #[cold]
    fn write_anew(self, out: &mut String) -> Option<usize> {
        let json = serde_json::to_string(&self.text()?).ok()?;
        out.push_str(&json);
        Some(json.len())
    }
}

/// Whether a text is escaped where it has to be, and in the shortest way.
fn has_usual_escapes(json: &str) -> bool {
    let mut bytes = json.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'\\' && !matches!(bytes.next(), Some(b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't')) {
            return false;
        }
    }
    true
}

/// A number as JSON has it.
#[derive(Clone, Copy)]
pub(crate) struct Digits<'a> {
    pub(crate) json: &'a str,
    /// Whether it is a whole number that the JSON library writes as it is and that no language rounds.
    pub(crate) is_canonical: bool,
}

impl Digits<'_> {
    pub(crate) fn number(self) -> Option<Number> {
        serde_json::from_str(self.json).ok()
    }
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
                let mut cursor = Cursor::new(&text);
                let quoted = cursor.quoted().unwrap();
                assert_eq!(quoted.json, format!("\"{inside}\""));
                assert_eq!(quoted.plain().is_some(), !special.starts_with('\\'), "{text}");
                assert_eq!(cursor.at, inside.len() + 2);
            }
            for bad in ["\u{1}", "\n", "\u{1f}"] {
                let text = format!("\"{}{bad}{}\"", "a".repeat(length), "b".repeat(9));
                assert!(Cursor::new(&text).quoted().is_none(), "{text:?}");
            }
            assert!(Cursor::new(&format!("\"{}", "é".repeat(length))).quoted().is_none());
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
            let mut cursor = Cursor::new(json);
            assert_eq!(cursor.pass_name("call"), is_passed, "{json}");
            let rest = if is_passed == Some(true) {
                Some(b'1')
            } else {
                json.trim().bytes().next()
            };
            if is_passed.is_some() {
                assert_eq!(cursor.peek(), rest, "{json}");
            }
        }
    }

    #[test]
    fn only_what_is_written_the_same_is_canonical() {
        for text in ["0", "7", "-7", "120", "999999999999999"] {
            let digits = Cursor::new(text).digits().unwrap();
            assert!(digits.is_canonical, "{text}");
            assert_eq!(digits.number().unwrap().to_string(), text);
        }
        for text in ["-0", "01", "-01", "1.0", "1e3", "9999999999999999", "-", "1.", "-e", "1-2", "1+"] {
            let digits = Cursor::new(text).digits().unwrap();
            assert!(!digits.is_canonical, "{text}");
            assert_eq!(digits.json, text);
        }
        for (json, is_usual) in [
            (r#""a\n\"\\""#, true),
            (r#""\/""#, false),
            (r#""\u000a""#, false),
            (r#""\\u000a""#, true),
        ] {
            assert_eq!(has_usual_escapes(json), is_usual, "{json}");
            let quoted = Cursor::new(json).quoted().unwrap();
            let value: String = serde_json::from_str(json).unwrap();
            assert_eq!(quoted.text().unwrap(), value);
            let mut written = String::new();
            assert_eq!(quoted.write(&mut written), Some(written.len()));
            assert_eq!(written, serde_json::to_string(&value).unwrap());
        }
    }
}
