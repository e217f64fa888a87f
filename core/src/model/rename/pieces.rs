//! The fields of an object that was given by name, and the object that becomes of them.

use std::ops::Range;

use serde_json::{Map, Value};

use super::super::object::ObjectWriter;
use super::super::{Field, Shape};
use super::pen::Pen;

/// The fields of an object that were written, in the contract's order: where each one's value stands.
pub(super) struct Pieces {
    pub(super) fields: Vec<(usize, Range<usize>)>,
    pub(super) extra: Map<String, Value>,
}

impl Pieces {
    /// The index in `shape` of a field by its name.
    pub(super) fn place(shape: &Shape, name: &str) -> Option<usize> {
        shape.fields.iter().position(|field| field.name == name)
    }

    /// The range of a field's value, by its index.
    pub(super) fn range(&self, index: usize) -> Option<Range<usize>> {
        let found = self.fields.binary_search_by_key(&index, |(index, _)| *index).ok()?;
        self.fields.get(found).map(|(_, range)| range.clone())
    }

    /// Adds the constants of an object, whose fields are some of `shape`'s, and gives back a required field that it lacks.
    pub(super) fn complete(&mut self, own: &'static Shape, shape: &'static Shape, json: &mut Vec<u8>) -> Result<(), &'static Field> {
        let is_shape = std::ptr::eq(own, shape);
        for (index, field) in own
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| field.required || field.constant.is_some())
        {
            let index = if is_shape { Some(index) } else { Self::place(shape, field.name) };
            let Some(index) = index.filter(|index| self.range(*index).is_none() && !self.extra.contains_key(field.wire)) else {
                continue;
            };
            let start = json.len();
            match field.constant.map(|constant| serde_json::to_writer(&mut *json, constant)) {
                Some(Ok(())) => self.fields.push((index, start..json.len())),
                _ => return Err(field),
            }
            self.fields.sort_by_key(|(index, _)| *index);
        }
        Ok(())
    }

    /// Puts the fields of a variant in the variant's own order, and what else there is of `shape` after them.
    pub(super) fn order(&mut self, first: &'static Shape, shape: &'static Shape) {
        if !std::ptr::eq(first, shape) {
            let place = |index: usize| shape.fields.get(index).and_then(|field| Self::place(first, field.name));
            self.fields.sort_by_key(|(index, _)| place(*index).unwrap_or(usize::MAX));
        }
    }
}

/// Makes one object of the values that stand in `json` from `start` on.
pub(super) fn assemble(
    pen: &Pen,
    shape: &'static Shape,
    pieces: &Pieces,
    json: &mut Vec<u8>,
    start: usize,
) -> Result<(), serde_json::Error> {
    let mut values = pen.scratch.borrow_mut();
    values.clear();
    values.extend_from_slice(&json[start..]);
    json.truncate(start);
    let mut object = ObjectWriter::new(json);
    for (index, range) in &pieces.fields {
        object.raw(shape.fields[*index].wire, &values[range.start - start..range.end - start])?;
    }
    for (name, value) in &pieces.extra {
        object.entry(name, value)?;
    }
    object.end();
    Ok(())
}
