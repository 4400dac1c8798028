//! Sets and tables of a vocabulary's words: which words of a text they hold is asked thousands of times a document.

use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// Words, each found by one look.
pub type Words<W = String> = HashSet<W, BuildHasherDefault<WordHasher>>;

/// What belongs to each word.
pub type WordMap<W, T> = HashMap<W, T, BuildHasherDefault<WordHasher>>;

/// Eight letters at a time. A vocabulary is fixed before a text is asked about, so no text can make it slow.
#[derive(Debug, Default, Clone, Copy)]
pub struct WordHasher(u64);

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

impl WordHasher {
    fn add(&mut self, letters: u64) {
        self.0 = (self.0.rotate_left(23) ^ letters).wrapping_mul(FACTOR);
    }
}

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        eights.iter().for_each(|eight| self.add(u64::from_le_bytes(*eight)));
        if !rest.is_empty() {
            self.add(rest.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)));
        }
    }

    /// The mark behind every string, which tells none from another here.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

/// Do words in small letters hold one in any case?
pub fn hold<W: Borrow<str> + Eq + Hash>(words: &Words<W>, word: &str) -> bool {
    let mut small = [0; SHORT_BYTES];
    match small.get_mut(..word.len()) {
        Some(small) if word.is_ascii() => {
            small.copy_from_slice(word.as_bytes());
            small.make_ascii_lowercase();
            std::str::from_utf8(small).is_ok_and(|word| words.contains(word))
        }
        _ => words.contains(&word.to_lowercase()),
    }
}

/// Few words are longer.
const SHORT_BYTES: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_held_in_any_case() {
        let words: Words<&str> = ["name", "größe", "a much longer run of words than most are"].into_iter().collect();
        assert!(["Name", "GRÖßE", "A much longer run of Words than most are"].iter().all(|word| hold(&words, word)));
        assert!(!["", "names", "é", "GRÖSSE"].iter().any(|word| hold(&words, word)));
    }

    #[test]
    fn words_are_told_apart() {
        let all = ["", "a", "b", "ab", "database", "databases", "données", "a much longer run of words"];
        let words: Words<&str> = all.into_iter().collect();
        assert!(all.iter().all(|word| words.contains(word)));
        assert!(["c", "ba", "data", "Databases", "a much longer run of word"].iter().all(|w| !words.contains(w)));
        let hash = |word: &str| {
            let mut hasher = WordHasher::default();
            hasher.write(word.as_bytes());
            hasher.finish()
        };
        let mut hashes: Vec<u64> = (0..1000).map(|n| hash(&format!("word {n}"))).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), 1000);
    }
}
