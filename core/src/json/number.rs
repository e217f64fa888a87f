use serde_json::Value;

/// The most digits that every language's numbers hold exactly.
const SAFE_DIGITS: usize = 15;

/// A number in JSON's notation.
#[derive(Clone, Copy, Debug)]
pub struct Number<'t> {
    digits: &'t str,
    /// Whether it is a short whole number in its only notation: no language rounds it, and every writer writes it so.
    is_canonical: bool,
}

impl<'t> Number<'t> {
    /// The number with this text, if it is one.
    #[must_use]
    pub fn new(digits: &'t str) -> Option<Self> {
        let whole = digits.strip_prefix('-').unwrap_or(digits).as_bytes();
        let count = whole.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 || (count > 1 && whole.first() == Some(&b'0')) {
            return None;
        }
        let is_canonical = count == whole.len() && count <= SAFE_DIGITS && digits != "-0";
        (is_canonical || has_valid_tail(whole.get(count..)?)).then_some(Self { digits, is_canonical })
    }

    /// The number with these digits, which are nothing else.
    #[inline]
    pub(crate) fn of_digits(digits: &'t str) -> Option<Self> {
        let is_number = digits.len() == 1 || (digits.len() > 1 && !digits.starts_with('0'));
        is_number.then_some(Self {
            digits,
            is_canonical: digits.len() <= SAFE_DIGITS,
        })
    }

    /// Its text, as it came.
    #[must_use]
    pub const fn digits(self) -> &'t str {
        self.digits
    }

    /// Whether it is a whole number of at most 15 digits in its only notation.
    #[must_use]
    pub const fn is_canonical(self) -> bool {
        self.is_canonical
    }

    /// As a whole number, if it is one of 64 bits.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        self.digits.parse().ok()
    }

    /// As a finite number.
    #[must_use]
    pub fn as_f64(self) -> Option<f64> {
        self.digits.parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// As JSON. What neither 64 bits nor a finite number hold keeps its digits as text.
    #[must_use]
    pub fn to_value(self) -> Value {
        let is_whole = !self.digits.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E'));
        let exact = || {
            self.as_i64()
                .map(Value::from)
                .or_else(|| self.digits.parse::<u64>().ok().map(Value::from))
        };
        let float = || self.as_f64().and_then(serde_json::Number::from_f64).map(Value::Number);
        let value = if is_whole { exact() } else { float() };
        value.unwrap_or_else(|| self.digits.into())
    }
}

/// Whether a fraction and an exponent, if there are any, are complete.
fn has_valid_tail(tail: &[u8]) -> bool {
    let digits = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut rest = tail;
    if let [b'.', fraction @ ..] = rest {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = fraction.get(count..).unwrap_or_default();
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let unsigned = exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-"));
        let unsigned = unsigned.unwrap_or(exponent);
        let count = digits(unsigned);
        if count == 0 {
            return false;
        }
        rest = unsigned.get(count..).unwrap_or_default();
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_every_writer_writes_so_is_canonical() {
        for digits in ["0", "7", "-7", "120", "999999999999999"] {
            assert!(Number::new(digits).is_some_and(Number::is_canonical), "{digits}");
        }
        for digits in ["-0", "1.0", "1e3", "1E+3", "0.5e-10", "9999999999999999"] {
            assert!(Number::new(digits).is_some_and(|number| !number.is_canonical()), "{digits}");
        }
        for digits in [
            "", "-", "01", "-01", "1.", ".5", "1e", "1e+", "-e", "1-2", "1+", "+1", "0x1", "1.5.5", "NaN", "٣",
        ] {
            assert!(Number::new(digits).is_none(), "{digits}");
        }
    }

    #[test]
    fn numbers_keep_their_digits() {
        let value = |digits| Number::new(digits).map(Number::to_value);
        assert_eq!(value("18446744073709551615"), Some(json!(u64::MAX)));
        assert_eq!(value("12345678901234567890123"), Some(json!("12345678901234567890123")));
        assert_eq!(value("-9223372036854775809"), Some(json!("-9223372036854775809")));
        assert_eq!(value("1.50"), Some(json!(1.5)));
        assert_eq!(value("1E400"), Some(json!("1E400")));
    }
}
