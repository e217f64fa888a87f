use std::fmt;

use super::problem::Problem;
use crate::schema::Field;

/// Why reading stopped. None of them holds a value that was read.
#[derive(Debug)]
pub enum ReadError {
    /// What stands at this offset is not JSON.
    Syntax(usize),
    /// The JSON ends too early.
    Eof,
    /// Lists and objects are nested deeper than [`Source`](super::Source) follows.
    TooDeep,
    /// The value would take more memory than its [`Budget`](super::Budget).
    OverBudget,
    /// The deadline passed while reading.
    Late,
    /// The value as a whole lacks this required field.
    Missing(&'static Field),
    /// Input that core refuses to send.
    Refused(Box<Problem>),
    /// A model does not have the field that its shape says. A defect of the generator.
    Mismatch,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(at) => write!(f, "invalid JSON at byte {at}"),
            Self::Eof => f.write_str("incomplete JSON"),
            Self::TooDeep => f.write_str("lists and objects are nested too deeply"),
            Self::OverBudget => f.write_str("the value is larger than its budget"),
            Self::Late => f.write_str("the deadline passed while reading"),
            Self::Missing(field) => write!(f, "`{}` is missing", field.wire),
            Self::Refused(problem) => problem.fmt(f),
            Self::Mismatch => f.write_str("a model does not match its shape"),
        }
    }
}

impl From<Problem> for ReadError {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl ReadError {
    /// Adds the step of the path that leads to a value of refused input.
    pub(crate) fn within(self, step: impl FnOnce(Problem) -> Problem) -> Self {
        match self {
            Self::Refused(problem) => step(*problem).into(),
            Self::TooDeep => step(Problem::new("is nested too deep")).into(),
            other => other,
        }
    }

    /// Line and column of a syntax error in `text`, both from 1.
    pub(crate) fn position(&self, text: &[u8]) -> Option<(usize, usize)> {
        let at = match self {
            Self::Syntax(at) => *at,
            Self::Eof => text.len(),
            _ => return None,
        };
        let before = text.get(..at.min(text.len()))?;
        let lines = before.split(|byte| *byte == b'\n');
        let column = lines.clone().next_back().map_or(0, <[u8]>::len) + 1;
        Some((lines.count(), column))
    }
}
