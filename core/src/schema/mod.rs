//! The contract as plain data: operations, the shapes of objects with their fields, and how names are spelled.

mod case;
mod lookup;
mod macros;
mod operation;
mod shape;
mod source;

pub use case::Case;
pub use lookup::Spelling;
pub use operation::{AuthScheme, Downloads, Location, Method, Operation, PageStep, Paging, Retry, Upload};
pub use shape::{Field, Format, Kind, MAX_FIELDS, Shape, UnionShape, Variant};
pub use source::Source;

pub(crate) use lookup::same_letters;
pub(crate) use macros::shapes;
pub(crate) use shape::bit;
