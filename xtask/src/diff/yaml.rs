//! Edits in the text of a YAML file that leave everything else as it stands: comments, order, quotes.
//!
//! It finds its way through block style, which the contract is written in, by indentation. What it does not understand it leaves alone;
//! whoever edits compares the outcome with what was meant.

use std::collections::BTreeMap;
use std::ops::Range;

pub const SOURCE: &str = "x-airudder-source";
pub const DOCUMENTED: &str = "documented";

/// The text of a file and the edits in it.
pub struct Text {
    lines: Vec<String>,
    /// What a line becomes.
    replaced: BTreeMap<usize, String>,
    /// What comes after a line.
    inserted: BTreeMap<usize, Vec<String>>,
}

/// An entry of a mapping or a list.
struct Entry {
    /// Its lines.
    lines: Range<usize>,
    /// How far its key is indented.
    indent: usize,
}

impl Text {
    pub fn new(text: &str) -> Self {
        Self {
            lines: text.split('\n').map(str::to_owned).collect(),
            replaced: BTreeMap::new(),
            inserted: BTreeMap::new(),
        }
    }

    pub fn edited(&self) -> String {
        let mut lines = Vec::with_capacity(self.lines.len());
        for (number, line) in self.lines.iter().enumerate() {
            lines.push(self.replaced.get(&number).unwrap_or(line).as_str());
            lines.extend(self.inserted.get(&number).into_iter().flatten().map(String::as_str));
        }
        lines.join("\n")
    }

    /// Gives the mapping at a JSON pointer the source `documented`. False when its place cannot be found.
    pub fn document(&mut self, pointer: &str) -> bool {
        let Some(entry) = self.find(pointer) else { return false };
        if let Some(source) = self.child(&entry, SOURCE) {
            return self.set_value(source.lines.start);
        }
        let line = &self.lines[entry.lines.start];
        if let Some(end) = line.trim_end().strip_suffix('}').filter(|_| line.contains('{')) {
            let changed = match in_braces(line) {
                Some((before, after)) => format!("{before}{DOCUMENTED}{after}"),
                None => format!("{}, {SOURCE}: {DOCUMENTED}}}", end.trim_end()),
            };
            self.replaced.insert(entry.lines.start, changed);
            return true;
        }
        let Some(indent) = self.indent_inside(&entry) else { return false };
        let after = self.child(&entry, "description").map_or(entry.lines.end, |child| child.lines.end);
        let line = format!("{}{SOURCE}: {DOCUMENTED}", " ".repeat(indent));
        self.inserted.entry(after - 1).or_default().push(line);
        true
    }

    /// Gives the mapping's entry at a JSON pointer another key.
    pub fn rename(&mut self, pointer: &str, key: &str) -> bool {
        let Some(entry) = self.find(pointer) else { return false };
        let line = &self.lines[entry.lines.start];
        let Some((old, rest)) = split_key(line.trim_start()) else {
            return false;
        };
        let is_plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_-.#".contains(&byte));
        let is_quoted = old.starts_with(['\'', '"']) || !is_plain;
        let key = if is_quoted {
            format!("'{}'", key.replace('\'', "''"))
        } else {
            key.to_owned()
        };
        self.replaced
            .insert(entry.lines.start, format!("{}{key}:{rest}", " ".repeat(entry.indent)));
        true
    }

    fn set_value(&mut self, number: usize) -> bool {
        let line = &self.lines[number];
        let Some((before, rest)) = line.split_once(':') else { return false };
        let comment = rest.find(" #").map_or("", |start| &rest[rest[..start].trim_end().len()..]);
        self.replaced.insert(number, format!("{before}: {DOCUMENTED}{comment}"));
        true
    }

    fn find(&self, pointer: &str) -> Option<Entry> {
        let mut steps = pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"));
        let whole = Entry {
            lines: 0..self.lines.len(),
            indent: 0,
        };
        let first = self.entry(0..self.lines.len(), 0, &steps.next()?, &whole)?;
        steps.try_fold(first, |entry, step| self.child(&entry, &step))
    }

    fn child(&self, entry: &Entry, key: &str) -> Option<Entry> {
        let indent = self.indent_inside(entry)?;
        let first = entry.lines.start;
        // The first key of a list's item stands on the line of its dash.
        let start = if self.is_item(first, entry.indent) { first } else { first + 1 };
        self.entry(start..entry.lines.end, indent, key, entry)
    }

    /// The entry with this key, or of this number in a list, among the lines that are indented just so.
    fn entry(&self, lines: Range<usize>, indent: usize, key: &str, within: &Entry) -> Option<Entry> {
        let is_at = |number: usize| self.indent_of(number) == Some(indent);
        let is_first_of_item = |number: usize| number == within.lines.start && self.is_item(number, within.indent);
        let starts: Vec<usize> = lines.clone().filter(|number| is_at(*number) || is_first_of_item(*number)).collect();
        let position = if starts
            .first()
            .is_some_and(|first| self.is_item(*first, indent) && !is_first_of_item(*first))
        {
            key.parse().ok().filter(|position| *position < starts.len())?
        } else {
            starts.iter().position(|number| {
                let line = self.lines[*number].trim_start().trim_start_matches("- ").trim_start();
                split_key(line).is_some_and(|(found, _)| found.trim_matches(['\'', '"']) == key)
            })?
        };
        let start = starts[position];
        let mut end = starts.get(position + 1).copied().unwrap_or(lines.end);
        // Blank lines and comments in front of the next entry belong to that one.
        while end > start + 1 && self.indent_of(end - 1).is_none() {
            end -= 1;
        }
        Some(Entry { lines: start..end, indent })
    }

    fn is_item(&self, number: usize, indent: usize) -> bool {
        self.indent_of(number) == Some(indent) && self.lines[number][indent..].starts_with("- ")
    }

    /// How far the keys inside an entry are indented.
    fn indent_inside(&self, entry: &Entry) -> Option<usize> {
        let first = entry.lines.start;
        if self.is_item(first, entry.indent) {
            let inner = &self.lines[first][entry.indent + 1..];
            return Some(entry.indent + 1 + inner.len() - inner.trim_start().len());
        }
        let indent = (first + 1..entry.lines.end).find_map(|number| self.indent_of(number))?;
        (indent > entry.indent).then_some(indent)
    }

    /// How far a line is indented; a blank line or a comment is not at any place.
    fn indent_of(&self, number: usize) -> Option<usize> {
        let line = &self.lines[number];
        let inner = line.trim_start();
        (!inner.is_empty() && !inner.starts_with('#')).then_some(line.len() - inner.len())
    }
}

/// `key: rest` as the key, with its quotes, and what follows the colon.
fn split_key(line: &str) -> Option<(&str, &str)> {
    let quote = line.chars().next().filter(|sign| ['\'', '"'].contains(sign));
    let end = match quote {
        Some(quote) => line[1..].find(quote)? + 2,
        None => line.find(": ").or_else(|| line.strip_suffix(':').map(str::len))?,
    };
    let rest = line[end..].strip_prefix(':')?;
    Some((&line[..end], rest))
}

/// What stands before and after the value of the source in a mapping in braces.
fn in_braces(line: &str) -> Option<(&str, &str)> {
    let start = line.find(SOURCE)? + SOURCE.len() + 2;
    let end = start + line.get(start..)?.find([',', '}'])?;
    Some((&line[..start], &line[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
paths:
  # Why it is here.
  /list:
    get:
      operationId: a.list
      description: |
        Two lines,
        get: not a key.

      x-airudder-source: assumed # a guess
      parameters:
        - name: Page
          in: query
        - $ref: '#/x'
  '/other':
    get: {}
components:
  schemas:
    Thing:
      properties:
        A: {type: string, description: An a.}
        B: {type: string, x-airudder-source: reported, description: A b.}
        C:
          type: string
          description: A c.
          examples: [c]

        D:
          $ref: '#/x'
";

    fn edited(edit: impl FnOnce(&mut Text) -> bool) -> Vec<(String, String)> {
        let mut text = Text::new(TEXT);
        assert!(edit(&mut text));
        let after = text.edited();
        let (before, after): (Vec<_>, Vec<_>) = (TEXT.lines().collect(), after.lines().collect());
        let same_start = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
        let same_end = before[same_start..]
            .iter()
            .rev()
            .zip(after[same_start..].iter().rev())
            .take_while(|(a, b)| a == b)
            .count();
        let gone = before[same_start..before.len() - same_end].join("\n");
        let came = after[same_start..after.len() - same_end].join("\n");
        vec![(gone, came)]
    }

    fn one(before: &str, after: &str) -> Vec<(String, String)> {
        vec![(before.to_owned(), after.to_owned())]
    }

    #[test]
    fn one_line_changes_and_no_other() {
        let source = edited(|text| text.document("/paths/~1list/get"));
        assert_eq!(
            source,
            one(
                "      x-airudder-source: assumed # a guess",
                "      x-airudder-source: documented # a guess"
            )
        );
        let path = edited(|text| text.rename("/paths/~1list", "/a#b"));
        assert_eq!(path, one("  /list:", "  /a#b:"));
        let quoted = edited(|text| text.rename("/paths/~1other", "/o"));
        assert_eq!(quoted, one("  '/other':", "  '/o':"));
        let method = edited(|text| text.rename("/paths/~1list/get", "post"));
        assert_eq!(method, one("    get:", "    post:"));
    }

    #[test]
    fn a_source_is_added_where_there_was_none() {
        let described = edited(|text| text.document("/components/schemas/Thing/properties/C"));
        assert_eq!(described, one("", "          x-airudder-source: documented"));
        let last = edited(|text| text.document("/components/schemas/Thing/properties/D"));
        assert_eq!(last, one("", "          x-airudder-source: documented"));
        let item = edited(|text| text.document("/paths/~1list/get/parameters/0"));
        assert_eq!(item, one("", "          x-airudder-source: documented"));
    }

    #[test]
    fn braces_on_one_line_are_understood() {
        let added = edited(|text| text.document("/components/schemas/Thing/properties/A"));
        assert_eq!(
            added,
            one(
                "        A: {type: string, description: An a.}",
                "        A: {type: string, description: An a., x-airudder-source: documented}"
            )
        );
        let changed = edited(|text| text.document("/components/schemas/Thing/properties/B"));
        assert_eq!(
            changed,
            one(
                "        B: {type: string, x-airudder-source: reported, description: A b.}",
                "        B: {type: string, x-airudder-source: documented, description: A b.}"
            )
        );
    }

    #[test]
    fn what_is_not_there_is_not_edited() {
        let mut text = Text::new(TEXT);
        assert!(!text.document("/paths/~1none/get"));
        assert!(!text.document("/components/schemas/Thing/properties/A/deeper"));
        assert_eq!(text.edited(), TEXT);
    }
}
