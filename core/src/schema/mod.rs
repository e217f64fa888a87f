//! The contract as data: the shapes of objects, their fields, and how names are spelled.

mod case;
mod lookup;
mod macros;
mod shape;

pub use case::Case;
pub use lookup::Spelling;
pub use shape::{Field, Format, Kind, MAX_FIELDS, Shape, UnionShape, Variant};

pub(crate) use macros::shapes;
pub(crate) use shape::bit;
