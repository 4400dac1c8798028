//! Where words begin in a text, and with which letters: found once and remembered, asked by every list and pattern.

use super::eights::{HIGHEST, ONES, alphanumeric, between, eight_at};

/// How many first letters of a word tell whether a list may hold it.
pub const KEY_BYTES: usize = 3;

/// How many are known of each.
pub const HEAD_BYTES: usize = 8;

/// A place where a word may begin, with its first letters.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    pub at: u32,
    /// Of its key, the place in a filter.
    key_place: u16,
    /// As of [`head`].
    pub head: u64,
}

impl Start {
    #[inline]
    pub fn new(at: u32, head: u64) -> Self {
        Start { at, key_place: place((head & KEY_MASK) as u32), head }
    }

    /// The first byte.
    #[inline]
    pub fn first(self) -> u8 {
        (self.head & 0xFF) as u8
    }

    /// Does a character begin there?
    #[inline]
    pub fn is_boundary(self) -> bool {
        !(0x80..0xC0).contains(&self.first())
    }

    /// As of [`key`].
    #[inline]
    pub fn key(self) -> u32 {
        (self.head & KEY_MASK) as u32
    }
}

pub const KEY_MASK: u64 = (1 << (8 * KEY_BYTES)) - 1;

/// Up to eight first letters, ASCII ones in lower case, as a number, the first the lowest; what is missing is 0.
#[inline]
pub fn head(text: &[u8]) -> u64 {
    let bytes = text.first_chunk::<8>().map_or_else(
        || text.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte)),
        |eight| u64::from_le_bytes(*eight),
    );
    // Eight bytes at once: a capital's bits, one byte each, are moved to where they make it small.
    let low = bytes & (ONES * 0x7F);
    let from_a = low + ONES * (0x80 - b'A' as u64);
    let past_z = low + ONES * (0x7F - b'Z' as u64);
    bytes | (from_a & !past_z & !bytes & HIGHEST) >> 2
}

/// Up to [`KEY_BYTES`] first letters, ASCII ones in lower case, as a number; what is missing is 0.
#[inline]
pub fn key(text: &[u8]) -> u32 {
    let letter = |nth: usize| u32::from(text.get(nth).copied().unwrap_or(0).to_ascii_lowercase());
    letter(0) | letter(1) << 8 | letter(2) << 16
}

/// Bits of a filter: enough that few words pass it by chance, few enough to stay in the nearest cache.
const FILTER_BITS: u32 = 12;

/// Which keys may be there.
pub struct Filter(pub [u64; 1 << (FILTER_BITS - 6)]);

impl Filter {
    #[inline]
    pub fn new(keys: impl IntoIterator<Item = u32>) -> Self {
        let mut words = [0_u64; 1 << (FILTER_BITS - 6)];
        for place in keys.into_iter().map(place) {
            words.get_mut(usize::from(place >> 6)).into_iter().for_each(|word| *word |= 1 << (place & 63));
        }
        Filter(words)
    }

    /// What passes either.
    pub fn joined(mut self, other: &Filter) -> Self {
        self.0.iter_mut().zip(other.0.iter()).for_each(|(words, others)| *words |= others);
        self
    }

    /// False only for a key that was not given.
    pub fn passes(&self, key: u32) -> bool {
        self.has(place(key))
    }

    /// The same, of the key of a start.
    #[inline]
    pub fn passes_key(&self, start: Start) -> bool {
        self.has(start.key_place)
    }

    #[inline]
    fn has(&self, place: u16) -> bool {
        self.0.get(usize::from(place >> 6)).is_some_and(|word| word >> (place & 63) & 1 == 1)
    }
}

#[inline]
fn place(key: u32) -> u16 {
    (key.wrapping_mul(0x9E37_79B1) >> (32 - FILTER_BITS)) as u16
}

/// Some bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct ByteSet(pub [u64; 4]);

impl ByteSet {
    #[inline]
    pub fn new(bytes: impl IntoIterator<Item = u8>) -> Self {
        let mut set = ByteSet::default();
        bytes.into_iter().for_each(|byte| set.add(byte));
        set
    }

    pub fn add(&mut self, byte: u8) {
        self.0.get_mut(usize::from(byte >> 6)).into_iter().for_each(|bits| *bits |= 1 << (byte & 63));
    }

    #[inline]
    pub fn has(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte >> 6)).is_some_and(|bits| bits >> (byte & 63) & 1 == 1)
    }
}

/// With the space behind it a word has some more.
const WORD_BYTES_USUAL: usize = 5;

/// Every byte with no ASCII letter or digit right before it.
pub fn find_starts(bytes: &[u8], starts: &mut Vec<Start>) {
    starts.clear();
    starts.reserve(bytes.len() / WORD_BYTES_USUAL);
    each_start(bytes, |start| starts.push(start));
}

/// Calls `found` with every byte with no ASCII letter or digit right before it.
#[inline]
pub fn each_start(bytes: &[u8], mut found: impl FnMut(Start)) {
    // Of the byte before, the highest bit where it is a letter or digit.
    let mut before = 0_u64;
    let mut base = 0;
    while let Some(eight) = eight_at(bytes, base) {
        let inside = alphanumeric(eight);
        let mut begun = !(inside << 8 | before) & HIGHEST;
        before = inside >> 56;
        while begun != 0 {
            let at = base + (begun.trailing_zeros() >> 3) as usize;
            begun &= begun - 1;
            if let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
                found(Start::new(u32::try_from(at).unwrap_or(u32::MAX), head(rest)));
            }
        }
        base += 8;
    }
}

/// How many words a text has: between its spaces, and of scripts without spaces two letters a word.
pub fn words_count(text: &str) -> usize {
    if !text.is_ascii() {
        let unspaced = text.chars().filter(|c| is_unspaced(*c)).count();
        return text.split_whitespace().count() + unspaced / 2;
    }
    let (eights, rest) = text.as_bytes().as_chunks::<8>();
    let mut last = [b' '; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    // Of the byte before, the highest bit where it is a space.
    let mut before = 0x80;
    let mut words = 0;
    for eight in eights.iter().chain([&last]) {
        let bytes = u64::from_le_bytes(*eight);
        let spaces = (between(bytes, b'\t', b'\r') | between(bytes, b' ', b' ')) & HIGHEST;
        words += (!spaces & (spaces << 8 | before) & HIGHEST).count_ones();
        before = spaces >> 56;
    }
    words as usize
}

/// Kana and Chinese characters: words are written without spaces.
pub fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_letters_are_a_word_where_none_are_set_apart() {
        assert_eq!(words_count("サーバー障害"), 4);
        assert_eq!(words_count("增加磁盘告警"), 4);
        assert_eq!(words_count("디스크 추가"), 2);
    }

    proptest! {
        #[test]
        fn words_stand_between_spaces(text in "[a-b \\t\\n\\x0B\\x1F\\x7F,é\u{A0}]{0,30}|[ab ]{0,40}") {
            prop_assert_eq!(words_count(&text), text.split_whitespace().count());
        }

        #[test]
        fn starts_are_where_no_letter_or_digit_stands_before(text in "[a-cYZ019@`{\\[/: é—\u{7F}]{0,40}") {
            let mut starts = Vec::new();
            find_starts(text.as_bytes(), &mut starts);
            let bytes = text.as_bytes();
            let begun = |at: &usize| *at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
            let plain: Vec<usize> = (0..bytes.len()).filter(begun).collect();
            prop_assert_eq!(starts.iter().map(|s| s.at as usize).collect::<Vec<_>>(), plain);
            prop_assert!(starts.iter().all(|s| s.head == head(&bytes[s.at as usize..])));
        }
    }
}
