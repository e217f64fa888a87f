use super::budget::Budget;
use super::error::ReadError;
use super::json_tokens::JsonTokens;
use super::tokens::{Start, Tokens};

/// How deep lists and objects may stand in each other.
const DEEPEST: usize = 100;

/// Tokens within a budget of memory, time and depth.
#[allow(missing_debug_implementations)] // holds what it reads
pub struct Source<T> {
    pub(crate) tokens: T,
    budget: Budget,
    depth: usize,
}

impl<T: Tokens> Source<T> {
    /// Reads `tokens` within `budget`.
    pub const fn new(tokens: T, budget: Budget) -> Self {
        Self { tokens, budget, depth: 0 }
    }

    /// How many lists and objects are open.
    pub(crate) const fn depth(&self) -> usize {
        self.depth
    }

    /// Goes one list or object deeper, which takes `bytes` of memory.
    #[inline]
    pub(crate) fn descend(&mut self, bytes: usize) -> Result<(), ReadError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(ReadError::TooDeep);
        }
        self.budget.spend(bytes)
    }

    #[inline]
    pub(crate) fn ascend(&mut self) {
        self.depth -= 1;
    }

    /// Spends the memory of one value.
    #[inline]
    pub(crate) fn spend(&mut self, bytes: usize) -> Result<(), ReadError> {
        self.budget.spend(bytes)
    }

    /// Goes back to where `depth` containers were open. What is read again is paid for again, which keeps reading linear.
    pub(crate) fn rewind(&mut self, mark: &T::Mark, depth: usize) -> Result<(), ReadError> {
        let again = self.tokens.rewind(mark);
        self.depth = depth;
        self.budget.spend(again)
    }

    /// Passes a null. Says whether there was one.
    #[inline]
    pub(crate) fn take_null(&mut self) -> Result<bool, ReadError> {
        let is_null = self.tokens.start()? == Start::Null;
        if is_null {
            self.tokens.null()?;
        }
        Ok(is_null)
    }
}

impl<'a> Source<JsonTokens<'a>> {
    /// Reads JSON text within `budget`.
    #[must_use]
    pub fn json(text: &'a str, budget: Budget) -> Self {
        Self::new(JsonTokens::new(text), budget)
    }

    /// Reads the value that the whole of `text` is. `read` returns the tokens behind it as well.
    pub(crate) fn whole<T>(
        text: &'a str,
        budget: Budget,
        read: impl FnOnce(Self) -> Result<(T, JsonTokens<'a>), ReadError>,
    ) -> Result<T, ReadError> {
        let (value, mut rest) = read(Self::json(text, budget))?;
        rest.end().map(|()| value)
    }
}
