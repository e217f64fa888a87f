//! How much a value may take when it is decoded.

use std::time::Instant;

use super::error::ReadError;

/// How many values are read between two looks at the clock.
const CLOCK_EVERY: u32 = 1024;
/// The shortest JSON that an element of an honest answer takes, on average.
const BYTES_PER_ELEMENT: u64 = 12;
/// Decoded values take a few times the memory of their JSON.
const EXPANSION: u64 = 8;
/// Small answers need no limit.
const FLOOR: u64 = 4 << 20;

/// Bounds the work and the memory that decoding takes: a small compressed body can unfold to millions of values.
#[derive(Clone, Debug)]
pub struct Budget {
    /// How many objects, lists, items and unknown values may still come.
    elements: u64,
    /// How many bytes they may still take, re-reading included.
    bytes: u64,
    deadline: Option<Instant>,
    until_clock: u32,
}

impl Budget {
    /// For a body of at most `max_bytes`: one element for each 12 of them, and 8 times their memory.
    #[must_use]
    pub fn for_bytes(max_bytes: u64, deadline: Option<Instant>) -> Self {
        let bytes = max_bytes.max(FLOOR);
        Self {
            elements: bytes / BYTES_PER_ELEMENT,
            bytes: bytes.saturating_mul(EXPANSION),
            deadline,
            until_clock: CLOCK_EVERY,
        }
    }

    /// No limit, for what this program has in memory already.
    #[must_use]
    pub const fn unlimited() -> Self {
        Self {
            elements: u64::MAX,
            bytes: u64::MAX,
            deadline: None,
            until_clock: CLOCK_EVERY,
        }
    }

    /// Spends one element and the memory that it takes.
    #[inline]
    pub(crate) fn spend(&mut self, bytes: usize) -> Result<(), ReadError> {
        match (self.elements.checked_sub(1), self.bytes.checked_sub(bytes as u64)) {
            (Some(elements), Some(bytes)) => (self.elements, self.bytes) = (elements, bytes),
            _ => return Err(ReadError::OverBudget),
        }
        self.until_clock -= 1;
        if self.until_clock == 0 { self.look_at_clock() } else { Ok(()) }
    }

    #[cold]
    fn look_at_clock(&mut self) -> Result<(), ReadError> {
        self.until_clock = CLOCK_EVERY;
        match self.deadline {
            Some(deadline) if Instant::now() >= deadline => Err(ReadError::Late),
            _ => Ok(()),
        }
    }
}
