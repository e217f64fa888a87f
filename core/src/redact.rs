//! Keeps secrets and people's data out of texts from outside.

/// How much of a text from outside is shown, in bytes.
const LONGEST: usize = 300;
/// A run of this many digits may be a phone number.
const LONG_NUMBER: usize = 6;

/// A text from outside without links, long numbers and control characters, cut to [`LONGEST`].
pub(crate) fn scrub(text: &str) -> String {
    let mut rest: &str = text.get(..text.floor_char_boundary(LONGEST * 4)).unwrap_or_default();
    let mut clean = String::with_capacity(rest.len());
    while let Some(first) = rest.chars().next() {
        let taken = if is_link(rest) {
            clean.push_str("[link]");
            rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>'))
                .unwrap_or(rest.len())
        } else if first == '+' || first.is_ascii_digit() {
            copy_number(rest, clean.chars().next_back(), &mut clean)
        } else {
            clean.push(if first.is_control() { ' ' } else { first });
            first.len_utf8()
        };
        rest = &rest[taken..];
    }
    clean.truncate(clean.floor_char_boundary(LONGEST));
    clean
}

fn is_link(text: &str) -> bool {
    ["http://", "https://"]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

/// Copies the number at the start of `text`, or a mark if it is long, and returns the length that it took. Digits count as one number across the
/// characters that people write between them; digits inside a word, as in a hexadecimal id, are no number.
fn copy_number(text: &str, before: Option<char>, clean: &mut String) -> usize {
    let mut digits = 0;
    let mut end = 0;
    for (index, c) in text.char_indices() {
        if c.is_ascii_digit() {
            digits += 1;
            end = index + 1;
        } else if !(c == '+' && index == 0 || matches!(c, ' ' | '-' | '.' | '(' | ')')) || index > end + 2 {
            break;
        }
    }
    if digits == 0 {
        clean.push('+');
        return 1;
    }
    let in_word = before.is_some_and(|c| c.is_ascii_alphabetic()) || text[end..].starts_with(|c: char| c.is_ascii_alphabetic());
    if digits >= LONG_NUMBER && !in_word {
        clean.push_str("[number]");
    } else {
        clean.push_str(&text[..end]);
    }
    end
}

/// A text from outside that `hide` redacts, and that is then scrubbed. In this order, because secrets cannot be found in a scrubbed text.
pub(crate) fn clean(text: &str, hide: impl FnOnce(&mut String)) -> String {
    let mut text = text[..text.floor_char_boundary(LONGEST * 16)].to_owned();
    hide(&mut text);
    scrub(&text)
}

/// Redacts `secret` in `text`.
pub(crate) fn hide(text: &mut String, secret: &str) {
    // Redacting shorter texts would break words, and they identify no person.
    if secret.chars().count() >= 3 && text.contains(secret) {
        *text = text.replace(secret, "[redacted]");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_links_go_and_words_stay() {
        assert_eq!(scrub("callee +62 812-3000-1111 is blocked"), "callee [number] is blocked");
        assert_eq!(scrub("code 40012: see https://x.example/a?b=1 now"), "code 40012: see [link] now");
        assert_eq!(
            scrub("task 69f531a01a9df58aa6de2487be610abb"),
            "task 69f531a01a9df58aa6de2487be610abb"
        );
        assert_eq!(scrub("at most 10,000 contacts"), "at most 10,000 contacts");
        assert_eq!(scrub("1 + 1"), "1 + 1");
        assert_eq!(scrub("+"), "+");
    }

    #[test]
    fn any_text_is_bounded() {
        assert!(scrub(&"é+1 ".repeat(100_000)).len() <= LONGEST);
    }

    #[test]
    fn secrets_go_wherever_they_stand() {
        let mut text = "Budi Santoso and Budi Santoso".to_owned();
        hide(&mut text, "Budi Santoso");
        assert_eq!(text, "[redacted] and [redacted]");
    }
}
