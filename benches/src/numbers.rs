//! What many measurements say together.

use serde::Serialize;

/// The middle of the rounds' ratios, and how far they are apart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    pub median: f64,
    pub lowest: f64,
    pub highest: f64,
}

impl Spread {
    /// None when there is nothing to look at.
    pub fn of(values: &[f64]) -> Option<Self> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (lowest, highest) = (*sorted.first()?, *sorted.last()?);
        let middle = sorted.len() / 2;
        let upper = *sorted.get(middle)?;
        let lower = if sorted.len() % 2 == 1 {
            upper
        } else {
            *sorted.get(middle.checked_sub(1)?)?
        };
        Some(Self {
            median: f64::midpoint(lower, upper),
            lowest,
            highest,
        })
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // halves of small numbers are exact
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one_or_between_the_two_middle_ones() {
        let spread = Spread::of(&[9.0, 1.0, 2.0]).map(|spread| (spread.median, spread.lowest, spread.highest));
        assert_eq!(spread, Some((2.0, 1.0, 9.0)));
        assert_eq!(Spread::of(&[4.0, 1.0, 2.0, 3.0]).map(|spread| spread.median), Some(2.5));
        assert_eq!(Spread::of(&[]), None);
    }
}
