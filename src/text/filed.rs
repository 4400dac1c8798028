//! Phrases as they stand in the program: filed where it is built, under the words they need, with their programs.
//! Nothing is made of them at a start, and a page that no text asks for is not touched.

use super::starts::{HEAD_BYTES, KEY_BYTES, KEY_MASK, Start, head};

pub use super::bits::Bits;
pub use super::index::Index;
pub use super::program::Program;
pub use super::starts::{ByteSet, Filter};

/// What the code of programs names.
#[allow(unused_imports, reason = "the build does not read it")]
mod named {
    pub use super::super::firsts::FirstTable;
    pub use super::super::program::{Choice, Step};
    pub use super::super::set::Set;
    pub use regex_syntax::hir::Look;
    pub use std::borrow::Cow;
}

#[allow(unused_imports, reason = "the build does not read it")]
pub use named::*;

/// Sets of phrases, at most 64.
pub struct Filed {
    /// What must follow each.
    pub tail: &'static str,
    /// All phrases as they are spelled, one after the other.
    pub spelled: &'static str,
    /// Those of a set follow each other.
    pub phrases: &'static [FiledPhrase],
    pub sets: &'static [FiledSet],
    /// Which phrases begin with a word, and which need it.
    pub opening: Rows,
    pub needing: Rows,
}

/// A phrase, and what is told of it.
pub struct FiledPhrase {
    pub set: u8,
    /// Only other than letters may stand before it in the text.
    pub opens: bool,
    /// It asks for letters in one case.
    pub cased: bool,
    /// Letters beyond ASCII stand in it.
    pub foreign: bool,
    /// Signs beyond ASCII stand in it, other than the apostrophe.
    pub signs: bool,
    /// From where to where it is spelled.
    pub spelled: (u32, u32),
    /// Its first letters as in [`Start::head`], and which of the eight it has.
    pub lead: u64,
    pub lead_mask: u64,
    /// Its program over bytes, which is asked about single places alone: with what a match begins is not told.
    pub program: Program,
}

/// The phrases of a set.
pub struct FiledSet {
    /// From which one to which.
    pub phrases: (usize, usize),
    pub bits: Bits,
    /// Keys of words of which every text has one that a phrase stands in; `None` where that is not told.
    pub keys: Option<Filter>,
}

/// Which phrases have to do with a word, by the word's key: words are filed under three letters, or all they have, with
/// the further ones beside them.
pub struct Rows {
    pub index: Index<&'static [[u32; 3]]>,
    /// First bytes of the keys that are shorter than others.
    pub short: ByteSet,
    /// Sorted by their keys; a set of bits a key would touch a hundred times the memory.
    pub entries: &'static [Entry],
    /// Phrases of which no words are told.
    pub always: Bits,
}

/// A word's letters behind its key, how many bits they have, and the phrase: from the highest bits to the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry(pub u64);

impl Entry {
    pub fn new(word: &[u8], phrase: u16) -> Self {
        let behind = word.len().clamp(KEY_BYTES, HEAD_BYTES) - KEY_BYTES;
        Entry(head(word) & !KEY_MASK | (8 * behind as u64) << 16 | u64::from(phrase))
    }

    /// Has a word these letters behind its key?
    #[inline]
    fn fits(self, start: Start) -> bool {
        let bits = self.0 >> 16 & 0xFF;
        (start.head ^ self.0) >> (8 * KEY_BYTES) & ((1 << bits) - 1) == 0
    }

    #[inline]
    fn phrase(self) -> u16 {
        (self.0 & 0xFFFF) as u16
    }
}

impl Rows {
    /// Calls `found` with those that have to do with the word at a place; with one more than once if several of its
    /// keys are that of the word.
    #[inline]
    pub fn each(&self, start: Start, mut found: impl FnMut(u16)) {
        let mut tell = |key: u32| {
            let entries = self.entries.get(self.index.places(key)).unwrap_or_default();
            entries.iter().filter(|entry| entry.fits(start)).for_each(|entry| found(entry.phrase()));
        };
        if self.index.may_have_key(start) {
            tell(start.key());
        }
        if self.short.has(start.first()) {
            let shorter = [start.key() & 0xFFFF, start.key() & 0xFF].into_iter();
            shorter.filter(|key| *key != start.key() && self.index.may_have(*key)).for_each(tell);
        }
    }
}

/// Has a key fewer letters than others?
pub fn is_short(key: u32) -> bool {
    key >> (8 * (KEY_BYTES - 1)) == 0
}

/// The phrases that the build filed under a name.
#[allow(unused_macros, reason = "the build does not use it")]
macro_rules! filed_phrases {
    ($name:literal) => {{
        use $crate::text::{filed, tables};
        include!(concat!(env!("OUT_DIR"), "/", $name, ".filed.rs"))
    }};
}

#[allow(unused_imports, reason = "the build does not use it")]
pub(crate) use filed_phrases;
