//! What the reading of one object by name shares: the spelling of names, the way out of problems, and how deep it is.

use std::cell::{Cell, RefCell};
use std::fmt;

use super::super::{Case, Problem};

pub(super) const NO_OBJECT: &str = "must be an object with the names of fields";

/// What all levels share: the spelling of names, and the problem on its way out.
pub(super) struct Pen {
    pub(super) case: Case,
    /// serde's own errors have no place for a path, so the problem goes beside them.
    problem: RefCell<Option<Problem>>,
    /// The values of the object that is being put together.
    pub(super) scratch: RefCell<Vec<u8>>,
    /// How many objects and lists stand around the value that is being read.
    depth: Cell<usize>,
}

/// Models that hold themselves could else be given without end.
const DEEPEST: usize = 120;

impl Pen {
    pub(super) fn new(case: Case) -> Self {
        Self {
            case,
            problem: RefCell::default(),
            scratch: RefCell::default(),
            depth: Cell::new(0),
        }
    }

    /// Refuses a value.
    pub(super) fn refuse<E: serde::de::Error>(&self, problem: Problem) -> E {
        let error = E::custom(&problem.what);
        self.problem.replace(Some(problem));
        error
    }

    /// The problem behind an error: our own, or the source's. serde's own words about a type show the value, so they are replaced: they only
    /// come about where an object or a name was expected.
    pub(super) fn problem<E: fmt::Display>(&self, error: &E) -> Problem {
        self.problem.take().unwrap_or_else(|| match error.to_string() {
            text if text.starts_with("invalid ") => Problem::new(NO_OBJECT),
            text => Problem::new(text),
        })
    }

    /// Goes one object or list further in.
    pub(super) fn enter<E: serde::de::Error>(&self) -> Result<Inside<'_>, E> {
        let depth = self.depth.get();
        if depth >= DEEPEST {
            return Err(self.refuse(Problem::new("is nested too deep")));
        }
        self.depth.set(depth + 1);
        Ok(Inside(&self.depth))
    }

    /// Says of an error where it happened.
    pub(super) fn locate<E: serde::de::Error>(&self, error: E, place: impl FnOnce(Problem) -> Problem) -> E {
        let problem = place(self.problem(&error));
        self.problem.replace(Some(problem));
        error
    }
}

/// Comes out again when it is dropped.
pub(super) struct Inside<'a>(&'a Cell<usize>);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get().saturating_sub(1));
    }
}
