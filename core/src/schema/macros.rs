//! Declares shapes, a line for each field.

macro_rules! shapes {
    (@is required) => { true };
    (@is optional) => { false };
    (@is sensitive) => { true };
    (@is open) => { false };
    (@fields $($name:literal $camel:literal $wire:literal: $kind:expr, $format:ident, $source:ident, $required:ident, $sensitive:ident
        $(, is $constant:literal)? $(, also $alias:literal $alias_source:ident)*;)*) => {
        &[$($crate::schema::Field {
            name: $name,
            camel: $camel,
            wire: $wire,
            aliases: &[$(($alias, $crate::schema::Source::$alias_source)),*],
            kind: $kind,
            format: $crate::schema::Format::$format,
            constant: $crate::schema::shapes!(@constant $($constant)?),
            required: $crate::schema::shapes!(@is $required),
            sensitive: $crate::schema::shapes!(@is $sensitive),
            source: $crate::schema::Source::$source,
        }),*]
    };
    (@constant) => { None };
    (@constant $constant:literal) => { Some($constant) };
    ($($(#[$doc:meta])* $shape:ident = $name:literal { $($fields:tt)* })*) => {
        $(
            $(#[$doc])*
            pub static $shape: $crate::schema::Shape = {
                static FIELDS: &[$crate::schema::Field] = $crate::schema::shapes!(@fields $($fields)*);
                $crate::schema::Shape::new($name, FIELDS)
            };
        )*
    };
}
pub(crate) use shapes;
