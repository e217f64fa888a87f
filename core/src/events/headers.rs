use crate::error::Error;

/// The headers of a request, as the user passes them on.
pub(super) struct Headers<'a>(pub(super) &'a [(String, String)]);

impl<'a> Headers<'a> {
    /// The only value of a header. Two different ones are refused: a proxy before the receiver may have read the other one.
    pub(super) fn one(&self, name: &'static str) -> Result<Option<&'a str>, Error> {
        let mut values = self
            .0
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value);
        let Some(first) = values.next() else { return Ok(None) };
        if values.any(|other| other.trim() != first.trim()) {
            return Err(Error::event(
                "bad_header",
                format!("the header `{name}` came twice with different values; pass the headers as they came, and look at who sent this"),
            ));
        }
        if first.chars().any(|letter| letter.is_control() && letter != '\t') {
            return Err(Error::event(
                "bad_header",
                format!("the header `{name}` holds control characters, which no header can; pass the headers as they came"),
            ));
        }
        Ok(Some(first.trim()))
    }
}
