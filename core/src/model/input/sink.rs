//! Checks parameters by name and writes them as the JSON of the wire, as they are read: a list of fifty thousand contacts is never held as anything else.

use std::ops::Range;

use serde_json::{Map, Value};

use crate::json::{ReadError, Scalar, Sink, Source, Start, Text, Tokens, write_json};
use crate::model::check::{check_filled, check_length, check_text};
use crate::schema::{Case, Field, Format, Shape};

type Result<T> = std::result::Result<T, ReadError>;

pub(super) struct InputSink {
    case: Case,
    pub(super) json: String,
    /// The fields of the open objects, the innermost object's last; in the end those of the whole.
    pub(super) fields: Vec<WrittenField>,
    /// The further fields of the whole.
    pub(super) extra: Map<String, Value>,
}

/// A field that was written.
pub(super) struct WrittenField {
    /// Its index in the contract's order.
    index: usize,
    pub(super) wire: &'static str,
    /// Where it begins, behind the comma.
    start: usize,
    pub(super) value: Range<usize>,
}

/// A place for one value.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The field that the value belongs to. `None` for items, entries and the whole.
    field: Option<&'static Field>,
    /// The format of the field, also for the items of its list.
    format: Format,
    is_whole: bool,
}

impl Place {
    pub(super) const WHOLE: Self = Self {
        field: None,
        format: Format::Any,
        is_whole: true,
    };

    const fn inside(format: Format) -> Self {
        Self {
            field: None,
            format,
            is_whole: false,
        }
    }
}

pub(super) struct Object {
    is_whole: bool,
    start: usize,
    /// Where its fields begin in [`InputSink::fields`].
    base: usize,
    extra: Map<String, Value>,
}

pub(super) struct Many {
    place: Place,
    container: Start,
    length: usize,
}

impl InputSink {
    pub(super) fn new(case: Case) -> Self {
        Self {
            case,
            json: String::new(),
            fields: Vec::new(),
            extra: Map::new(),
        }
    }

    /// Ends the field of an object that was written last.
    fn end_field(&mut self, base: usize) {
        let end = self.json.len();
        if let Some(last) = self.fields.get_mut(base..).and_then(<[_]>::last_mut) {
            last.value.end = end;
        }
    }

    /// Puts the fields of an object into the contract's order, without those that extra fields replace: equal parameters make equal requests.
    fn arrange(&mut self, object: &Object) {
        let Some(fields) = self.fields.get_mut(object.base..) else { return };
        let is_replaced = |field: &WrittenField| object.extra.contains_key(field.wire);
        if fields.is_sorted_by_key(|field| field.index) && !fields.iter().any(is_replaced) {
            return;
        }
        fields.sort_by_key(|field| field.index);
        let kept = fields.iter().filter(|field| !is_replaced(field));
        let kept: Vec<_> = kept.filter_map(|field| self.json.get(field.start..field.value.end)).collect();
        let kept = kept.join(",");
        self.json.truncate(object.start);
        self.json.push_str(&kept);
    }
}

impl Sink for InputSink {
    const STRICT: bool = true;

    type Slot<'s> = Place;
    type Object<'o> = Object;
    type Many<'m> = Many;

    fn case(&self) -> Case {
        self.case
    }

    fn reborrow(slot: &mut Place) -> Place {
        *slot
    }

    fn scalar(&mut self, slot: Place, scalar: Scalar<'_>) -> Result<()> {
        match scalar {
            Scalar::Text(text) => match (slot.field, slot.format) {
                (None, Format::Any) => text.write(&mut self.json),
                (field, format) => {
                    let text = text.decode();
                    field.map_or(Ok(()), |field| check_filled(field, &text))?;
                    Text::plain(&check_text(format, &text)?).write(&mut self.json);
                }
            },
            Scalar::Digits(digits) => self.json.push_str(digits),
            Scalar::Integer(number) => self.json.push_str(&number.to_string()),
            Scalar::Number(number) => self.json.push_str(&serde_json::to_string(&number).unwrap_or_default()),
            Scalar::Boolean(truth) => self.json.push_str(if truth { "true" } else { "false" }),
            Scalar::Constant(constant) => write_json(constant, &mut self.json),
        }
        Ok(())
    }

    fn json<T: Tokens>(&mut self, _: Place, source: &mut Source<T>) -> Result<()> {
        source.copy(&mut self.json, false)
    }

    fn open_object<'o>(&mut self, slot: Place, _: &'static Shape, _: Option<usize>) -> Result<Object>
    where
        Self: 'o,
    {
        self.json.push('{');
        Ok(Object {
            is_whole: slot.is_whole,
            start: self.json.len(),
            base: self.fields.len(),
            extra: Map::new(),
        })
    }

    fn field(&mut self, object: &mut Object, index: usize, field: &'static Field) -> Result<Place> {
        if self.fields.len() > object.base {
            self.end_field(object.base);
            self.json.push(',');
        }
        let start = self.json.len();
        self.json.push('"');
        self.json.push_str(field.wire);
        self.json.push_str("\":");
        self.fields.push(WrittenField {
            index,
            wire: field.wire,
            start,
            value: self.json.len()..self.json.len(),
        });
        Ok(Place {
            field: Some(field),
            format: field.format,
            is_whole: false,
        })
    }

    fn extra<T: Tokens>(&mut self, object: &mut Object, name: &str, source: &mut Source<T>) -> Result<()> {
        object.extra.insert(name.to_owned(), source.value()?);
        Ok(())
    }

    fn has_extra(&self, object: &Object, wire: &str) -> bool {
        object.extra.contains_key(wire)
    }

    fn close_object(&mut self, object: Object) -> Result<()> {
        self.end_field(object.base);
        if object.is_whole {
            self.fields.retain(|field| !object.extra.contains_key(field.wire));
            self.fields.sort_by_key(|field| field.index);
            self.extra = object.extra;
            return Ok(());
        }
        self.arrange(&object);
        self.fields.truncate(object.base);
        for (name, value) in &object.extra {
            if self.json.len() > object.start {
                self.json.push(',');
            }
            write_json(name, &mut self.json);
            self.json.push(':');
            self.json.push_str(&value.to_string());
        }
        self.json.push('}');
        Ok(())
    }

    fn open_many<'m>(&mut self, slot: Place, container: Start) -> Result<Many>
    where
        Self: 'm,
    {
        self.json.push(if container == Start::List { '[' } else { '{' });
        Ok(Many {
            place: slot,
            container,
            length: 0,
        })
    }

    fn next(&mut self, many: &mut Many, name: Option<String>) -> Result<Place> {
        if many.length > 0 {
            self.json.push(',');
        }
        many.length += 1;
        let Some(name) = name else {
            return Ok(Place::inside(many.place.format));
        };
        write_json(&name, &mut self.json);
        self.json.push(':');
        Ok(Place::inside(Format::Any))
    }

    fn close_many(&mut self, many: Many) -> Result<()> {
        if many.container == Start::Object {
            self.json.push('}');
            return Ok(());
        }
        self.json.push(']');
        let checked = many.place.field.map_or(Ok(()), |field| check_length(field, many.length));
        checked.map_err(ReadError::from)
    }
}
