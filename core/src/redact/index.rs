//! Finds many patterns in one short text.

/// The sorted suffixes of a text. Indexing the message, which is bounded, and not the secrets, of which a request may have a hundred thousand, makes
/// a search cost a few comparisons for each secret and no memory.
pub(super) struct Index(Vec<usize>);

impl Index {
    pub(super) fn new(text: &str) -> Self {
        let mut suffixes: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        suffixes.sort_unstable_by(|left, right| text.as_bytes()[*left..].cmp(&text.as_bytes()[*right..]));
        Self(suffixes)
    }

    /// The places in the indexed text where `pattern` starts.
    pub(super) fn find(&self, text: &str, pattern: &str) -> Vec<usize> {
        let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
        let first = self.0.partition_point(|at| &text[*at..] < pattern);
        let places = self.0[first..].iter().copied();
        places.take_while(|at| text[*at..].starts_with(pattern)).collect()
    }
}
