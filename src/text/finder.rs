//! Finds phrases of a list where words begin, in any ASCII case: the innermost loop of reading.
//!
//! Some forty lists are looked for in every sentence, most of them several times. An automaton for each would walk the
//! same letters a hundred times over; so the places where words begin are found once, and a list looks only at the
//! first letters there.

use super::starts::{Filter, KEY_BYTES, Start, key, with_starts};
use std::ops::Range;

/// The phrases of one list.
pub struct Finder {
    /// ASCII letters in lower case.
    phrases: Vec<Box<[u8]>>,
    filter: Filter,
    /// Key and phrase, sorted.
    keyed: Vec<(u32, u32)>,
    /// Phrases shorter than a key.
    short: Vec<u32>,
}

impl Finder {
    /// Takes phrases in the order by which they are then named. An empty one is never found.
    pub fn new<'p>(phrases: impl IntoIterator<Item = &'p str>) -> Self {
        let phrases: Vec<Box<[u8]>> =
            phrases.into_iter().map(|p| p.to_ascii_lowercase().into_bytes().into_boxed_slice()).collect();
        let numbered = || phrases.iter().zip(0_u32..).filter(|(p, _)| !p.is_empty());
        let short = numbered().filter(|(p, _)| p.len() < KEY_BYTES).map(|(_, nth)| nth).collect();
        let long = numbered().filter(|(p, _)| p.len() >= KEY_BYTES);
        let mut keyed: Vec<(u32, u32)> = long.map(|(p, nth)| (key(p), nth)).collect();
        keyed.sort_unstable();
        let filter = Filter::new(keyed.iter().map(|(key, _)| *key));
        Finder { phrases, filter, keyed, short }
    }

    /// Calls `found` with every phrase that stands where no letter or digit is right before it, by its place in the
    /// list and its range, until `found` answers false.
    pub fn each(&self, text: &str, mut found: impl FnMut(usize, Range<usize>) -> bool) {
        with_starts(text, |starts| {
            for start in starts {
                let passes = self.filter.passes(start.key);
                if (passes || !self.short.is_empty()) && !self.at(text, *start, passes, &mut found) {
                    return;
                }
            }
        });
    }

    fn at(&self, text: &str, start: Start, passes: bool, found: &mut impl FnMut(usize, Range<usize>) -> bool) -> bool {
        let begin = start.at as usize;
        let joined = || text.get(..begin).and_then(|t| t.chars().next_back()).is_some_and(char::is_alphanumeric);
        let stands = |nth: u32| {
            let Some(phrase) = self.phrases.get(nth as usize) else { return true };
            let range = begin..begin + phrase.len();
            let alike = text.as_bytes().get(range.clone()).is_some_and(|t| t.eq_ignore_ascii_case(phrase));
            !alike || joined() || found(nth as usize, range)
        };
        let first = if passes { self.keyed.partition_point(|(key, _)| *key < start.key) } else { self.keyed.len() };
        let alike = self.keyed.iter().skip(first).take_while(|(key, _)| *key == start.key).map(|(_, nth)| *nth);
        alike.chain(self.short.iter().copied()).all(stands)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(phrases: &[&str], text: &str) -> Vec<(usize, Range<usize>)> {
        let mut all = Vec::new();
        Finder::new(phrases.iter().copied()).each(text, |nth, range| {
            all.push((nth, range));
            true
        });
        all.sort_by_key(|(nth, range)| (range.start, *nth));
        all
    }

    /// The same, as slowly and plainly as can be.
    fn plainly(phrases: &[&str], text: &str) -> Vec<(usize, Range<usize>)> {
        let mut all = Vec::new();
        for (at, _) in text.char_indices() {
            let joined = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
            for (nth, phrase) in phrases.iter().enumerate().filter(|(_, p)| !joined && !p.is_empty()) {
                let range = at..at + phrase.len();
                if text.as_bytes().get(range.clone()).is_some_and(|t| t.eq_ignore_ascii_case(phrase.as_bytes())) {
                    all.push((nth, range));
                }
            }
        }
        all
    }

    proptest! {
        #[test]
        fn finds_what_looking_everywhere_finds(text in "[aAbB é—.0]{0,40}", phrases in proptest::collection::vec("[ab é.]{0,5}", 0..8)) {
            let phrases: Vec<&str> = phrases.iter().map(String::as_str).collect();
            prop_assert_eq!(found(&phrases, &text), plainly(&phrases, &text));
            // And once more, from memory.
            prop_assert_eq!(found(&phrases, &text), plainly(&phrases, &text));
        }
    }
}
