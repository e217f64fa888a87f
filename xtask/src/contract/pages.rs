//! Which of AI Rudder's documentation pages describe which operation.

use std::collections::BTreeMap;

use super::problem::Problem;

/// Page titles by operation id (`tasks.list`) or event (`event:call.finished`), in the order of the table of contents.
#[derive(Debug)]
pub struct Pages(BTreeMap<String, Vec<String>>);

/// The pages of one operation.
pub struct Titles {
    /// The one that messages name.
    pub first: String,
    pub all: Vec<String>,
}

impl Pages {
    /// Reads `pages.tsv`: a line of headings, then `operation<TAB>page`.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problem> {
        let mut pages = BTreeMap::<String, Vec<String>>::new();
        for (index, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
            let Some((operation, page)) = line.split_once('\t') else {
                return Err(Problem::new(
                    format_args!("{file}: line {}", index + 1),
                    "is not `operation<TAB>page`",
                ));
            };
            pages.entry(operation.trim().to_owned()).or_default().push(page.trim().to_owned());
        }
        Ok(Self(pages))
    }

    /// The pages of an operation or event. One that the table of contents does not have is named by its summary.
    pub fn of(&self, key: &str, summary: &str) -> Titles {
        let all = self.0.get(key).cloned().unwrap_or_default();
        let english = all.iter().find(|title| title.is_ascii());
        let first = english.or_else(|| all.first()).map_or_else(|| summary.to_owned(), Clone::clone);
        Titles { first, all }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_english_title_is_the_one_to_name() {
        let text =
            "operation\tpage\ntasks.list\t催收 > 列出\ntasks.list\tCollection > List\ntasks.list\tInfo > List\ntasks.call\t催收 > 电话\n";
        let pages = Pages::parse("pages.tsv", text).expect("parses");
        let list = pages.of("tasks.list", "List");
        assert_eq!(list.first, "Collection > List");
        assert_eq!(list.all.len(), 3);
        assert_eq!(pages.of("tasks.call", "Call").first, "催收 > 电话");
        let unlisted = pages.of("tasks.stop", "Stop a task");
        assert_eq!((unlisted.first.as_str(), unlisted.all.len()), ("Stop a task", 0));
    }

    #[test]
    fn a_line_without_a_tab_is_named() {
        let problem = Pages::parse("pages.tsv", "operation\tpage\ntasks.list Collection").expect_err("no tab");
        assert!(problem.to_string().starts_with("pages.tsv: line 2"), "{problem}");
    }
}
