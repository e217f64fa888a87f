//! The way from a whole answer to a part of it.

use airudder::model::{Map, Model, Ref};

/// Most parts are an item of a list, or right below one.
const FEW: usize = 3;

/// Where a part of an answer is. An answer has as many as it has objects, so a path is small.
#[derive(Clone)]
pub enum Path {
    Few(u8, [Step; FEW]),
    Many(Box<[Step]>),
}

/// One step: which way, in the last two bits, and the place there.
#[derive(Clone, Copy)]
pub struct Step(u32);

const WAYS: u32 = 4;

impl Step {
    pub fn field(index: usize) -> Self {
        Self::new(index, 0)
    }

    pub fn item(index: usize) -> Self {
        Self::new(index, 1)
    }

    pub fn entry(index: usize) -> Self {
        Self::new(index, 2)
    }

    /// No answer that fits into memory has so many items that the place does not fit.
    fn new(index: usize, way: u32) -> Self {
        let place = u32::try_from(index).unwrap_or(u32::MAX).min(u32::MAX / WAYS);
        Self(place * WAYS + way)
    }

    fn from(self, here: Ref<'_>) -> Ref<'_> {
        let index = usize::try_from(self.0 / WAYS).unwrap_or(usize::MAX);
        match (here, self.0 % WAYS) {
            (Ref::Model(model), 0) => model.get(index),
            (Ref::List(list), 1) => list.get(index),
            (Ref::Map(map), 2) => entries(map).get(index).map_or(Ref::Absent, |(_, value)| *value),
            (elsewhere, _) => elsewhere,
        }
    }
}

impl Path {
    pub const EMPTY: Self = Self::Few(0, [Step(0); FEW]);

    pub fn steps(&self) -> &[Step] {
        match self {
            Self::Few(count, steps) => &steps[..usize::from(*count).min(FEW)],
            Self::Many(steps) => steps,
        }
    }

    /// The path that goes on with one more step.
    pub fn then(&self, step: Step) -> Self {
        match self {
            Self::Few(count, steps) if usize::from(*count) < FEW => {
                let mut steps = *steps;
                steps[usize::from(*count)] = step;
                Self::Few(count + 1, steps)
            }
            _ => Self::Many([self.steps(), &[step]].concat().into()),
        }
    }

    /// The part of `root` that this leads to.
    pub fn walk<'a>(&self, root: &'a dyn Model) -> Ref<'a> {
        self.steps().iter().fold(Ref::Model(root), |here, step| step.from(here))
    }
}

/// The entries of a map, in their order.
pub fn entries(map: &dyn Map) -> Vec<(&str, Ref<'_>)> {
    let mut entries = Vec::with_capacity(map.len());
    map.each(&mut |name, value| entries.push((name, value)));
    entries
}
