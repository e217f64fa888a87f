//! Memory of the JVM, lent for the time of one call.
#![allow(unsafe_code)] // nothing else can read and write that memory

/// A block of the JVM's memory. It is only ever copied from and to: no reference to it exists.
#[derive(Clone, Copy)]
pub(crate) struct Memory {
    address: *mut u8,
    capacity: usize,
}

impl Memory {
    /// The block of `capacity` bytes at `address`. A null address or a negative capacity is an empty block.
    ///
    /// # Safety
    /// Unless it is empty, the block is one allocation of at least `capacity` initialized bytes that lives until the last use of the returned value. Nothing
    /// else writes to it meanwhile; if [`write`](Self::write) is called, it is writable, and nothing else reads it either.
    pub(crate) unsafe fn new(address: *mut u8, capacity: i64) -> Self {
        let capacity = if address.is_null() {
            0
        } else {
            usize::try_from(capacity).unwrap_or_default()
        };
        Self { address, capacity }
    }

    /// A copy of `length` bytes from the start. `None` if there are fewer.
    pub(crate) fn read(self, length: usize) -> Option<Vec<u8>> {
        if length > self.capacity {
            return None;
        }
        let mut bytes = vec![0; length];
        if length > 0 {
            // SAFETY: the caller of `new` keeps `capacity` bytes readable, of which `length` are copied; `bytes` is a new allocation of that length.
            unsafe { std::ptr::copy_nonoverlapping(self.address, bytes.as_mut_ptr(), length) };
        }
        Some(bytes)
    }

    /// Copies `bytes` to `offset`. Returns false, and copies nothing, if they do not fit.
    pub(crate) fn write(self, offset: usize, bytes: &[u8]) -> bool {
        let fits = offset.checked_add(bytes.len()).is_some_and(|end| end <= self.capacity);
        if fits && !bytes.is_empty() {
            // SAFETY: the caller of `new` keeps `capacity` bytes writable and touches none of them, and the range lies in them; `bytes` is memory of
            // Rust's own, so the two do not overlap.
            unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.address.add(offset), bytes.len()) };
        }
        fits
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_read_and_written_within_its_bounds() {
        let mut bytes = [1, 2, 3, 4];
        // SAFETY: the array outlives the block, and is not touched before the block is done with.
        let memory = unsafe { Memory::new(bytes.as_mut_ptr(), 4) };
        assert_eq!(memory.read(2).unwrap(), [1, 2]);
        assert!(memory.read(5).is_none());
        assert!(memory.write(2, &[7, 8]) && !memory.write(3, &[9, 9]) && !memory.write(usize::MAX, &[9]));
        assert!(memory.write(4, &[]));
        assert_eq!(bytes, [1, 2, 7, 8]);
    }

    #[test]
    fn null_and_negative_are_empty() {
        let mut byte = 5;
        for (address, capacity) in [(std::ptr::null_mut(), 8), (&raw mut byte, -1), (&raw mut byte, 0)] {
            // SAFETY: an empty block is never accessed.
            let memory = unsafe { Memory::new(address, capacity) };
            assert!(memory.read(0).unwrap().is_empty());
            assert!(memory.read(1).is_none() && !memory.write(0, &[1]) && memory.write(0, &[]));
        }
        assert_eq!(byte, 5);
    }
}
