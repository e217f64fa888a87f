//! What a request must be before it is sent, the same for typed and for dynamic input.

use std::borrow::Cow;

use super::time::wire_form;
use super::{Model, Ref};
use crate::json::Problem;
use crate::schema::{Case, Field, Format};

/// Checks every field of a model.
pub(crate) fn check(model: &dyn Model, case: Case) -> Result<(), Problem> {
    for (index, field) in model.shape().fields.iter().enumerate() {
        check_value(field, model.get(index), case).map_err(|problem| problem.in_field(case.name_of(field)))?;
    }
    Ok(())
}

fn check_value(field: &Field, value: Ref<'_>, case: Case) -> Result<(), Problem> {
    match value {
        Ref::Absent if field.required => Err(Problem::missing()),
        Ref::Text(text) => {
            check_filled(field, text)?;
            check_text(field.format, text).map(drop)
        }
        Ref::List(list) => {
            check_length(field, list.len())?;
            (0..list.len()).try_for_each(|index| {
                let checked = match list.get(index) {
                    Ref::Model(model) => check(model, case),
                    Ref::Text(text) => check_text(field.format, text).map(drop),
                    _ => Ok(()),
                };
                checked.map_err(|problem| problem.at(index))
            })
        }
        Ref::Model(model) => check(model, case),
        _ => Ok(()),
    }
}

pub(crate) fn check_length(field: &Field, length: usize) -> Result<(), Problem> {
    if field.required && length == 0 {
        return Err(Problem::empty());
    }
    Ok(())
}

pub(crate) fn check_filled(field: &Field, text: &str) -> Result<(), Problem> {
    if field.required && text.is_empty() {
        return Err(Problem::empty());
    }
    Ok(())
}

/// The text as it goes over the wire.
pub(crate) fn check_text(format: Format, text: &str) -> Result<Cow<'_, str>, Problem> {
    match e164_fault(text).filter(|_| format == Format::E164) {
        Some(what) => Err(Problem::new(what)),
        None => wire_form(format, text).map_err(Problem::new),
    }
}

fn e164_fault(text: &str) -> Option<&'static str> {
    let Some(digits) = text.strip_prefix('+') else {
        return Some("must be a phone number in E.164 that starts with `+` and the country code");
    };
    let well_formed = (6..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    (!well_formed).then_some("must be a phone number in E.164: `+`, the country code, and 6 to 15 digits in all, without spaces")
}
