/// How sure a fact about AI Rudder's API is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// Read on AI Rudder's own page.
    Documented,
    /// Seen in public client code that others wrote; probable, not confirmed.
    Reported,
    /// Neither: extrapolated from the page's title and method.
    Assumed,
}

impl Source {
    /// The word for it, as in the contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Reported => "reported",
            Self::Assumed => "assumed",
        }
    }
}
