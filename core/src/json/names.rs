//! The names that came in objects of each shape. Servers write the fields of all objects in one order, so the next name is mostly known beforehand.

use std::borrow::Cow;
use std::ptr;

use crate::schema::{MAX_FIELDS, Shape, Spelling};

/// The most names that are remembered of one shape. A hostile object may have millions.
const MOST: usize = 2 * MAX_FIELDS;

/// The meaning of a name in an object.
#[derive(Clone, Copy)]
pub(super) enum Found {
    /// The name of the field at this index.
    Field(usize, Spelling),
    /// The name of an object of further fields by wire name. Only in input.
    Extra,
    /// The name of no known field.
    Unknown,
}

#[derive(Default)]
pub(super) struct Names {
    shapes: Vec<Known>,
    /// The name of an entry that there was no room for.
    scratch: String,
}

struct Known {
    shape: &'static Shape,
    /// Names in the order in which they came.
    order: Vec<(Cow<'static, str>, Found)>,
}

/// A name that was looked up.
#[derive(Clone, Copy)]
pub(super) struct Name {
    pub(super) found: Found,
    /// Its index among the remembered names. `None` if it was not remembered.
    place: Option<usize>,
}

impl Names {
    /// The index of what is known of a shape.
    #[inline]
    pub(super) fn of(&mut self, shape: &'static Shape) -> usize {
        let known = self.shapes.iter().position(|known| ptr::eq(known.shape, shape));
        known.unwrap_or_else(|| {
            self.shapes.push(Known { shape, order: Vec::new() });
            self.shapes.len() - 1
        })
    }

    /// The name that probably comes next.
    #[inline]
    pub(super) fn expected(&self, shape: usize, next: usize) -> Option<(&str, Name)> {
        let (text, found) = self.shapes.get(shape)?.order.get(next)?;
        let name = Name {
            found: *found,
            place: Some(next),
        };
        Some((text, name))
    }

    /// Looks a name up, and sets `next` behind it. `meaning` finds what it means, and its text if that is static.
    pub(super) fn find<E>(
        &mut self,
        shape: usize,
        next: &mut usize,
        text: &str,
        meaning: impl FnOnce() -> Result<(Found, Option<&'static str>), E>,
    ) -> Result<Name, E> {
        let mut nothing = Vec::new();
        let order = self.shapes.get_mut(shape).map_or(&mut nothing, |known| &mut known.order);
        let (before, after) = order.split_at((*next).min(order.len()));
        let position = |names: &[(Cow<'static, str>, Found)]| names.iter().position(|(name, _)| name == text);
        let place = position(after).map(|index| index + before.len()).or_else(|| position(before));
        if let Some((place, (_, found))) = place.and_then(|place| Some((place, order.get(place)?))) {
            *next = place + 1;
            return Ok(Name {
                found: *found,
                place: Some(place),
            });
        }
        let (found, known) = meaning()?;
        if order.len() >= MOST {
            text.clone_into(&mut self.scratch);
            return Ok(Name { found, place: None });
        }
        let place = before.len();
        order.insert(place, (known.map_or_else(|| text.to_owned().into(), Cow::Borrowed), found));
        *next = place + 1;
        Ok(Name { found, place: Some(place) })
    }

    /// The text of the name that was looked up last.
    pub(super) fn text(&self, shape: usize, name: Name) -> &str {
        let Some(place) = name.place else { return &self.scratch };
        let entry = self.shapes.get(shape).and_then(|known| known.order.get(place));
        entry.map_or("", |(text, _)| text)
    }
}
