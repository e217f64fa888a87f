//! Which operation of ours an operation of an export is.

use std::collections::BTreeSet;

use super::read::{Ours, Theirs};

/// The pages of the published table of contents: operation and title.
pub struct Pages(Vec<Page>);

struct Page {
    key: String,
    title: String,
    /// Its title alone, without the folders.
    leaf: String,
}

/// What an operation of an export was found to be.
#[derive(Debug, PartialEq, Eq)]
pub enum Meaning {
    /// One of ours, by its position.
    Ours(usize),
    /// A page that describes no operation, or one that the contract does not have.
    Page(String),
    /// Several could be meant.
    OneOf(Vec<String>),
    Unknown,
}

impl Pages {
    /// Reads `pages.tsv`.
    pub fn parse(text: &str) -> Self {
        let rows = text.lines().skip(1).filter_map(|line| line.split_once('\t'));
        let pages = rows.map(|(key, title)| Page {
            key: key.trim().to_owned(),
            title: squeezed(title),
            leaf: squeezed(title.rsplit(" > ").next().unwrap_or(title)),
        });
        Self(pages.collect())
    }

    /// The table of contents names a page exactly, so a whole title is believed before a path is, for our path may be a guess.
    /// A title without its folders is the last resort: many pages share one.
    pub fn meaning(&self, theirs: &Theirs, ours: &[Ours]) -> Meaning {
        let whole = squeezed(&format!("{}/{}", theirs.folder, theirs.title));
        let leaf = squeezed(&theirs.title);
        let exactly = self.keys(|page| page.title == whole);
        // An export of one folder lacks the folders above it; one of a larger project has more of them.
        let by_title = if exactly.is_empty() {
            self.keys(|page| {
                let is_end = whole != leaf && page.title.ends_with(&whole);
                is_end || (page.title != page.leaf && whole.ends_with(&page.title))
            })
        } else {
            exactly
        };
        let by_leaf = self.keys(|page| page.leaf == leaf);
        if let [key] = by_title.as_slice() {
            return found(key, ours);
        }
        let by_route: Vec<_> = (0..ours.len())
            .filter(|index| theirs.route.is_some() && ours[*index].route == theirs.route)
            .collect();
        let titled = by_route.iter().find(|index| by_leaf.contains(&ours[**index].key.as_str()));
        if let Some(index) = titled.or(by_route.first()) {
            return Meaning::Ours(*index);
        }
        match by_leaf.as_slice() {
            [] => Meaning::Unknown,
            [key] => found(key, ours),
            keys => Meaning::OneOf(keys.iter().map(|key| (*key).to_owned()).collect()),
        }
    }

    fn keys(&self, fits: impl Fn(&Page) -> bool) -> Vec<&str> {
        let keys: BTreeSet<_> = self.0.iter().filter(|page| fits(page)).map(|page| page.key.as_str()).collect();
        keys.into_iter().collect()
    }
}

fn found(key: &str, ours: &[Ours]) -> Meaning {
    let position = ours.iter().position(|ours| ours.key == key);
    position.map_or_else(|| Meaning::Page(key.to_owned()), Meaning::Ours)
}

/// A title without what is written now one way and now another: spaces, case, separators of folders, full-width signs.
fn squeezed(title: &str) -> String {
    let narrow = |sign: char| match u32::from(sign) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(sign),
        _ => sign,
    };
    let signs = title
        .chars()
        .map(narrow)
        .filter(|sign| !sign.is_whitespace() && !['>', '/', '\\'].contains(sign));
    signs.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_compared_without_their_spelling() {
        assert_eq!(
            squeezed("催收 > 调用任务相关 API > 创建外呼拨打任务"),
            squeezed("催收/调用任务相关API/创建外呼拨打任务")
        );
        assert_eq!(
            squeezed("Outbound Task Details (Info Check)"),
            squeezed("outbound task details（Info Check）")
        );
        assert_eq!(squeezed(r"by callee\/caseid"), squeezed("by callee/caseid"));
    }
}
