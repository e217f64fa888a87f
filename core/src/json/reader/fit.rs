//! Texts, numbers and truth values: what becomes of each where another was expected.

use super::super::problem::Problem;
use super::super::text::Text;
use super::super::tokens::{Start, Tokens};
use super::Result;
use crate::json::{Number, Scalar};
use crate::schema::Kind;

/// Beyond it, a floating-point number may stand for several whole ones.
const LARGEST_EXACT: f64 = 9e15;

/// Converts the next value to a kind as far as nothing is lost. `None` if it does not fit; it may or may not have been passed.
#[allow(clippy::inline_always)] // called for every value; a call would cost a twentieth of the time
#[inline(always)]
pub(super) fn fit<'t, T: Tokens>(tokens: &'t mut T, kind: &Kind, start: Start) -> Result<Option<Scalar<'t>>> {
    Ok(match (kind, start) {
        (Kind::Text, Start::Text) => Some(Scalar::Text(tokens.text()?)),
        (Kind::Text, Start::Number) => Some(Scalar::Text(digits(tokens.number()?))),
        (Kind::Integer, Start::Number) => match tokens.number()? {
            number if number.is_canonical() => Some(Scalar::Digits(number.digits())),
            number => number.as_i64().map(Scalar::Integer),
        },
        (Kind::Integer, Start::Text) => tokens.text()?.decode().parse().ok().map(Scalar::Integer),
        (Kind::Number, Start::Number) => tokens.number()?.as_f64().map(Scalar::Number),
        (Kind::Number, Start::Text) => {
            let number = tokens.text()?.decode().parse().ok();
            number.filter(|number: &f64| number.is_finite()).map(Scalar::Number)
        }
        (Kind::Boolean, Start::Boolean) => Some(Scalar::Boolean(tokens.boolean()?)),
        _ => None,
    })
}

/// Takes the next value as a kind, or refuses it.
pub(super) fn demand<'t, T: Tokens>(tokens: &'t mut T, kind: &Kind, start: Start) -> Result<Scalar<'t>> {
    match (kind, start) {
        (Kind::Text, Start::Text) => Ok(Scalar::Text(tokens.text()?)),
        (Kind::Text, Start::Number) => Ok(Scalar::Text(digits(tokens.number()?))),
        (Kind::Integer, Start::Number) => whole(tokens.number()?),
        (Kind::Number, Start::Number) => {
            let number = tokens.number()?;
            let is_finite = number.as_f64().is_some();
            let problem = || Problem::new("must be a finite number").into();
            is_finite.then(|| Scalar::Digits(number.digits())).ok_or_else(problem)
        }
        (Kind::Boolean, Start::Boolean) => Ok(Scalar::Boolean(tokens.boolean()?)),
        _ => Err(refused(kind, start).into()),
    }
}

pub(super) fn refused(kind: &Kind, start: Start) -> Problem {
    Problem::new(format!("must be {}, not {}", kind.noun(), start.noun()))
}

/// A number as text: its digits as they came.
const fn digits(number: Number<'_>) -> Text<'_> {
    Text::plain(number.digits())
}

/// JavaScript and data frames have one number type: 3.0 is a whole number to them.
fn whole(number: Number<'_>) -> Result<Scalar<'_>> {
    if number.as_i64().is_some() || number.digits().parse::<u64>().is_ok() {
        return Ok(Scalar::Digits(number.digits()));
    }
    let float = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < LARGEST_EXACT);
    #[allow(clippy::cast_possible_truncation)] // whole, and in range
    let whole = float.map(|float| Scalar::Integer(float as i64));
    whole.ok_or_else(|| Problem::new("must be a whole number").into())
}
