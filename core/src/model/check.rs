//! What a request must be before it is sent, the same for typed and for dynamic input.

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
        Ref::Text(text) => check_text(field, text),
        Ref::List(list) => {
            check_length(field, list.len())?;
            (0..list.len()).try_for_each(|index| match list.get(index) {
                Ref::Model(model) => check(model, case).map_err(|problem| problem.at(index)),
                _ => Ok(()),
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

pub(crate) fn check_text(field: &Field, text: &str) -> Result<(), Problem> {
    if field.required && text.is_empty() {
        return Err(Problem::new("is empty"));
    }
    let fault = match field.format {
        Format::Any => None,
        Format::E164 => e164_fault(text),
        Format::Date => (!is_pattern(text, b"0000-00-00")).then_some("must be a day as YYYY-MM-DD"),
        Format::AccountTime => {
            (!is_pattern(text, b"0000-00-00 00:00:00")).then_some("must be a time as YYYY-MM-DD HH:MM:SS, in the time zone of the account")
        }
    };
    fault.map_or(Ok(()), |what| Err(Problem::new(what)))
}

fn e164_fault(text: &str) -> Option<&'static str> {
    let Some(digits) = text.strip_prefix('+') else {
        return Some("must be a phone number in E.164 that starts with `+` and the country code");
    };
    let well_formed = (6..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    (!well_formed).then_some("must be a phone number in E.164: `+`, the country code, and 6 to 15 digits in all, without spaces")
}

/// Whether `text` has a digit where `pattern` has `0`, and else the same characters.
fn is_pattern(text: &str, pattern: &[u8]) -> bool {
    text.len() == pattern.len()
        && text
            .bytes()
            .zip(pattern)
            .all(|(byte, want)| if *want == b'0' { byte.is_ascii_digit() } else { byte == *want })
}
