//! Keeps secrets and people's data out of texts from outside.

mod coding;
mod digits;
mod fold;
mod index;
mod links;
mod numbers;
mod redactor;
mod shapes;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use coding::coding_name;
pub(crate) use redactor::Redactor;

/// A text from outside without links, e-mail addresses, phone numbers and control characters, cut to a bounded length.
pub(crate) fn scrub(text: &str) -> String {
    Redactor::new(text).finish()
}

/// A scrubbed text in which `hide` redacts what the caller knows.
pub(crate) fn clean(text: &str, hide: impl FnOnce(&mut Redactor<'_>)) -> String {
    let mut redactor = Redactor::new(text);
    hide(&mut redactor);
    redactor.finish()
}
