//! What proves that an event is AI Rudder's.

/// What proves that an event is AI Rudder's.
///
/// A proof covers the body, and nothing else of the request: whoever has seen a proven event can post it again, and to another URL. So an event that
/// names its kind is refused under another kind, and a duplicate is handled once; that a kind which no field names comes under its own URL is not
/// provable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Authenticated {
    /// Nothing: anybody who knows the URL may have posted it.
    Nothing,
    /// It was encrypted with the client's key. AES in ECB mode with an unkeyed digest is a weak proof: blocks of known events can be put together anew.
    Encryption,
    /// Its signature matches.
    Signature,
}

impl Authenticated {
    /// Its name in every language: `nothing`, `encryption` or `signature`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Encryption => "encryption",
            Self::Signature => "signature",
        }
    }
}
