//! Which lists may have a phrase where a word begins: found out for all lists in one pass over a text.
//!
//! A sentence is asked about by dozens of lists, few of which have a phrase that begins like one of its words. Which
//! lists have phrases of which first letters is told where the program is built ([`super::listing`]).

use super::starts::{ByteSet, Start, each_start};

/// Room for so many lists, 64 times; the build tells when it is not enough.
pub const WORDS: usize = 4;

/// Some lists, by their numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Set(pub [u64; WORDS]);

impl Set {
    pub fn of(number: u32) -> Self {
        let mut set = Set::default();
        set.0.get_mut(number as usize / 64).into_iter().for_each(|word| *word = 1 << (number % 64));
        set
    }

    #[inline]
    pub fn has(&self, number: u32) -> bool {
        self.0.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    #[inline]
    pub fn join(&mut self, other: &Set) {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word |= other);
    }

    #[inline]
    fn is_empty(&self) -> bool {
        self.0 == [0; WORDS]
    }
}

/// So many letters stand for phrases that have fewer than eight.
pub const FEW: u32 = 4;

#[inline]
pub fn few(head: u64) -> u64 {
    head & u64::from(u32::MAX)
}

/// Lists by the keys of their phrases.
pub struct Lists {
    /// Which keys may be there.
    pub filter: [u64; 1 << (FILTER_BITS - 6)],
    /// At a place that the key tells, where it stands among the keys, plus one; 0 where there is none.
    pub slots: &'static [u16],
    pub keys: &'static [u64],
    /// Of each key, which of the sets of lists has it: most keys are of one list alone.
    pub of: &'static [u16],
    pub sets: &'static [Set],
    /// First bytes of the keys of one letter, of two, and so on.
    pub short: [ByteSet; FEW as usize - 1],
}

pub const FILTER_BITS: u32 = 16;

/// One word in three is told.
const TOLD_BYTES_USUAL: usize = 16;

/// What is known of a text.
#[derive(Default)]
pub struct Known {
    /// Where lists may have a phrase, and those lists.
    pub told: Vec<(Start, Set)>,
    /// All those lists.
    pub any: Set,
}

impl Lists {
    /// Adds the lists that have a key.
    #[inline]
    fn join(&self, key: u64, lists: &mut Set) {
        let (word, bit) = place(key);
        if self.filter.get(word).is_some_and(|word| word & bit != 0) {
            self.join_filed(key, lists);
        }
    }

    #[inline(never)]
    fn join_filed(&self, key: u64, lists: &mut Set) {
        let mut slot = slot(key, self.slots.len());
        while let Some(nth) = self.slots.get(slot).and_then(|nth| usize::from(*nth).checked_sub(1)) {
            if self.keys.get(nth) == Some(&key) {
                let set = self.of.get(nth).and_then(|set| self.sets.get(usize::from(*set)));
                set.into_iter().for_each(|filed| lists.join(filed));
                break;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    pub fn tell(&self, text: &str, met: &mut Met, known: &mut Known) {
        known.told.clear();
        known.told.reserve(text.len() / TOLD_BYTES_USUAL);
        known.any = Set::default();
        each_start(text.as_bytes(), |start| {
            let mut lists = met.of(few(start.head), |few| self.beginning(few));
            self.join(start.head, &mut lists);
            if !lists.is_empty() && start.is_boundary() {
                known.told.push((start, lists));
                known.any.join(&lists);
            }
        });
    }

    /// The lists that may have a phrase with these first letters, or with some of them alone.
    #[inline(never)]
    fn beginning(&self, few: u64) -> Set {
        let mut lists = Set::default();
        self.join(few, &mut lists);
        for (letters, firsts) in (1..).zip(&self.short) {
            if firsts.has((few & 0xFF) as u8) {
                self.join(few & ((1 << (8 * letters)) - 1), &mut lists);
            }
        }
        lists
    }
}

/// The few first letters that were met last, and the lists that have them: a report says most of its words again and
/// again.
pub struct Met {
    heads: Vec<u64>,
    lists: Vec<Set>,
}

/// A power of two.
const MET: usize = 1_024;

impl Default for Met {
    /// No phrase begins with zeroes.
    fn default() -> Self {
        Met { heads: vec![0; MET], lists: vec![Set::default(); MET] }
    }
}

impl Met {
    #[inline]
    fn of(&mut self, few: u64, find: impl FnOnce(u64) -> Set) -> Set {
        let place = hash(few) as usize & (MET - 1);
        let (Some(met), Some(lists)) = (self.heads.get_mut(place), self.lists.get_mut(place)) else { return find(few) };
        if *met != few {
            (*met, *lists) = (few, find(few));
        }
        *lists
    }
}

/// The first slot of a key among so many, a power of two.
#[inline]
pub fn slot(key: u64, slots: usize) -> usize {
    (hash(key) >> 8) as usize & (slots - 1)
}

#[inline]
fn hash(key: u64) -> u64 {
    key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 24
}

/// The place of a key in the filter.
#[inline]
pub fn place(key: u64) -> (usize, u64) {
    let place = hash(key) >> (40 - FILTER_BITS);
    ((place >> 6) as usize, 1 << (place & 63))
}

#[cfg(test)]
mod tests {
    use super::super::listing::filed;
    use super::super::starts::head;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_begins_like_a_phrase_is_told(
            text in "[aA b]{0,12}|(?:aaaaaaab|é|—| )[ab. ]{0,20}",
            phrases in proptest::collection::vec("[ab]{1,9}", 1..4),
        ) {
            let lists = filed(phrases.iter().map(|phrase| head(phrase.as_bytes())).zip(0..));
            let (mut met, mut known) = (Met::default(), Known::default());
            // And once more, with the words met.
            for _ in 0..2 {
                lists.tell(&text, &mut met, &mut known);
            }
            let small = text.to_ascii_lowercase();
            for (at, _) in text.char_indices() {
                let begins = |phrase: &&String| small[at..].starts_with(phrase.as_str());
                let joined = small[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
                let told = known.told.iter().find(|(start, _)| start.at as usize == at);
                let told = told.map(|(_, lists)| *lists).unwrap_or_default();
                for (number, phrase) in (0..).zip(&phrases) {
                    prop_assert!(joined || !begins(&phrase) || told.has(number), "{phrase} at {at}");
                }
            }
        }
    }
}
