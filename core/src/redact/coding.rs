//! Names of content codings from outside, for error texts.

/// The longest name that is shown.
const LONGEST: usize = 20;

/// The name of a content coding in quotes. Text that cannot be one is not shown.
pub(crate) fn coding_name(name: &str) -> String {
    let is_token = |byte: u8| byte.is_ascii_alphabetic() || b"-, ".contains(&byte);
    if name.len() <= LONGEST && name.bytes().all(is_token) {
        format!("`{name}`")
    } else {
        "an unknown coding".to_owned()
    }
}
