//! What is made of the values that are read.

use super::error::ReadError;
use super::source::Source;
use super::text::Text;
use super::tokens::{Start, Tokens};
use crate::schema::{Case, Field, Shape};

type Result<T> = std::result::Result<T, ReadError>;

/// A value that holds no others, converted to the type of its field.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations)] // may be people's data
pub enum Scalar<'t> {
    /// Text.
    Text(Text<'t>),
    /// A number whose digits are valid JSON. A whole one of at most 15 digits, unless the sink is strict.
    Digits(&'t str),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// The only text that the field can have.
    Constant(&'static str),
}

/// Makes something of the values that a [`Reader`](super::Reader) reads.
///
/// A slot is the place of one value. The reader asks for a slot only when the value fits it.
pub trait Sink: 'static {
    /// Whether what does not fit is refused. Otherwise it is converted, or kept in the extra fields.
    const STRICT: bool = false;

    /// A place for one value.
    type Slot<'s>;
    /// An object that is being made.
    type Object<'o>;
    /// A list, or an object with free names, that is being made.
    type Many<'m>;

    /// How input spells the names of fields.
    fn case(&self) -> Case {
        Case::Snake
    }

    /// Lends a slot.
    fn reborrow<'b>(slot: &'b mut Self::Slot<'_>) -> Self::Slot<'b>;

    /// Stores a value that holds no others.
    fn scalar(&mut self, slot: Self::Slot<'_>, scalar: Scalar<'_>) -> Result<()>;
    /// Reads and stores any value.
    fn json<T: Tokens>(&mut self, slot: Self::Slot<'_>, source: &mut Source<T>) -> Result<()>;

    /// Begins an object; `variant` is its index in the union that it belongs to.
    fn open_object<'o>(&mut self, slot: Self::Slot<'o>, shape: &'static Shape, variant: Option<usize>) -> Result<Self::Object<'o>>
    where
        Self: 'o;
    /// The slot of a field.
    fn field<'s>(&mut self, object: &'s mut Self::Object<'_>, index: usize, field: &'static Field) -> Result<Self::Slot<'s>>;
    /// Stores the only text that a field can have.
    fn constant(&mut self, object: &mut Self::Object<'_>, index: usize, field: &'static Field, constant: &'static str) -> Result<()> {
        let slot = self.field(object, index, field)?;
        self.scalar(slot, Scalar::Constant(constant))
    }
    /// Whether a field that did not come has to be stored all the same: a list as empty, another one with the empty value of its kind.
    #[must_use]
    fn stores_missing(_field: &Field) -> bool {
        true
    }
    /// Reads and stores a field that the shape does not know, or whose value does not fit.
    fn extra<T: Tokens>(&mut self, object: &mut Self::Object<'_>, name: &str, source: &mut Source<T>) -> Result<()>;
    /// Whether an object of input has an extra field of this name, which then replaces the typed one.
    fn has_extra(&self, _object: &Self::Object<'_>, _wire: &str) -> bool {
        false
    }
    /// Ends an object.
    fn close_object(&mut self, object: Self::Object<'_>) -> Result<()>;

    /// Begins a list, or an object with free names.
    fn open_many<'m>(&mut self, slot: Self::Slot<'m>, container: Start) -> Result<Self::Many<'m>>
    where
        Self: 'm;
    /// The slot of the next item, or of the entry with this name.
    fn next<'s>(&mut self, many: &'s mut Self::Many<'_>, name: Option<String>) -> Result<Self::Slot<'s>>;
    /// Ends a list, or an object with free names.
    fn close_many(&mut self, many: Self::Many<'_>) -> Result<()>;

    /// What was made up to now. Only of use where objects are read as a variant that they may not be.
    fn mark(&self) -> [usize; 3] {
        [0; 3]
    }
    /// Drops what was made since.
    fn rewind(&mut self, _mark: [usize; 3]) {}
}
