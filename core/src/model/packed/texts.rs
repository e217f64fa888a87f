//! Texts in one string: each behind its length, and repeated ones mostly once.

/// How many texts are remembered, by a hash of their ends.
const RECENT: usize = 256;
/// Offsets stay below it.
const LIMIT: u32 = 1 << 31;
/// In fewer bytes, texts that are repeated are not worth looking for.
const SMALL: usize = 2048;

pub(super) struct Texts {
    all: String,
    /// Hashes of texts, and the offsets of those. `None` for a small answer.
    recent: Option<Box<[(u32, u32); RECENT]>>,
}

/// A length is written in ASCII characters of so many bits each. One more bit says whether another follows.
const BITS: u32 = 6;
const MORE: u8 = 1 << BITS;

impl Texts {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self {
            all: String::with_capacity(bytes),
            recent: (bytes > SMALL).then(|| Box::new([(0, 0); RECENT])),
        }
    }

    /// Adds a text, and returns its offset, which is below 2^31.
    pub(super) fn add(&mut self, text: &str) -> Option<u32> {
        let Some(recent) = &mut self.recent else {
            return append(&mut self.all, text);
        };
        let hash = hash(text);
        let recent = recent.get_mut(hash as usize % RECENT)?;
        // A stale slot is harmless: bytes are compared before reuse.
        if recent.0 == hash && text_at(&self.all, recent.1) == Some(text) {
            return Some(recent.1);
        }
        let place = append(&mut self.all, text)?;
        *recent = (hash, place);
        Some(place)
    }

    pub(super) const fn len(&self) -> usize {
        self.all.len()
    }

    /// Drops what was added since it had this length.
    pub(super) fn truncate(&mut self, length: usize) {
        self.all.truncate(length);
    }

    pub(super) fn into_text(self) -> Box<str> {
        self.all.into()
    }
}

/// Appends a text behind its length, and returns its offset.
#[inline]
fn append(all: &mut String, text: &str) -> Option<u32> {
    let place = u32::try_from(all.len()).ok().filter(|place| *place < LIMIT)?;
    let mut length = text.len();
    loop {
        let low = u8::try_from(length % usize::from(MORE)).ok()?;
        length >>= BITS;
        all.push(char::from(if length > 0 { low | MORE } else { low }));
        if length == 0 {
            break;
        }
    }
    all.push_str(text);
    Some(place)
}

/// A hash of the length, the first and the last bytes.
fn hash(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let first = bytes.first_chunk().map_or_else(
        || bytes.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)),
        |bytes| u64::from_le_bytes(*bytes),
    );
    let last = bytes.last_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let mixed = (first ^ last.rotate_left(29) ^ bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 32) as u32
}

/// The text at an offset.
pub(super) fn text_at(all: &str, place: u32) -> Option<&str> {
    let mut at = usize::try_from(place).ok()?;
    let (mut length, mut shift) = (0_usize, 0);
    loop {
        let letter = *all.as_bytes().get(at)?;
        at += 1;
        length |= usize::from(letter % MORE).checked_shl(shift)?;
        if letter & MORE == 0 {
            return all.get(at..at.checked_add(length)?);
        }
        shift += BITS;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stands_behind_its_length() {
        let mut texts = Texts::with_capacity(SMALL + 1);
        let all: Vec<_> = [0, 1, 7, 8, 9, 63, 64, 65, 4095, 4096, 300_000]
            .map(|length| "é".repeat(length))
            .into();
        let offsets: Vec<_> = all.iter().map(|text| texts.add(text).unwrap()).collect();
        let length = texts.len();
        assert_eq!(texts.add(&all[1]), Some(offsets[1]), "a recent text is not added again");
        assert_eq!(texts.len(), length);
        texts.add("later").unwrap();
        texts.truncate(length);
        let again = texts.add("later").unwrap();
        let text = texts.into_text();
        for (offset, expected) in offsets.iter().zip(&all) {
            assert_eq!(text_at(&text, *offset), Some(expected.as_str()));
        }
        assert_eq!(text_at(&text, again), Some("later"));
        assert_eq!(text_at(&text, u32::MAX), None);
    }
}
