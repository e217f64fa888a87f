//! Links and e-mail addresses.

use std::ops::Range;

use super::fold::Folded;
use super::shapes::ipv4;

/// The links of a text, with a scheme or with a host and a path.
pub(super) fn links(folded: &Folded) -> Vec<Range<usize>> {
    let text = &folded.text;
    let mut links = Vec::new();
    let mut start = 0;
    // An escaped space is part of a link, a literal one ends it.
    let ends = |(at, c): (usize, char)| {
        let is_end = c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`');
        (is_end && !folded.is_escaped(at)).then_some(at)
    };
    for end in text.char_indices().filter_map(ends).chain([text.len()]) {
        let token = &text[start..end];
        if let Some(first) = scheme(token).or_else(|| host(token)) {
            let link = token[first..].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}']);
            links.push(start + first..start + first + link.len());
        }
        start = end + 1;
    }
    links
}

/// Where a scheme starts.
fn scheme(token: &str) -> Option<usize> {
    let end = token.find("://")?;
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let start = token[..end]
        .rfind(|c| !is_scheme(c))
        .map_or(0, |before| before + token[before..].chars().next().map_or(1, char::len_utf8));
    Some(start)
}

/// Where a host starts that a path, a query or a port follows, or that is called `www`.
fn host(token: &str) -> Option<usize> {
    let is_host = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let bytes = token.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        while bytes.get(at).is_some_and(is_host) {
            at += 1;
        }
        let name = token.get(start..at).unwrap_or_default().trim_start_matches(['.', '-']);
        let first = at - name.len();
        let rest = token.get(at..).unwrap_or_default();
        let path = rest
            .strip_prefix(':')
            .map_or(rest, |port| port.trim_start_matches(|c: char| c.is_ascii_digit()));
        if name.starts_with("www.") && name.len() > 4 || path.starts_with(['/', '?']) && is_domain(name) {
            return Some(first);
        }
        at += 1;
    }
    None
}

fn is_domain(name: &str) -> bool {
    let Some((rest, top)) = name.rsplit_once('.') else {
        return false;
    };
    let is_top = top.len() >= 2 && (top.bytes().all(|byte| byte.is_ascii_alphabetic()) || top.starts_with("xn--"));
    is_top && rest.split('.').all(|label| !label.is_empty()) || ipv4(name.as_bytes(), 0) == Some(name.len())
}

/// The e-mail addresses of a text.
pub(super) fn emails(text: &str) -> Vec<Range<usize>> {
    let mut emails = Vec::new();
    for (at, _) in text.match_indices('@') {
        let is_local = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-' | '\'');
        let local = text[..at]
            .chars()
            .rev()
            .take_while(|c| is_local(*c))
            .map(char::len_utf8)
            .sum::<usize>();
        let is_domain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
        let domain = &text[at + 1..];
        let domain = &domain[..domain.find(|c| !is_domain(c)).unwrap_or(domain.len())];
        let domain = domain.trim_end_matches(['.', '-']);
        if local > 0 && domain.chars().any(char::is_alphabetic) {
            emails.push(at - local..at + 1 + domain.len());
        }
    }
    emails
}
