//! Lists that come in pages: the one way through them, for every language.

mod page_cursor;
mod page_info;
mod pager;
mod stream;

pub use pager::Pager;
pub use stream::Pages;
