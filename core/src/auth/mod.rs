//! Credentials, tokens, and signed calls.

mod credentials;
mod deadline;
mod signed;
mod tokens;

pub(crate) use credentials::Credentials;
pub(crate) use signed::Signed;
pub(crate) use tokens::Tokens;
