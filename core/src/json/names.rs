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
    /// The name that was looked up last if it has no place.
    scratch: String,
}

struct Known {
    shape: &'static Shape,
    /// The names in the order in which they came. `None` as long as that is the contract's.
    order: Option<Vec<(Cow<'static, str>, Found)>>,
    /// Where the last object went on at a place of the order, by place: objects leave fields out, and mostly all of them the same ones.
    jumps: Vec<usize>,
    /// Whether the first object of the shape is still the only one.
    is_first: bool,
}

impl Known {
    /// Remembers that an object went on with the name at `place` instead of `next`.
    fn jump(&mut self, next: usize, place: usize) {
        let known = self.jumps.len();
        self.jumps.extend(known..=next);
        if let Some(jump) = self.jumps.get_mut(next) {
            *jump = place;
        }
    }
}

/// A name that was looked up.
#[derive(Clone, Copy)]
pub(super) struct Name {
    pub(super) found: Found,
    /// Its place in the order.
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
        let known = self.shapes.iter_mut().enumerate().find(|(_, known)| ptr::eq(known.shape, shape));
        if let Some((index, known)) = known {
            known.is_first = false;
            return index;
        }
        self.shapes.push(Known {
            shape,
            order: None,
            jumps: Vec::new(),
            is_first: true,
        });
        self.shapes.len() - 1
    }

    /// The name that probably comes at `next`, and its place.
    #[inline]
    pub(super) fn expected(&self, shape: usize, next: usize) -> Option<(&str, Name, usize)> {
        let Known { shape, order, jumps, .. } = self.shapes.get(shape)?;
        let next = jumps.get(next).map_or(next, |place| *place);
        let (text, found) = match order {
            None => (name_of(self.case, shape.fields.get(next)?), Found::Field(next, Spelling::Exact)),
            Some(order) => order.get(next).map(|(text, found)| (&**text, *found))?,
        };
        let name = Name { found, place: Some(next) };
        Some((text, name, next))
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
        let Some(known) = self.shapes.get_mut(shape) else {
            return meaning().map(|found| Name { found, place: None });
        };
        let fields = known.shape.fields;
        let position = |next| match &known.order {
            None => position(fields.iter().map(|field| name_of(case, field)), next, text),
            Some(order) => position(order.iter().map(|(name, _)| &**name), next, text),
        };
        let place = if let Some(place) = position(*next) {
            known.jump(*next, place);
            place
        } else if known.is_first {
            // Most answers are one object, and its order is of no use later.
            let Some(place) = position(0) else {
                text.clone_into(&mut self.scratch);
                return meaning().map(|found| Name { found, place: None });
            };
            place
        } else {
            let order = known.order.get_or_insert_with(|| {
                let exact = |(index, field)| (name_of(case, field).into(), Found::Field(index, Spelling::Exact));
                fields.iter().enumerate().map(exact).collect()
            });
            let here = (*next).min(order.len());
            let place = if let Some(place) = order.iter().position(|(name, _)| name == text) {
                // It came earlier up to now: the order is another one.
                let entry = order.remove(place);
                order.insert(here - 1, entry);
                here - 1
            } else {
                let found = meaning()?;
                if order.len() >= MOST {
                    text.clone_into(&mut self.scratch);
                    return Ok(Name { found, place: None });
                }
                order.insert(here, (text.to_owned().into(), found));
                here
            };
            known.jumps.clear();
            place
        };
        *next = place + 1;
        Ok(Name {
            found: match &known.order {
                None => Found::Field(place, Spelling::Exact),
                Some(order) => order.get(place).map_or(Found::Unknown, |(_, found)| *found),
            },
            place: Some(place),
        })
    }

    /// The text of the name that was looked up last. It is right only until the next one.
    pub(super) fn text(&self, shape: usize, name: Name) -> &str {
        let Some(place) = name.place else { return &self.scratch };
        let Some(Known { shape, order, .. }) = self.shapes.get(shape) else {
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
