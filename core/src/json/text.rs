use std::borrow::Cow;

/// A text, in JSON's notation or in plain characters.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations)] // may be people's data
pub struct Text<'t> {
    /// The characters, or JSON with its quotes.
    raw: &'t str,
    notation: Notation,
}

#[derive(Clone, Copy, PartialEq)]
enum Notation {
    /// JSON without escapes.
    Clean,
    /// JSON with escapes, which are valid.
    Escaped,
    /// Characters that JSON may have to escape.
    Plain,
}

impl<'t> Text<'t> {
    /// A text of plain characters.
    #[must_use]
    pub const fn plain(text: &'t str) -> Self {
        Self {
            raw: text,
            notation: Notation::Plain,
        }
    }

    /// A text of JSON with its quotes. `None` if it has an escape that JSON does not know.
    #[inline]
    pub(super) fn json(quoted: &'t str, has_escapes: bool) -> Option<Self> {
        let raw = quoted;
        if !has_escapes {
            let notation = Notation::Clean;
            return Some(Self { raw, notation });
        }
        let notation = Notation::Escaped;
        has_valid_escapes(raw).then_some(Self { raw, notation })
    }

    #[inline]
    fn inside(self) -> &'t str {
        self.raw.get(1..self.raw.len().wrapping_sub(1)).unwrap_or_default()
    }

    /// Its characters if nothing in it is escaped.
    #[inline]
    #[must_use]
    pub fn as_plain(self) -> Option<&'t str> {
        match self.notation {
            Notation::Clean => Some(self.inside()),
            Notation::Plain => Some(self.raw),
            Notation::Escaped => None,
        }
    }

    /// Its characters. Half a surrogate becomes U+FFFD: a name that was cut in the middle of an emoji must not cost the whole answer.
    #[inline]
    #[must_use]
    pub fn decode(self) -> Cow<'t, str> {
        match self.notation {
            Notation::Clean => self.inside().into(),
            Notation::Plain => self.raw.into(),
            Notation::Escaped => unescape(self.inside()).into(),
        }
    }

    /// Appends it as JSON, in quotes.
    #[inline]
    pub(crate) fn write(self, out: &mut String) {
        match self.notation {
            Notation::Clean => out.push_str(self.raw),
            Notation::Escaped if has_shortest_escapes(self.raw) => out.push_str(self.raw),
            Notation::Escaped | Notation::Plain => write_json(&self.decode(), out),
        }
    }
}

/// Appends `text` as JSON, in quotes.
pub(crate) fn write_json(text: &str, out: &mut String) {
    if text.bytes().any(|byte| matches!(byte, b'"' | b'\\' | ..0x20)) {
        // A string always serializes.
        out.push_str(&serde_json::to_string(text).unwrap_or_default());
        return;
    }
    out.reserve(text.len() + 2);
    out.push('"');
    out.push_str(text);
    out.push('"');
}

/// Whether a text is escaped only where it has to be, and in the shortest way.
fn has_shortest_escapes(raw: &str) -> bool {
    let mut bytes = raw.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'\\' && !matches!(bytes.next(), Some(b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't')) {
            return false;
        }
    }
    true
}

/// Whether every escape is one that JSON knows.
fn has_valid_escapes(raw: &str) -> bool {
    let mut rest = raw;
    while let Some((_, escape)) = rest.split_once('\\') {
        let length = match escape.as_bytes().first() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 1,
            Some(b'u') if code_unit(escape).is_some() => 5,
            _ => return false,
        };
        rest = escape.get(length..).unwrap_or_default();
    }
    true
}

/// Replaces the escapes, which are valid.
fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, escape)) = rest.split_once('\\') {
        text.push_str(before);
        let letter = escape.as_bytes().first().copied().unwrap_or_default();
        let mut length = 1;
        text.push(match letter {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let (character, used) = code_point(escape);
                length = used;
                character
            }
            _ => char::from(letter),
        });
        rest = escape.get(length..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

/// The character of an escape that begins with `u`, and the length of that escape.
fn code_point(escape: &str) -> (char, usize) {
    let first = code_unit(escape).unwrap_or_default();
    let second = escape.get(5..).and_then(|rest| code_unit(rest.strip_prefix('\\')?));
    let pair = [first, second.unwrap_or_default()];
    let length = if matches!(pair, [0xd800..=0xdbff, 0xdc00..=0xdfff]) { 2 } else { 1 };
    let decoded = char::decode_utf16(pair.into_iter().take(length)).next();
    let character = decoded.and_then(std::result::Result::ok).unwrap_or(char::REPLACEMENT_CHARACTER);
    (character, if length == 2 { 11 } else { 5 })
}

/// The number behind `u`.
fn code_unit(escape: &str) -> Option<u16> {
    let digits = escape.strip_prefix('u')?.get(..4)?;
    let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hexadecimal.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn half_a_surrogate_is_replaced() {
        for (raw, expected) in [
            (r"Budi \ud83d", "Budi \u{fffd}"),
            (r"\ud83d\ude00", "😀"),
            (r"\ude00\ud83d", "\u{fffd}\u{fffd}"),
            (r"\ud83d\ud83d\ude00!", "\u{fffd}😀!"),
            (r"\ud83dx", "\u{fffd}x"),
            (r"\ud83d\n", "\u{fffd}\n"),
            (r"\uD83D\u0041", "\u{fffd}A"),
        ] {
            assert_eq!(Text::json(&format!("\"{raw}\""), true).unwrap().decode(), expected, "{raw}");
        }
        for raw in [r"\x", r"\u12", r"\u12G4", r"\u+123", r"\U0041", r"\ué00"] {
            assert!(Text::json(&format!("\"{raw}\""), true).is_none(), "{raw}");
        }
    }

    proptest! {
        #[test]
        fn texts_are_decoded_and_written_as_the_json_library_does(text in "\\PC{0,12}[\\x00-\\x1f\"\\\\/é😀]{0,6}") {
            let json = serde_json::to_string(&text).unwrap();
            let token = Text::json(&json, json.contains('\\')).unwrap();
            prop_assert_eq!(token.decode(), text.as_str());
            for token in [token, Text::plain(&text)] {
                let mut written = String::new();
                token.write(&mut written);
                prop_assert_eq!(&written, &json);
            }
        }
    }
}
