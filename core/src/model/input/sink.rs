//! Checks parameters by name and writes them as the JSON of the wire, as they are read: a list of fifty thousand contacts is never held as anything else.

use std::ops::Range;

use serde_json::{Map, Value};

use crate::json::{ReadError, Scalar, Sink, Source, Text, Tokens, write_json};
use crate::model::check::{check_filled, check_length, check_text};
use crate::schema::{Case, Field, Format, Kind, Shape};

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

pub(super) struct List {
    place: Place,
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
    type List<'l> = List;
    type Map<'m> = bool;
    type Mark = ();

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

    fn open_list<'l>(&mut self, slot: Place, _: &'static Kind) -> Result<List>
    where
        Self: 'l,
    {
        self.json.push('[');
        Ok(List { place: slot, length: 0 })
    }

    fn item(&mut self, list: &mut List) -> Result<Place> {
        if list.length > 0 {
            self.json.push(',');
        }
        list.length += 1;
        Ok(Place::inside(list.place.format))
    }

    fn close_list(&mut self, list: List) -> Result<()> {
        self.json.push(']');
        let checked = list.place.field.map_or(Ok(()), |field| check_length(field, list.length));
        checked.map_err(ReadError::from)
    }

    fn open_map<'m>(&mut self, _: Place) -> Result<bool>
    where
        Self: 'm,
    {
        self.json.push('{');
        Ok(true)
    }

    fn entry(&mut self, is_empty: &mut bool, name: String) -> Result<Place> {
        if !std::mem::take(is_empty) {
            self.json.push(',');
        }
        write_json(&name, &mut self.json);
        self.json.push(':');
        Ok(Place::inside(Format::Any))
    }

    fn close_map(&mut self, _: bool) -> Result<()> {
        self.json.push('}');
        Ok(())
    }

    fn mark(&self) {}

    fn rewind(&mut self, (): &()) {}
}
