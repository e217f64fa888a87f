//! Goes through JSON text token by token.

use super::text::Text;

pub(crate) struct Cursor<'a> {
    text: &'a str,
    /// The offset of the next byte.
    pub(crate) at: usize,
    /// Whether the last text has escapes.
    has_escapes: bool,
}

impl<'a> Cursor<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            has_escapes: false,
        }
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

    pub(crate) fn word(&mut self, word: &str) -> Option<()> {
        self.rest()?.starts_with(word.as_bytes()).then(|| self.at += word.len())
    }

    pub(crate) fn is_at_end(&mut self) -> bool {
        self.peek().is_none() && self.at == self.text.len()
    }

    pub(crate) const fn is_past_end(&self) -> bool {
        self.at >= self.text.len()
    }

    /// Passes the start of a list or an object, and its end if it is empty. Returns whether a value follows.
    #[inline]
    pub(crate) fn enter(&mut self, start: u8, end: u8) -> Option<bool> {
        self.take(start)?;
        let is_empty = self.peek()? == end;
        self.at += usize::from(is_empty);
        Some(!is_empty)
    }

    /// What stands from `start` to here.
    pub(crate) fn since(&self, start: usize) -> Option<&'a str> {
        self.text.get(start..self.at)
    }

    fn rest(&self) -> Option<&'a [u8]> {
        self.text.as_bytes().get(self.at..)
    }

    /// Passes a text.
    #[inline]
    pub(crate) fn text(&mut self) -> Option<Text<'a>> {
        let raw = self.pass_text()?;
        Text::json(raw, self.has_escapes)
    }

    /// Passes a text and returns it with its quotes. The result fits into registers, which makes up a fifth of the time.
    fn pass_text(&mut self) -> Option<&'a str> {
        self.peek()?;
        let start = self.at;
        self.take(b'"')?;
        self.has_escapes = false;
        loop {
            self.pass_letters();
            match self.byte()? {
                b'"' => {
                    self.at += 1;
                    return self.since(start);
                }
                b'\\' => {
                    self.has_escapes = true;
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

    /// Passes the name of a field, with the colon.
    #[inline]
    pub(crate) fn name(&mut self) -> Option<Text<'a>> {
        let name = self.text()?;
        self.take(b':')?;
        Some(name)
    }

    /// Passes any value, and returns its JSON. Only finds its end: what it returns may be no JSON.
    pub(crate) fn skip(&mut self) -> Option<&'a str> {
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

    /// Passes the name of a field, with the colon, if it is `expected` and has no escapes.
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

    /// Passes what may be a number.
    #[inline]
    pub(crate) fn number(&mut self) -> Option<&'a str> {
        let start = self.at;
        while matches!(self.byte(), Some(b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) {
            self.at += 1;
        }
        self.since(start)
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
                let mut cursor = Cursor::new(&text);
                let token = cursor.text().unwrap();
                assert!(token.as_plain().is_none_or(|text| text == inside));
                assert_eq!(token.as_plain().is_some(), !special.starts_with('\\'), "{text}");
                assert_eq!(cursor.at, inside.len() + 2);
            }
            for bad in ["\u{1}", "\n", "\u{1f}"] {
                let text = format!("\"{}{bad}{}\"", "a".repeat(length), "b".repeat(9));
                assert!(Cursor::new(&text).text().is_none(), "{text:?}");
            }
            assert!(Cursor::new(&format!("\"{}", "é".repeat(length))).text().is_none());
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
}
