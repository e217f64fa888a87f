//! The names in objects of each shape, in the order in which they come. Servers write all objects in one order, so the next name is mostly known.

use std::borrow::Cow;
use std::ptr;

use crate::schema::{Case, Field, MAX_FIELDS, Shape, Spelling};

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

pub(super) struct Names {
    /// The case of input's names. `None` for wire names.
    case: Option<Case>,
    shapes: Vec<Known>,
    /// The name that was looked up last if there was no room for it.
    scratch: String,
}

struct Known {
    shape: &'static Shape,
    /// The names in the order in which they came. `None` as long as that is the contract's.
    order: Option<Vec<(Cow<'static, str>, Found)>>,
}

/// A name that was looked up.
#[derive(Clone, Copy)]
pub(super) struct Name {
    pub(super) found: Found,
    /// Its place in the order. `None` if there was no room for it.
    place: Option<usize>,
}

impl Names {
    pub(super) const fn new(case: Option<Case>) -> Self {
        Self {
            case,
            shapes: Vec::new(),
            scratch: String::new(),
        }
    }

    /// The index of what is known of a shape.
    #[inline]
    pub(super) fn of(&mut self, shape: &'static Shape) -> usize {
        let known = self.shapes.iter().position(|known| ptr::eq(known.shape, shape));
        known.unwrap_or_else(|| {
            self.shapes.push(Known { shape, order: None });
            self.shapes.len() - 1
        })
    }

    /// The name that probably comes next.
    #[inline]
    pub(super) fn expected(&self, shape: usize, next: usize) -> Option<(&str, Name)> {
        let Known { shape, order } = self.shapes.get(shape)?;
        let (text, found) = match order {
            None => (name_of(self.case, shape.fields.get(next)?), Found::Field(next, Spelling::Exact)),
            Some(order) => order.get(next).map(|(text, found)| (&**text, *found))?,
        };
        let place = Some(next);
        Some((text, Name { found, place }))
    }

    /// Looks a name up that was not expected, and sets `next` behind it.
    pub(super) fn find<E>(
        &mut self,
        shape: usize,
        next: &mut usize,
        text: &str,
        meaning: impl FnOnce() -> Result<Found, E>,
    ) -> Result<Name, E> {
        let case = self.case;
        let Some(Known { shape, order }) = self.shapes.get_mut(shape) else {
            return meaning().map(|found| Name { found, place: None });
        };
        let later = match order {
            None => position(shape.fields.iter().map(|field| name_of(case, field)), *next, text),
            Some(order) => position(order.iter().map(|(name, _)| &**name), *next, text),
        };
        let order = match (later, order) {
            (Some(index), None) => {
                *next = index + 1;
                return Ok(Name {
                    found: Found::Field(index, Spelling::Exact),
                    place: Some(index),
                });
            }
            (_, order) => order.get_or_insert_with(|| {
                let fields = shape.fields.iter().enumerate();
                let exact = |(index, field)| (name_of(case, field).into(), Found::Field(index, Spelling::Exact));
                fields.map(exact).collect()
            }),
        };
        let place = later.or_else(|| order.iter().position(|(name, _)| name == text));
        let here = (*next).min(order.len());
        let place = match place {
            Some(place) if place >= here => place,
            // It came earlier up to now: the order is another one.
            Some(place) => {
                let entry = order.remove(place);
                order.insert(here - 1, entry);
                here - 1
            }
            None => {
                let found = meaning()?;
                if order.len() >= MOST {
                    text.clone_into(&mut self.scratch);
                    return Ok(Name { found, place: None });
                }
                order.insert(here, (text.to_owned().into(), found));
                here
            }
        };
        *next = place + 1;
        Ok(Name {
            found: order.get(place).map_or(Found::Unknown, |(_, found)| *found),
            place: Some(place),
        })
    }

    /// The text of the name that was looked up last.
    pub(super) fn text(&self, shape: usize, name: Name) -> &str {
        let Some(place) = name.place else { return &self.scratch };
        let Some(Known { shape, order }) = self.shapes.get(shape) else {
            return "";
        };
        match order {
            None => shape.fields.get(place).map_or("", |field| name_of(self.case, field)),
            Some(order) => order.get(place).map_or("", |(text, _)| text),
        }
    }
}

const fn name_of(case: Option<Case>, field: &'static Field) -> &'static str {
    match case {
        None => field.wire,
        Some(case) => case.name_of(field),
    }
}

/// The position of a name from `next` on.
fn position<'n>(names: impl Iterator<Item = &'n str>, next: usize, text: &str) -> Option<usize> {
    names.skip(next).position(|name| name == text).map(|index| index + next)
}
