//! What a request must be before it is sent, the same for typed and for dynamic input.

use std::borrow::Cow;

use super::time::wire_form;
use super::{Case, Field, Format, Model, Ref};

/// Why an argument is refused. It never holds the argument's value.
#[derive(Debug)]
pub(crate) struct Problem {
    /// Where, from the inside out.
    path: Vec<Step>,
    pub(crate) what: String,
}

#[derive(Debug)]
enum Step {
    Name(&'static str),
    Index(usize),
}

impl Problem {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self {
            path: Vec::new(),
            what: what.into(),
        }
    }

    pub(crate) fn in_field(mut self, name: &'static str) -> Self {
        self.path.push(Step::Name(name));
        self
    }

    pub(crate) fn at(mut self, index: usize) -> Self {
        self.path.push(Step::Index(index));
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.path.is_empty() {
            return f.write_str(&self.what);
        }
        f.write_str("`")?;
        for (depth, step) in self.path.iter().rev().enumerate() {
            match step {
                Step::Name(name) if depth == 0 => f.write_str(name)?,
                Step::Name(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        write!(f, "` {}", self.what)
    }
}

/// Checks every field of a model.
pub(crate) fn check(model: &dyn Model, case: Case) -> Result<(), Problem> {
    for (index, field) in model.shape().fields.iter().enumerate() {
        check_value(field, model.get(index), case).map_err(|problem| problem.in_field(case.name_of(field)))?;
    }
    Ok(())
}

fn check_value(field: &Field, value: Ref<'_>, case: Case) -> Result<(), Problem> {
    match value {
        Ref::Absent if field.required => Err(missing()),
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

pub(crate) fn missing() -> Problem {
    Problem::new("is missing")
}

pub(crate) fn check_length(field: &Field, length: usize) -> Result<(), Problem> {
    if field.required && length == 0 {
        return Err(Problem::new("is empty"));
    }
    Ok(())
}

pub(crate) fn check_filled(field: &Field, text: &str) -> Result<(), Problem> {
    if field.required && text.is_empty() {
        return Err(Problem::new("is empty"));
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
