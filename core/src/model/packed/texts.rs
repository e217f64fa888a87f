//! Texts in one text: each behind its length, and what comes again and again mostly once.

/// Where texts stand that came before, by what they begin and end with.
const RECENT: usize = 256;

pub(super) struct Texts {
    all: String,
    /// Marks of texts, and where those stand.
    recent: [(u32, u32); RECENT],
}

/// A length is written in letters of so many bits, each with one more that tells whether another follows: all of them are ASCII.
const BITS: u32 = 6;
const MORE: u8 = 1 << BITS;

impl Texts {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self {
            all: String::with_capacity(bytes),
            recent: [(0, 0); RECENT],
        }
    }

    /// Adds a text, and tells where it stands: below 2^31.
    pub(super) fn add(&mut self, text: &str) -> Option<u32> {
        let mark = mark(text);
        let recent = self.recent.get_mut(mark as usize % RECENT)?;
        // Whatever stands there now: when it reads as this text, it is.
        if recent.0 == mark && text_at(&self.all, recent.1) == Some(text) {
            return Some(recent.1);
        }
        let place = u32::try_from(self.all.len()).ok().filter(|place| place & super::IS_PART == 0)?;
        let mut length = text.len();
        loop {
            let low = u8::try_from(length % usize::from(MORE)).ok()?;
            length >>= BITS;
            self.all.push(char::from(if length > 0 { low | MORE } else { low }));
            if length == 0 {
                break;
            }
        }
        self.all.push_str(text);
        *recent = (mark, place);
        Some(place)
    }

    pub(super) const fn len(&self) -> usize {
        self.all.len()
    }

    /// Forgets what was added since it was so long.
    pub(super) fn truncate(&mut self, length: usize) {
        self.all.truncate(length);
    }

    pub(super) fn into_text(self) -> Box<str> {
        self.all.into()
    }
}

/// A number that different texts seldom have alike.
fn mark(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let first = bytes.first_chunk().map_or_else(
        || bytes.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)),
        |bytes| u64::from_le_bytes(*bytes),
    );
    let last = bytes.last_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let mixed = (first ^ last.rotate_left(29) ^ bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 32) as u32
}

/// The text at a place.
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
