//! Whether the rest of a file is of the same file: validators and `Content-Range`.

use std::time::Duration;

use http::header::{CONTENT_RANGE, DATE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED};

/// The validator to resume with: a strong `ETag`, or a `Last-Modified` that is one.
pub(super) fn validator(headers: &HeaderMap) -> Option<String> {
    if let Some(tag) = text(headers, &ETAG) {
        // A weak one is the same for files that differ in bytes.
        return (tag.len() > 2 && tag.starts_with('"') && tag.ends_with('"')).then(|| tag.to_owned());
    }
    let modified = text(headers, &LAST_MODIFIED)?;
    let date = httpdate::parse_http_date(text(headers, &DATE)?).ok()?;
    // It counts whole seconds: a file may have changed twice in the second of the response (RFC 9110, 8.8.2.2).
    let age = date.duration_since(httpdate::parse_http_date(modified).ok()?).ok()?;
    (age >= Duration::from_secs(1)).then(|| modified.to_owned())
}

/// Whether the headers of a partial response name another file than the validator does. A server that leaves the validator out has compared it.
pub(super) fn is_other(headers: &HeaderMap, validator: &str) -> bool {
    let seen = if validator.starts_with('"') { &ETAG } else { &LAST_MODIFIED };
    text(headers, seen).is_some_and(|seen| seen != validator)
}

/// The part of a file that a response has: its first byte, and how many bytes the whole file has.
pub(super) fn content_range(headers: &HeaderMap) -> Option<(u64, u64)> {
    let range = text(headers, &CONTENT_RANGE)?.strip_prefix("bytes ")?;
    let (part, total) = range.split_once('/')?;
    let (first, last) = part.split_once('-')?;
    let (first, last, total): (u64, u64, u64) = (first.trim().parse().ok()?, last.parse().ok()?, total.trim().parse().ok()?);
    // The rest of the file was asked for, all of it.
    (first <= last && last.checked_add(1) == Some(total)).then_some((first, total))
}

pub(super) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn headers(fields: &[(HeaderName, &str)]) -> HeaderMap {
        fields.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_strong_validators_count() {
        const OLD: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
        const LATER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";
        let of = |fields: &[(HeaderName, &str)]| validator(&headers(fields));
        assert_eq!(of(&[(ETAG, "\"a\"")]).as_deref(), Some("\"a\""));
        assert_eq!(of(&[(LAST_MODIFIED, OLD), (DATE, LATER)]).as_deref(), Some(OLD));
        for weak in [
            &[(ETAG, "W/\"a\"")][..],
            &[(ETAG, "a")],
            &[(ETAG, "W/\"a\""), (LAST_MODIFIED, OLD), (DATE, LATER)],
            &[(LAST_MODIFIED, OLD)],
            &[(LAST_MODIFIED, OLD), (DATE, OLD)],
            &[(LAST_MODIFIED, LATER), (DATE, OLD)],
            &[(LAST_MODIFIED, "yesterday"), (DATE, OLD)],
        ] {
            assert_eq!(of(weak), None, "{weak:?}");
        }
    }

    #[test]
    fn a_range_is_the_whole_rest() {
        let of = |range: &str| content_range(&headers(&[(CONTENT_RANGE, range)]));
        assert_eq!(of("bytes 4-9/10"), Some((4, 10)));
        for wrong in [
            "bytes 4-8/10",
            "bytes 4-9/*",
            "bytes */10",
            "bytes 9-4/10",
            "lines 4-9/10",
            "bytes 4-18446744073709551615/1",
            "4-9/10",
        ] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
        assert_eq!(content_range(&HeaderMap::new()), None);
    }

    #[test]
    fn another_validator_is_another_file() {
        let tagged = headers(&[(ETAG, "\"a\"")]);
        assert!(!is_other(&tagged, "\"a\"") && is_other(&tagged, "\"b\"") && !is_other(&HeaderMap::new(), "\"b\""));
        assert!(is_other(&headers(&[(LAST_MODIFIED, "x")]), "y"));
    }
}
