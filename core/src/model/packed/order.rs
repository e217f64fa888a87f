//! In which order the fields of objects come: mostly in that of the object before.

use std::ptr;

use crate::model::Shape;

/// What fields have been seen to follow each other, in objects of one shape.
#[derive(Default)]
pub(super) struct Order {
    /// Of which objects this is known.
    shape: Option<&'static Shape>,
    /// For each place in the contract's order: which field came where the one at that place would have been the next.
    after: Vec<u8>,
}

impl Order {
    /// The field that likely comes where the contract has the one at `next`.
    #[inline]
    pub(super) fn after(&mut self, shape: &'static Shape, next: usize) -> usize {
        if !self.shape.is_some_and(|known| ptr::eq(known, shape)) {
            self.shape = Some(shape);
            self.after.clear();
            self.after.extend((0..=u8::MAX).take(shape.fields.len()));
        }
        self.after.get(next).map_or(next, |index| usize::from(*index))
    }

    /// Keeps that the field at `index` came there.
    pub(super) fn learn(&mut self, next: usize, index: usize) {
        if let (Some(after), Ok(index)) = (self.after.get_mut(next), u8::try_from(index)) {
            *after = index;
        }
    }
}
