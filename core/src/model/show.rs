use std::fmt;

use super::{Model, Ref};

/// `Debug` of a value that shows no secret and nobody's data.
pub(crate) struct Redacted<'a>(pub(crate) Ref<'a>);

impl fmt::Debug for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Ref::Absent => f.write_str("None"),
            Ref::Text(text) => text.fmt(f),
            Ref::Integer(number) => number.fmt(f),
            Ref::Number(number) => number.fmt(f),
            Ref::Boolean(truth) => truth.fmt(f),
            // Free JSON and free names may hold anything.
            Ref::Json(_) => f.write_str("[json]"),
            Ref::Map(map) => write!(f, "[{} entries]", map.len()),
            Ref::Model(model) => show_model(model, f),
            Ref::List(list) => f
                .debug_list()
                .entries((0..list.len()).map(|index| Redacted(list.get(index))))
                .finish(),
        }
    }
}

fn show_model(model: &dyn Model, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let shape = model.shape();
    let mut shown = f.debug_struct(shape.name);
    for (index, field) in shape.fields.iter().enumerate() {
        match model.get(index) {
            Ref::Absent => {}
            _ if field.sensitive => {
                shown.field(field.name, &format_args!("[redacted]"));
            }
            value => {
                shown.field(field.name, &Redacted(value));
            }
        }
    }
    if !model.extra().is_empty() {
        shown.field("extra", model.extra());
    }
    shown.finish()
}
